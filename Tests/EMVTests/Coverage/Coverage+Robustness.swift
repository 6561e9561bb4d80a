extension Coverage {
    static let robustness = Section(
        "Robustness",
        [
            Group("MutatedTranscriptTests", "Every card of the library with one answer gone wrong", Mutation.allCases),
            Group("ChangingCardTests", "A card that becomes another one on the way", ChangeOfMind.allCases),
            Group("RestlessCardTests", "A card that says something else than before", RestlessCard.cases),
        ])
}
