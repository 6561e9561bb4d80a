public import Payments

/// How far the settlement of a batch is, or how it ended.
public struct SettlementReport: Codable, Sendable, Equatable {
    /// The batch, six digits.
    public let batch: String
    /// When it was begun.
    public let begun: String
    /// When the batch was closed; nil while it is being settled.
    public let settled: String?
    /// What the terminal counted.
    public let totals: TotalsReport
    /// What the acquirer found; nil until it has answered.
    public let comparison: Settlement.Comparison?
    /// Messages of the upload that left.
    public let uploaded: Int
    /// Messages that the acquirer refused, by their place, with field 39.
    public let refused: [Int: String]
    /// Who asked for it; nil if the clock did.
    public let supervisor: String?

    init(_ state: SettlementState, _ currency: Currency) {
        batch = "\(state.begun.batch)"
        begun = state.begunAt.iso8601
        settled = state.settledAt?.iso8601
        totals = TotalsReport(state.begun.totals, of: state.begun.batch, currency)
        comparison = state.comparison
        uploaded = (state.sending?.index ?? -1) + 1
        refused = state.refused
        supervisor = state.begun.supervisor
    }
}
