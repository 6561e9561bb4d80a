extension Coverage {
    static let initiation = Section(
        "Initiate application processing",
        [Group("InitiationTests", "Processing options and file locators", InitiationTests.cases)])
}
