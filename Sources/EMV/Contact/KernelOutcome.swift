public import Payments

/// How the card's part of a transaction ended.
public enum KernelOutcome: Equatable, Sendable {
    /// Card and terminal came to a decision.
    case completed(Verdict, Completion)
    /// They could not. If the issuer was asked, its authorization is to be reversed.
    case ended(KernelFailure)

    /// The decisions.
    public enum Verdict: String, Sendable {
        /// Approved by card and terminal; the issuer learns of it later.
        case approvedOffline
        /// Approved by the issuer, and the card agreed.
        case approvedOnline
        /// Declined by card or terminal; if the issuer was asked in vain, that authorization is to be reversed.
        case declinedOffline
        /// Declined by the issuer.
        case declinedOnline
        /// The issuer approved, the card declined after it: the authorization is to be reversed.
        case declinedByCard
    }

    /// What a decision leaves behind.
    public struct Completion: Equatable, Sendable {
        /// The facts for receipt and journal.
        public let result: ChipResult
        /// Data objects of field 55 with the last cryptogram, for the upload of transaction certificates.
        public let chipData: [UInt8]
        /// Data objects of field 55 for a reversal.
        public let reversalData: [UInt8]
        /// Data objects of field 55 for the notice of script results (0620); nil without scripts.
        public let scriptNotice: [UInt8]?
    }
}

/// Why the kernel could not come to a decision. Holds no card data.
public struct KernelFailure: Error, Equatable, Sendable {
    /// The reasons to branch on.
    public enum Reason: String, Sendable {
        /// The card is blocked.
        case cardBlocked
        /// Every application that both sides know is blocked.
        case applicationBlocked
        /// No application that both sides know.
        case noApplication
        /// Data that are missing, of a wrong form or against the rules.
        case badData
        /// Status bytes that end the transaction.
        case badStatus
        /// A cryptogram that the terminal did not allow.
        case forbiddenCryptogram
        /// More commands than a transaction may take.
        case tooManyCommands
        /// The customer cancelled.
        case cancelled
        /// The card left.
        case cardRemoved
        /// The card does not answer, or the reader failed.
        case cardMute
    }

    /// The reason to branch on.
    public let reason: Reason
    /// What was wrong, in English, without card data.
    public let detail: String
    /// Where the standard says so: `Book 3, 10.2`.
    public let clause: String

    /// The reason in the payment's words; nil if the customer cancelled, which is no failure.
    public var paymentFailure: PaymentFailure? {
        let paymentReason: PaymentFailure.Reason =
            switch reason {
            case .cardBlocked, .applicationBlocked: .cardBlocked
            case .noApplication: .cardNotSupported
            case .badData, .badStatus, .forbiddenCryptogram, .tooManyCommands, .cardMute: .cardUnreadable
            case .cardRemoved: .cardRemoved
            case .cancelled: .noPIN
            }
        guard reason != .cancelled else { return nil }
        return PaymentFailure(paymentReason, "\(detail) (EMV \(clause))")
    }

    init(_ reason: Reason, _ detail: String, _ clause: String) {
        self.reason = reason
        self.detail = detail
        self.clause = clause
    }
}
