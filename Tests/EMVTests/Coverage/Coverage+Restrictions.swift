extension Coverage {
    static let restrictions = Section(
        "Processing restrictions", [Group("RestrictionTests", "Restrictions of the card", RestrictionTests.cases)])
}
