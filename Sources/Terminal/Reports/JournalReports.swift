import Journaling
public import Payments
import Wire

extension JournalRow {
    init(_ entry: Entry) {
        sequence = entry.sequence
        time = entry.time.iso8601
        hash = Hex.encode(entry.hash)
        switch entry.record {
        case .accepted(let request):
            (kind, id) = ("accepted", "\(request.id)")
            summary = "\(request.amount) \(request.amount.currency.code), cashier \(request.cashier)"
        case .authorization(let authorization):
            (kind, id) = ("authorization", "\(authorization.request.id)")
            summary = "STAN \(authorization.stan), batch \(authorization.batch), \(authorization.card.maskedPAN)"
        case .finished(let request, let outcome, let reversal):
            (kind, id) = ("finished", "\(request)")
            let detail = outcome.failure.map { ": \($0.detail)" } ?? ""
            summary = outcome.name + detail + (reversal.map { ", to be reversed: \($0.rawValue)" } ?? "")
        case .reversalAnswered(let request, let code, let settled):
            (kind, id) = ("reversalAnswered", "\(request)")
            summary = "\(code), \(settled ? "settled" : "refused")"
        case .signedIn(let batch): (kind, id, summary) = ("signedIn", nil, "batch \(batch)")
        case .numberUsed(let stan): (kind, id, summary) = ("numberUsed", nil, "STAN \(stan)")
        case .started(let version): (kind, id, summary) = ("started", nil, "tenderd \(version)")
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
        case .declined(let reply, _): "declined \(reply.code)"
        case .declinedByCard: "declined by the card"
        case .cancelled(let canceller): "cancelled by \(canceller.rawValue)"
        case .failed(let failure): "failed \(failure.reason.rawValue)"
        }
    }

    /// The failure, if it is one.
    var failure: PaymentFailure? { if case .failed(let failure) = self { failure } else { nil } }
}
