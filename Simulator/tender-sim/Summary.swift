import FoundationEssentials
import Terminal

/// The last line of a demonstration, for programs.
struct Summary: Encodable {
    let outcome: String
    let amount: String
    let currency: String
    let stan: String?
    let rrn: String?
    let authCode: String?
    let aid: String?
    let tvr: String?
    let milliseconds: PaymentReport.Milliseconds?

    init(_ report: PaymentReport) {
        outcome = report.outcome?.rawValue ?? report.state.rawValue
        amount = report.amount
        currency = report.currency
        stan = report.stan
        rrn = report.rrn
        authCode = report.authCode
        aid = report.aid
        tvr = report.tvr
        milliseconds = report.milliseconds
    }

    /// The object in one line.
    var line: String {
        get throws {
            let encoder = JSONEncoder()
            encoder.outputFormatting = .sortedKeys
            return String(decoding: try encoder.encode(self), as: UTF8.self)
        }
    }
}
