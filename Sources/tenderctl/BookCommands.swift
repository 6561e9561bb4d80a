import ArgumentParser
import Control
import FoundationEssentials
import Glibc
import Journaling
import PaymentCryptography
import Payments
import Terminal

/// `tenderctl totals`
struct TotalsCommand: PrintableCommand {
    static let configuration = CommandConfiguration(
        commandName: "totals", abstract: "Show what the running batch comes to so far.")
    static let question = Question<TotalsReport>(.get, "/v1/totals")
    @OptionGroup var daemon: Daemon
    @OptionGroup var paper: PaperOptions
}

/// `tenderctl settlement show|print`
struct SettlementCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "settlement", abstract: "Show or print the settlement that runs, or else the last one.",
        subcommands: [Show.self, Print.self], defaultSubcommand: Show.self)

    struct Show: QuestionCommand {
        static let configuration = CommandConfiguration(abstract: "Show it.")
        static let question = Question<SettlementReport>(.get, "/v1/settlement")
        @OptionGroup var daemon: Daemon
    }

    struct Print: QuestionCommand {
        static let configuration = CommandConfiguration(abstract: "Print the last one's report again.")
        static let question = Question<PrintedReport>(.post, "/v1/settlement/print")
        @OptionGroup var daemon: Daemon
    }
}

/// `tenderctl settle`
struct SettleCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "settle", abstract: "Close the running batch, or go on with a settlement that was cut off.")

    @OptionGroup var daemon: Daemon
    @Option(help: "Who allows it; the PIN is asked for.")
    var supervisor: OperatorNumber = .supervisor

    func run() async throws {
        let _: SettlementReport = try await daemon.ask(.post, "/v1/settlement", by: supervisor)
    }
}

/// `tenderctl journal list|show|verify|export`
struct JournalCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "journal", abstract: "Read, check and export the journal.",
        subcommands: [List.self, Show.self, Verify.self, Export.self])

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List records, oldest first.")

        @OptionGroup var daemon: Daemon
        @Option(help: "Begin after this record.")
        var after = 0
        @Option(help: "At most this many.")
        var limit = 50

        func run() async throws {
            let _: [JournalRow] = try await daemon.ask(.get, "/v1/journal?after=\(after)&limit=\(limit)")
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Show one record whole, as JSON.")

        @OptionGroup var daemon: Daemon
        @Argument(help: "The record's number.")
        var sequence: Int

        func run() async throws {
            Console.print(String(decoding: try await daemon.raw(.get, "/v1/journal/\(sequence)"), as: UTF8.self))
        }
    }

    struct Verify: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Check every record, its place in the chain and its seal.", discussion: JournalSource.discussion)

        @OptionGroup var source: JournalSource

        func run() async throws {
            let found: JournalVerification
            if let file = source.file {
                found = try source.offline { (key) throws(JournalError) in
                    try JournalVerification(
                        Result { () throws(JournalError) in
                            try Journal.verify(fileAt: file, key: key, scratch: source.scratch)
                        })
                }
                Console.print(
                    source.daemon.json
                        ? String(decoding: try JSONEncoder().encode(found), as: UTF8.self) : found.summary)
            } else {
                found = try await source.daemon.ask(.post, "/v1/journal/verify")
            }
            if found.damage != nil { throw ExitStatus.failed }
        }
    }

    struct Export: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Print records as JSON, one a line; account numbers are masked.",
            discussion: JournalSource.discussion)

        @OptionGroup var source: JournalSource
        @Option(help: "Begin after this record.")
        var after = 0

        func run() async throws {
            if let file = source.file {
                try source.offline { (key) throws(JournalError) in
                    try Journal.withCopy(of: file, key: key, scratch: source.scratch) {
                        (journal) throws(JournalError) in
                        var last = after
                        while case let lines = try journal.lines(after: last, limit: 1000), !lines.isEmpty {
                            Console.print(lines.map(\.json).joined(separator: "\n"))
                            last = lines[lines.count - 1].sequence
                        }
                    }
                }
                return
            }
            var last = after
            while true {
                let body = try await source.daemon.raw(.get, "/v1/journal/export?after=\(last)")
                guard let line = body.split(separator: 0x0A).last else { return }
                Console.print(String(decoding: body, as: UTF8.self))
                let place: Place = try source.daemon.decode(Array(line))
                last = place.sequence
            }
        }

        /// Where an exported record stands.
        private struct Place: Decodable {
            let sequence: Int
        }
    }
}

/// Where the journal is read: the daemon's, or a file.
struct JournalSource: ParsableArguments {
    @OptionGroup var daemon: Daemon
    @Option(help: "Read this file instead of asking the daemon. No byte of it is changed.")
    var file: String?
    @Option(help: "With --file: the configuration that names the terminal's keys.")
    var config = "/etc/tender/tender.json"
    @Option(help: "With --file: a folder with room for a copy of it.")
    var scratch = "/tmp"

    static let discussion = """
        Asks the daemon. A stopped terminal's journal, or a copy, is read with --file; the terminal's keys are needed \
        for that too.
        """

    /// Does something with a file and the key of its seals. Ends the program where it cannot be read.
    func offline<Value>(_ body: (SecretBytes) throws(JournalError) -> Value) throws -> Value {
        let settings = try loadConfiguration(config)
        guard access(settings.files.keys, R_OK) == 0 else {
            Console.fail("\(settings.files.keys) cannot be read: the journal's seals need the terminal's keys")
            throw ExitStatus.configuration
        }
        do {
            return try body(try openKeys(settings).journalKey())
        } catch {
            Console.fail("\(error)")
            throw ExitStatus.failed
        }
    }
}
