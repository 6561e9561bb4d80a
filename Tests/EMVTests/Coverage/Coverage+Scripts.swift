extension Coverage {
    static let scripts = Section("Issuer scripts", [])
}
