extension Coverage {
    static let terminalData = Section(
        "Terminal data",
        [
            Group("CAPublicKeyTests", "A wrong part is refused by name", CAPublicKeyTests.faults),
            Group(
                "TerminalDataTests", "An application's parameters contradict themselves or not",
                TerminalDataTests.applications),
            Group(
                "TerminalDataTests", "The reader's limits contradict themselves or not",
                TerminalDataTests.combinations),
        ])
}
