extension Coverage {
    static let entryPoint = Section(
        "Entry Point",
        [
            Group(
                "EntryPointTests", "Pre-processing sets the qualifiers of a payment", EntryPointTests.qualified),
            Group("EntryPointTests", "Combinations are found and selected", EntryPointTests.selected),
            Group("EntryPointTests", "A presentation ends as the book says", EntryPointTests.presented),
        ])
}
