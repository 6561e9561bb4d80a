extension Coverage {
    static let reading = Section("Read application data", [])
}
