import ArgumentParser
import Terminal

/// The technician's and the script's way to a terminal.
@main struct Tenderctl: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tenderctl",
        abstract: "Drive and examine a Tender terminal.",
        discussion: """
            Exit codes: 0 done, approved or stored for later, 1 declined, 2 cancelled, or a replay that differs, 3 failed (nothing is charged), or a \
            damaged journal, 4 refused by the daemon, 64 wrong usage, 65 input that cannot be decoded, 69 the daemon does \
            not answer, 78 wrong configuration.
            """,
        version: Version.text,
        groupedSubcommands: [
            CommandGroup(
                name: "Payment",
                subcommands: [
                    SaleCommand.self, VoidCommand.self, RefundCommand.self, BalanceCommand.self,
                    PreauthorizationCommand.self, PreauthorizationCancelCommand.self, CompletionCommand.self,
                    CompletionVoidCommand.self, MailOrderCommand.self, OfflineSaleCommand.self,
                    OfflineSettlementCommand.self, AdjustmentCommand.self, TipCommand.self, CancelCommand.self,
                    PaymentCommand.self, ReceiptCommand.self,
                ]),
            CommandGroup(
                name: "Acquirer",
                subcommands: [
                    SignInCommand.self, SignOffCommand.self, EchoCommand.self, DownloadCommand.self,
                    ParametersCommand.self, QueueCommand.self, ResolveCommand.self,
                ]),
            CommandGroup(
                name: "Books",
                subcommands: [TotalsCommand.self, SettleCommand.self, SettlementCommand.self, JournalCommand.self]),
            CommandGroup(
                name: "Counter",
                subcommands: [DevicesCommand.self, PrinterCommand.self, ScannerCommand.self, ReaderCommand.self]),
            CommandGroup(
                name: "Terminal",
                subcommands: [
                    StatusCommand.self, ConfigCommand.self, KeysCommand.self, OperatorsCommand.self,
                    InspectCommand.self, CardCommand.self,
                ]),
        ])
}
