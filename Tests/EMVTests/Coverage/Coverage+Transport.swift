extension Coverage {
    static let transport = Section(
        "Transport",
        [
            Group("TransportTests", "A command reads and writes back", TransportTests.commands),
            Group("TransportTests", "Commands have the standard's headers", TransportTests.headers),
            Group("TransportTests", "Answers in pieces, too long and too short", TransportTests.exchanges),
        ])
}
