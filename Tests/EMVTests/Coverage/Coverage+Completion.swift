extension Coverage {
    static let completion = Section(
        "Completion",
        [
            Group("CompletionTests", "Issuer and card decide", CompletionTests.decisions),
            Group("CompletionTests", "The stripe follows a failure of the chip alone", CompletionTests.fallbacks),
            Group("LibraryCardTests", "Whole sales with cards of the library", LibraryCardTests.cases),
        ])
}
