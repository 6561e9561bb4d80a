extension Coverage {
    static let riskManagement = Section(
        "Terminal risk management", [Group("RiskTests", "Terminal risk management", RiskTests.cases)])
}
