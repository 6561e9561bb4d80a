extension Coverage {
    static let selection = Section("Selection", [])
}
