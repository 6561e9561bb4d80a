import ArgumentParser
import Terminal

/// The technician's and the script's way to a terminal.
@main struct Tenderctl: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tenderctl",
        abstract: "Drive and examine a Tender terminal.",
        discussion: """
            Exit codes: 0 done or approved, 1 declined, 2 cancelled, 3 failed (nothing is charged), 4 refused by the \
            daemon, 64 wrong usage, 65 input that cannot be decoded, 69 the daemon does not answer, 78 wrong configuration.
            """,
        version: Version.text,
        subcommands: [
            SaleCommand.self, CancelCommand.self, PaymentCommand.self, StatusCommand.self, SignInCommand.self,
            JournalCommand.self, ReceiptCommand.self, ConfigCommand.self, KeysCommand.self, OperatorsCommand.self,
            InspectCommand.self,
        ])
}
