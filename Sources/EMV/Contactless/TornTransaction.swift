import Payments
import Wire

/// A contactless payment that was torn apart: the card left after it was asked for its cryptogram and before it answered
/// (EMV Contactless Book C-2, 4.4). When the same card comes back for the same payment, the cryptogram is recovered. Lives in memory only;
/// prints nothing of the card.
public struct TornTransaction: Equatable, Sendable {
    let pan: PAN
    let sequenceNumber: [UInt8]?
    let time: LocalDateTime
    /// The terminal's objects as the card saw them.
    let values: [TLV.Tag: [UInt8]]
    let tvr: TVR
    let cvmResults: [UInt8]
    let pdolValues: [UInt8]
    let cdol1Values: [UInt8]
    let request: CryptogramRequest
    let verification: ContactlessOutcome.Verification

    /// Most transactions of a log (DF811D).
    static let limit = 4
    /// How long one may be recovered, in seconds (DF811C).
    static let lifetimeSeconds = 300

    /// The objects that are kept: those of the transaction record that are the terminal's own.
    private static let tags: [TLV.Tag] =
        paymentTags + [
            .terminalCapabilities, .terminalCountry, .terminalType, .transactionDate, .transactionTime,
            .sequenceCounter,
            .unpredictableNumber,
        ]
    /// What makes it the same payment.
    private static let paymentTags: [TLV.Tag] = [.amount, .otherAmount, .transactionCurrency, .transactionType]

    /// What was going on when the card left; nil if it was not yet read.
    init?(_ database: KernelDatabase, _ request: CryptogramRequest, _ verification: ContactlessOutcome.Verification) {
        guard let pan = database.cardRead?.pan else { return nil }
        self.pan = pan
        sequenceNumber = database.card[.panSequenceNumber]
        time = database.transaction.time
        values = Dictionary(
            Self.tags.compactMap { tag in database.value(tag).map { (tag, $0) } },
            uniquingKeysWith: { first, _ in first })
        tvr = database.tvr
        cvmResults = database.cvmResults
        pdolValues = database.pdolValues
        cdol1Values = database.cdol1Values
        self.request = request
        self.verification = verification
    }

    /// Whether it is of the card that was read.
    func isOfCard(in database: KernelDatabase) -> Bool {
        pan == database.cardRead?.pan && sequenceNumber == database.card[.panSequenceNumber]
    }

    /// Whether it is the same payment with the same card. The book asks for the card only; but a cryptogram over another
    /// amount must not pay this one.
    func matches(_ database: KernelDatabase) -> Bool {
        isOfCard(in: database) && Self.paymentTags.allSatisfy { values[$0] == database.value($0) }
    }

    /// Whether it may still be recovered at this time.
    func isFresh(at now: LocalDateTime) -> Bool { (0...Self.lifetimeSeconds).contains(now.seconds(since: time)) }
}

extension TornTransaction: CustomStringConvertible, CustomReflectable {
    /// The name alone: the card must not be printed (M8).
    public var description: String { "TornTransaction" }
    /// Nothing to see, for the same reason.
    public var customMirror: Mirror { Mirror(self, children: []) }
}
