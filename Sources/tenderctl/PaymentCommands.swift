import ArgumentParser
import Control
import FoundationEssentials
import Payments
import Terminal

/// `tenderctl sale 88.80`
struct SaleCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "sale", abstract: "Take a payment from a card.")

    @OptionGroup var daemon: Daemon
    @Argument(help: "The amount in major units, 88.80.")
    var amount: String
    @Option(help: "The register's id of the payment; the same id never pays twice. Made up where absent.")
    var id: String?
    @Option(help: "Three letters; the terminal's own currency where absent.")
    var currency: String?
    @Option(help: "The cashier, two digits.")
    var cashier: String?

    func run() async throws {
        let order = PaymentOrder(
            id: id ?? "ctl-\(UUID().uuidString.prefix(18))", amount: amount, currency: currency, cashier: cashier)
        let body = [UInt8](try JSONEncoder().encode(order))
        let report = try await daemon.ask(.post, "/v1/payments", body: body, as: PaymentReport.self) { $0.summary }
        if let code = report.exitCode { throw code }
    }
}

/// `tenderctl cancel [ID]`
struct CancelCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cancel", abstract: "Stop the running payment, as long as no request has left.")

    @OptionGroup var daemon: Daemon
    @Argument(help: "The payment; the running one where absent.")
    var id: String?

    func run() async throws {
        let path = id.map { "/v1/payments/\(PathSegment.encode($0))/cancel" } ?? "/v1/cancel"
        _ = try await daemon.ask(.post, path, as: PaymentReport.self) { $0.summary }
    }
}

/// `tenderctl payment ID`
struct PaymentCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "payment", abstract: "Tell what became of a payment.")

    @OptionGroup var daemon: Daemon
    @Argument(help: "The register's id of the payment.")
    var id: String

    func run() async throws {
        let report = try await daemon.ask(.get, "/v1/payments/\(PathSegment.encode(id))", as: PaymentReport.self) {
            $0.summary
        }
        if let code = report.exitCode { throw code }
    }
}

extension PaymentReport {
    /// A few lines for people.
    var summary: String {
        var lines = ["\(id): \(outcome?.rawValue ?? state.rawValue) \(amount) \(currency)"]
        if let text { lines.append("  \(text.chinese) / \(text.english)") }
        let facts = [
            ("STAN", stan), ("batch", batch), ("RRN", rrn), ("auth code", authCode), ("card", pan), ("AID", aid),
            ("TVR", tvr), ("reason", reason), ("detail", detail),
            ("reversal", reversal == .none ? nil : reversal.rawValue),
        ]
        lines += facts.compactMap { name, value in value.map { "  \(name): \($0)" } }
        return lines.joined(separator: "\n")
    }

    /// The exit code a script branches on; nil for success.
    var exitCode: ExitCode? {
        switch outcome {
        case .approved, .stored, nil: nil
        case .declined: ExitStatus.declined
        case .cancelled: ExitStatus.cancelled
        case .failed: ExitStatus.failed
        }
    }
}
