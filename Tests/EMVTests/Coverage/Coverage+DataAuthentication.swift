extension Coverage {
    static let dataAuthentication = Section("Offline data authentication", [])
}
