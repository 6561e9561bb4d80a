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
        /// What the card said beside its last cryptogram.
        public let advice: CardAdvice
    }
}
