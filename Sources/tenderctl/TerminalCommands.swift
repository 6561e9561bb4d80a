import ArgumentParser
import Control
import FoundationEssentials
import Terminal

/// `tenderctl status`
struct StatusCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status", abstract: "Show what is there, what is missing and what waits.")

    @OptionGroup var daemon: Daemon

    func run() async throws {
        _ = try await daemon.ask(.get, "/v1/status", as: TerminalStatus.self) { $0.summary }
    }
}

/// `tenderctl sign-in`
struct SignInCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sign-in", abstract: "Sign in to the acquirer and get new working keys.")

    @OptionGroup var daemon: Daemon

    func run() async throws {
        _ = try await daemon.ask(.post, "/v1/sign-in", as: TerminalStatus.self) { $0.summary }
    }
}

/// `tenderctl journal list|show`
struct JournalCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "journal", abstract: "Read the journal.", subcommands: [List.self, Show.self])

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List records, oldest first.")

        @OptionGroup var daemon: Daemon
        @Option(help: "Begin after this record.")
        var after = 0
        @Option(help: "At most this many.")
        var limit = 50

        func run() async throws {
            let path = "/v1/journal?after=\(after)&limit=\(limit)"
            _ = try await daemon.ask(.get, path, as: [JournalRow].self) { rows in
                rows.map { "\($0.sequence)  \($0.time)  \($0.kind)  \($0.id ?? "-")  \($0.summary)" }
                    .joined(separator: "\n")
            }
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
}

/// `tenderctl receipt show|print ID`
struct ReceiptCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "receipt", abstract: "Show or print receipts again.", subcommands: [Show.self, Print.self])

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Show a receipt as text.")

        @OptionGroup var daemon: Daemon
        @Argument(help: "The register's id of the payment.")
        var id: String
        @Option(help: "merchant or customer.")
        var copy = "customer"

        func run() async throws {
            let path = "/v1/receipts/\(PathSegment.encode(id))?copy=\(PathSegment.encode(copy))"
            let text = String(decoding: try await daemon.raw(.get, path), as: UTF8.self)
            guard daemon.json else { return Console.print(text) }
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            Console.print(
                String(decoding: try encoder.encode(["id": id, "copy": copy, "text": text]), as: UTF8.self))
        }
    }

    struct Print: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Print both copies again, marked as duplicates.")

        @OptionGroup var daemon: Daemon
        @Argument(help: "The register's id of the payment.")
        var id: String

        func run() async throws {
            let path = "/v1/receipts/\(PathSegment.encode(id))/print"
            _ = try await daemon.ask(.post, path, as: PaymentReport.self) { _ in "printed" }
        }
    }
}

extension TerminalStatus {
    /// A page for people: what is wrong comes with its reason.
    var summary: String {
        var lines = [
            "tenderd \(version), \(mode)",
            "terminal \(terminal), merchant \(merchant)",
            "\(isSignedIn ? "signed in" : "not signed in"), batch \(batch), next STAN \(nextSTAN), \(records) records",
            "payment: \(running ?? "none")",
            "acquirer: \(acquirerProblem ?? "no problem")",
        ]
        for device in devices {
            let note = device.note.isEmpty ? "" : " (\(device.note))"
            lines.append("\(device.role): \(device.isReady ? "ready" : "NOT READY") \(device.name)\(note)")
        }
        for reversal in openReversals {
            let held = reversal.holdsPayments ? "payments wait for it" : "given up, settle it with the acquirer"
            lines.append("reversal of \(reversal.id), STAN \(reversal.stan): \(reversal.refusals) refusals, \(held)")
        }
        return lines.joined(separator: "\n")
    }
}
