extension Coverage {
    static let restrictions = Section("Processing restrictions", [])
}
