extension Coverage {
    static let robustness = Section(
        "Robustness",
        [
            Group("MutatedTranscriptTests", "Every card of the library with one answer gone wrong", Mutation.allCases),
            Group("MutatedTranscriptTests", "Every tap with one answer gone wrong", MutatedTap.allCases),
            Group("ChangingTapTests", "A card that is lost at any command", ChangeInField.allCases),
            Group("ChangingCardTests", "A card that becomes another one on the way", ChangeOfMind.allCases),
            Group("RestlessCardTests", "A card that says something else than before", RestlessCard.cases),
        ])
}
