extension Coverage {
    static let kernelC2 = Section(
        "Kernel C-2 (Mastercard style)",
        [
            Group("C2ReadingTests", "What the terminal tells before the card speaks", C2ReadingTests.announcements),
            Group("C2ReadingTests", "Initiating and reading", C2ReadingTests.endings),
            Group("C2ReadingTests", "The reader's limits", C2ReadingTests.limits),
            Group("C2DecisionTests", "Offline data authentication", C2DecisionTests.authentications),
            Group("C2DecisionTests", "Cardholder verification", C2DecisionTests.verifications),
            Group(
                "C2DecisionTests", "Restrictions, risk management and action analysis", C2DecisionTests.analyses),
            Group("C2DecisionTests", "The card's cryptogram", C2DecisionTests.outcomes),
            Group("C2DecisionTests", "The issuer's answer, after the card has left", C2DecisionTests.replies),
            Group("C2TornTests", "The second tap after a torn one", C2TornTests.recoveries),
            Group("C2EntryPointTests", "Kernel C-2 behind the Entry Point", C2EntryPointTests.payments),
            Group("C2LibraryTests", "Cards of the library", C2LibraryTests.taps),
            Group("C2RobustnessTests", "Mutated answers", C2RobustnessTests.mutations),
        ])
}
