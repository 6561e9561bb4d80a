extension Coverage {
    static let completion = Section("Completion", [])
}
