import ArgumentParser
import SimulatedCards

/// `tender-sim cards tap`
struct CardsTapCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tap", abstract: "Hold a card or phone to a virtual contactless reader until it is taken away.",
        discussion: """
            The reader is that of a running demonstration shop (tender-sim run says its port) or of Scripts/private-pcscd. \
            Ctrl-C takes the card away.
            """)

    @Argument(help: "The card; see tender-sim cards list.") var card: String
    @OptionGroup var presentation: Presentation

    func run() async throws {
        try await presentation.present(card, on: .contactless, port: "TENDER_FIELD_PORT")
    }
}
