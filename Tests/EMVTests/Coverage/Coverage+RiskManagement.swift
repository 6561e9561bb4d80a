extension Coverage {
    static let riskManagement = Section("Terminal risk management", [])
}
