import ArgumentParser
import Control
import Payments
import Terminal

/// `tenderctl devices`
struct DevicesCommand: QuestionCommand {
    static let configuration = CommandConfiguration(
        commandName: "devices", abstract: "Show what is on the counter, how it is found, and what else is plugged in.")
    static let question = Question<DevicesReport>(.get, "/v1/devices")
    @OptionGroup var daemon: Daemon
}

/// `tenderctl printer test|status|profile|drawer`
struct PrinterCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "printer", abstract: "Examine the receipt printer.",
        subcommands: [Status.self, Profile.self, Test.self, Drawer.self], defaultSubcommand: Status.self)

    struct Status: QuestionCommand {
        static let configuration = CommandConfiguration(abstract: "Show what the printer says about itself.")
        static let question = Question<PrinterReport>(.get, "/v1/printer")
        @OptionGroup var daemon: Daemon
    }

    struct Profile: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show which profile is in use and why, and what it can do.")
        @OptionGroup var daemon: Daemon

        func run() async throws {
            let body = try await daemon.raw(.get, "/v1/printer")
            let report: PrinterReport = try daemon.decode(body)
            Console.print(daemon.json ? String(decoding: body, as: UTF8.self) : report.profileSummary)
        }
    }

    struct Test: QuestionCommand {
        static let configuration = CommandConfiguration(
            abstract: "Print a test page: characters of both languages, widths, symbol, cut.")
        static let question = Question<PrintedReport>(.post, "/v1/printer/test")
        @OptionGroup var daemon: Daemon
    }

    struct Drawer: QuestionCommand {
        static let configuration = CommandConfiguration(abstract: "Open the cash drawer that hangs on the printer.")
        static let question = Question<DrawerReport>(.post, "/v1/printer/drawer")
        @OptionGroup var daemon: Daemon
    }
}

/// `tenderctl scanner test`
struct ScannerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "scanner", abstract: "Examine the scanner.", subcommands: [Test.self])

    struct Test: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show the next scan; what could pay is masked.")
        @OptionGroup var daemon: Daemon
        @Option(help: "Seconds to wait for a scan, 1 to 600.")
        var seconds = 20

        func run() async throws {
            if !daemon.json { Console.note("scan something within \(seconds) s") }
            let _: ScanReport = try await daemon.ask(.post, "/v1/scanner/test?seconds=\(seconds)")
        }
    }
}

extension PrintedReport: Summarized {
    var summary: String { "printed" }
}

extension DrawerReport: Summarized {
    var summary: String { "the drawer was told to open" }
}

extension DevicesReport: Summarized {
    var summary: String {
        var lines = devices.map { device in
            let note = device.note.isEmpty ? "" : " (\(device.note))"
            let profile = device.profile.map { ", profile \($0)" } ?? ""
            return "\(device.role.rawValue): \(device.isReady ? "ready" : "NOT READY") \(device.name)\(note)\n"
                + "  found by: \(device.rule)\(profile)"
        }
        if !unused.isEmpty { lines.append("plugged in and not configured:") }
        lines += unused.map { "  \($0.role.rawValue): \($0.name)\n    \($0.rule); configure it with \($0.setting)" }
        return lines.joined(separator: "\n")
    }
}

extension ScanReport: Summarized {
    var summary: String {
        let data = text ?? hex.map { "\($0) (no text: hexadecimal)" } ?? ""
        let kind = payment.map { ", \($0.words): masked" } ?? ""
        return "\(symbology ?? "no symbology told"), \(length) bytes\(kind)\n\(data)"
    }
}

extension PaymentCode {
    fileprivate var words: String {
        switch self {
        case .weChatPay: "a payment code of WeChat Pay"
        case .alipay: "a payment code of Alipay"
        case .unionPay: "a payment code of UnionPay"
        case .emv: "a QR symbol of EMVCo"
        case .accountNumber: "the number of a card"
        }
    }
}

extension PrinterReport: Summarized {
    var summary: String {
        var lines = ["\(isReady ? "ready" : "NOT READY") \(name)"]
        if let text { lines.append("  \(text.chinese) / \(text.english)") }
        if note != text?.english, !note.isEmpty { lines.append("  \(note)") }
        return lines.joined(separator: "\n")
    }

    fileprivate var profileSummary: String {
        guard let profile else { return "\(name): no profile is known while the printer is away" }
        func yes(_ flag: Bool) -> String { flag ? "yes" : "no" }
        return """
            \(profile.name): \(profile.why)
              device id: \(deviceID ?? "none")
              columns: \(profile.columns), dots: \(profile.dots)
              Chinese: \(profile.chinese), in Chinese mode after power-on: \(yes(profile.startsInChinese))
              QR symbols: \(profile.symbols), cutter: \(profile.cutter), status: \(profile.status)
              cash drawer: \(yes(profile.opensDrawer))
            """
    }
}
