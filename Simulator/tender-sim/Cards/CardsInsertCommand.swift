import ArgumentParser
import SimulatedCards

/// `tender-sim cards insert`
struct CardsInsertCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "insert", abstract: "Insert a card into a virtual reader until it is taken out again.",
        discussion: """
            The reader is that of a running demonstration shop (tender-sim run says its port) or of Scripts/private-pcscd. \
            Ctrl-C takes the card out.
            """)

    @Argument(help: "The card; see tender-sim cards list.") var card: String
    @OptionGroup var presentation: Presentation

    func run() async throws {
        try await presentation.present(card, on: .contact, port: "TENDER_VPCD_PORT")
    }
}
