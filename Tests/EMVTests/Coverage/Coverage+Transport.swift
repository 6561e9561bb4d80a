extension Coverage {
    static let transport = Section("Transport", [])
}
