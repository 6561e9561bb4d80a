extension Coverage {
    static let entryPoint = Section("Entry Point", [])
}
