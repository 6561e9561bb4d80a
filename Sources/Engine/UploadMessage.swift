public import Payments

/// One message of the upload that follows a settlement's totals (0320).
public enum UploadMessage: Equatable, Sendable {
    /// An advice of the batch once more: offline settlement, adjustment, tip, offline chip sale, refund, completion advice;
    /// with the amount, in minor units, that it came to after all corrections.
    case advice(RequestID, amount: Int64)
    /// Up to eight payments in short.
    case details([Detail])
    /// The certificate of a chip payment that the acquirer approved. `agreed` as the totals of its class.
    case chipRecord(RequestID, agreed: Bool)
    /// A chip payment that was approved offline and refused, or whose issuer could not prove itself to the card.
    case failedChipRecord(RequestID, agreed: Bool)
    /// All is told: so many records, the totals agreed or not.
    case end(agreed: Bool, records: Int)

    /// One payment in short.
    public struct Detail: Equatable, Sendable {
        /// The payment; its account number goes along.
        public let id: RequestID
        /// Where its card comes from.
        public let origin: CardSummary.Origin
        /// Its number.
        public let stan: STAN
        /// What it came to, minor units.
        public let amount: Int64
    }

    /// Most payments in one message (F48 holds 322 digits).
    public static let greatestDetails = 8

    /// How many records it brings.
    public var records: Int {
        switch self {
        case .advice, .chipRecord, .failedChipRecord: 1
        case .details(let details): details.count
        case .end: 0
        }
    }
}
