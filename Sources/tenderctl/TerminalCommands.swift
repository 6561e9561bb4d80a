public import ArgumentParser
import Control
import FoundationEssentials
public import Payments
import Terminal

/// `tenderctl status`
struct StatusCommand: QuestionCommand {
    static let configuration = CommandConfiguration(
        commandName: "status", abstract: "Show what is there, what is missing and what waits.")
    static let question = Question<TerminalStatus>(.get, "/v1/status")
    @OptionGroup var daemon: Daemon
}

/// `tenderctl sign-in`
struct SignInCommand: QuestionCommand {
    static let configuration = CommandConfiguration(
        commandName: "sign-in", abstract: "Sign in to the acquirer and get new working keys.")
    static let question = Question<TerminalStatus>(.post, "/v1/sign-in")
    @OptionGroup var daemon: Daemon
}

/// `tenderctl sign-off`
struct SignOffCommand: QuestionCommand {
    static let configuration = CommandConfiguration(
        commandName: "sign-off", abstract: "Sign off from the acquirer; the next payment signs in again.")
    static let question = Question<TerminalStatus>(.post, "/v1/sign-off")
    @OptionGroup var daemon: Daemon
}

/// `tenderctl echo`
struct EchoCommand: QuestionCommand {
    static let configuration = CommandConfiguration(
        commandName: "echo", abstract: "Ask the acquirer for a sign of life.")
    static let question = Question<EchoReport>(.post, "/v1/echo")
    @OptionGroup var daemon: Daemon
}

/// `tenderctl download KIND`
struct DownloadCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "download", abstract: "Fetch one kind of data from the acquirer; half a download changes nothing.")

    @OptionGroup var daemon: Daemon
    @Argument(help: "What to fetch.")
    var kind: Download

    func run() async throws {
        let _: DownloadReport = try await daemon.ask(.post, "/v1/downloads/\(kind.rawValue)")
    }
}

extension Download: ExpressibleByArgument {}

/// `tenderctl parameters`
struct ParametersCommand: PrintableCommand {
    static let configuration = CommandConfiguration(
        commandName: "parameters",
        abstract: "Show applications, limits and CA keys in force, where each came from, and what was refused.")
    static let question = Question<ParametersReport>(.get, "/v1/parameters")
    @OptionGroup var daemon: Daemon
    @OptionGroup var paper: PaperOptions
}

/// `tenderctl queue list|send|pause|resume`
struct QueueCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "queue", abstract: "Show and work off what is stored for the acquirer.",
        subcommands: [List.self, Send.self, Pause.self, Resume.self], defaultSubcommand: List.self)

    struct List: QuestionCommand {
        static let configuration = CommandConfiguration(abstract: "Show what waits, and what the acquirer refused.")
        static let question = Question<QueueReport>(.get, "/v1/queue")
        @OptionGroup var daemon: Daemon
    }

    struct Send: QuestionCommand {
        static let configuration = CommandConfiguration(abstract: "Send everything now, also from a paused queue.")
        static let question = Question<QueueReport>(.post, "/v1/queue/send")
        @OptionGroup var daemon: Daemon
    }

    struct Pause: QuestionCommand {
        static let configuration = CommandConfiguration(
            abstract: "Send nothing until it is resumed, the terminal starts again, or the batch is settled.")
        static let question = Question<QueueReport>(.post, "/v1/queue/pause")
        @OptionGroup var daemon: Daemon
    }

    struct Resume: QuestionCommand {
        static let configuration = CommandConfiguration(abstract: "Send again.")
        static let question = Question<QueueReport>(.post, "/v1/queue/resume")
        @OptionGroup var daemon: Daemon
    }
}

/// `tenderctl receipt show|print ID`
struct ReceiptCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "receipt", abstract: "Show or print receipts again.", subcommands: [Show.self, Print.self])

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show a receipt: as text, page or picture, or as the commands for the printer.")

        @OptionGroup var daemon: Daemon
        @Argument(help: "The register's id of the payment.")
        var id: String
        @Option(help: "merchant, bank or customer.")
        var copy = "customer"
        @Option(help: "text, html, png or escpos.")
        var form = ReceiptForm.text
        @Option(name: .customLong("out"), help: "The file to write; standard output without one.")
        var file: String?

        func run() async throws {
            let query = "copy=\(PathSegment.encode(copy))&form=\(form.rawValue)"
            let body = try await daemon.raw(.get, "/v1/receipts/\(PathSegment.encode(id))?\(query)")
            if let file {
                do {
                    try Data(body).write(to: URL(filePath: file))
                } catch {
                    Console.fail("\(file) cannot be written")
                    throw ExitStatus.failed
                }
                return
            }
            guard form == .text else { return Console.write(body) }
            let text = String(decoding: body, as: UTF8.self)
            guard daemon.json else { return Console.print(text) }
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            Console.print(
                String(decoding: try encoder.encode(["id": id, "copy": copy, "text": text]), as: UTF8.self))
        }
    }

    struct Print: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Print all copies again, or one of them, marked as duplicates.")

        @OptionGroup var daemon: Daemon
        @Argument(help: "The register's id of the payment.")
        var id: String
        @Option(help: "Only this one: merchant, bank or customer.")
        var copy: String?

        func run() async throws {
            let query = copy.map { "?copy=\(PathSegment.encode($0))" } ?? ""
            let body = try await daemon.raw(.post, "/v1/receipts/\(PathSegment.encode(id))/print\(query)")
            Console.print(daemon.json ? String(decoding: body, as: UTF8.self) : "printed")
        }
    }
}

extension ReceiptForm: ExpressibleByArgument {}
