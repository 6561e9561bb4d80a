extension Coverage {
    static let initiation = Section("Initiate application processing", [])
}
