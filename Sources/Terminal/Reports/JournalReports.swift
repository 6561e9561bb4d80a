import Journaling
public import Payments
import Wire

extension JournalRow {
    init(_ entry: Entry) {
        sequence = entry.sequence
        time = entry.time.iso8601
        hash = Hex.encode(entry.hash)
        kind = entry.record.kind.rawValue
        id = entry.record.id?.rawValue
        summary = entry.record.summary
    }
}

extension Record {
    /// What it says, in a line.
    fileprivate var summary: String {
        switch self {
        case .accepted(let request):
            let kind = request.kind == .sale ? "" : "\(request.kind.english), "
            return "\(kind)\(request.amount) \(request.amount.currency.code), cashier \(request.cashier)"
        case .authorization(let authorization):
            return "STAN \(authorization.stan), batch \(authorization.batch), \(authorization.card.maskedPAN)"
        case .finished(_, let outcome, let reversal, let scriptNumber):
            let detail = outcome.failure.map { ": \($0.detail)" } ?? ""
            return outcome.name + detail + (reversal.map { ", to be reversed: \($0.rawValue)" } ?? "")
                + (scriptNumber.map { ", script result to be told: STAN \($0)" } ?? "")
        case .reversalAnswered(_, let code, let settled): return "\(code), \(settled ? "settled" : "refused")"
        case .storedAnswered(_, let reply, let accepted): return "\(reply.code), \(accepted ? "accepted" : "refused")"
        case .storedLost(_, let reason): return "no answer, to be reversed and made anew: \(reason.rawValue)"
        case .scriptAnswered(_, let code): return code
        case .resolved(_, let delivery, let supervisor): return "\(delivery.rawValue), by \(supervisor)"
        case .signedIn(let batch), .settled(let batch): return "batch \(batch)"
        case .signedOff: return ""
        case .numberUsed(let stan): return "STAN \(stan)"
        case .downloaded(let download, let entries): return "\(download.rawValue), \(entries) entries"
        case .acquirerTime(let offset): return "the acquirer's clock is \(offset) s ahead"
        case .settlementBegun(let settlement): return "batch \(settlement.batch), STAN \(settlement.stan)"
        case .settlementCompared(let comparison): return comparison.agrees ? "totals agree" : "totals differ"
        case .uploading(let index, let stan): return "message \(index + 1), STAN \(stan)"
        case .uploadRefused(let index, let code): return "message \(index + 1): \(code)"
        case .started(let version): return "tenderd \(version)"
        case .operatorActed(let act): return "\(act)"
        case .clockMoved(let seconds): return "by \(seconds) s"
        case .pruned(let through, _): return "records up to \(through)"
        }
    }
}

/// One record of the journal, whole. Account numbers in it are masked; the sealed ones stay where they are.
public struct JournalRecord: Encodable, Sendable {
    /// Its row in the list.
    public let row: JournalRow
    /// The record.
    public let record: Record

    init(_ entry: Entry) {
        row = JournalRow(entry)
        record = entry.record
    }
}

extension Outcome {
    /// A word for it.
    var name: String {
        switch self {
        case .approved: "approved"
        case .stored(let why, _): "stored \(why.rawValue)"
        case .declined(let reply, _): "declined \(reply.code)"
        case .declinedByCard: "declined by the card"
        case .cancelled(let canceller): "cancelled by \(canceller.rawValue)"
        case .failed(let failure): "failed \(failure.reason.rawValue)"
        }
    }

    /// Whether it is one that a receipt is printed for at once.
    var isGood: Bool {
        switch self {
        case .approved, .stored: true
        case .declined, .declinedByCard, .cancelled, .failed: false
        }
    }

    /// The failure, if it is one.
    var failure: PaymentFailure? { if case .failed(let failure) = self { failure } else { nil } }
}
