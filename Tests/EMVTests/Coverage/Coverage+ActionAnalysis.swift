extension Coverage {
    static let actionAnalysis = Section("Action analysis", [])
}
