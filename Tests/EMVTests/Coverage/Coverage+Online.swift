extension Coverage {
    static let online = Section("Online processing", [])
}
