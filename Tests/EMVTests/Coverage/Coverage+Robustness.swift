extension Coverage {
    static let robustness = Section("Robustness", [])
}
