extension Coverage {
    static let scripts = Section("Issuer scripts", [Group("ScriptTests", "Issuer scripts", ScriptTests.cases)])
}
