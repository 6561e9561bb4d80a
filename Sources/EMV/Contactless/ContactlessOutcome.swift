/// How one presentation of a card or phone ended (EMV Contactless Book A, 6.2; Book B, 3.5).
public struct ContactlessOutcome: Equatable, Sendable {
    /// What came out.
    public let result: Result
    /// What the customer has to do to be verified.
    public let verification: Verification
    /// What the customer is told.
    public let request: UserInterfaceRequest

    /// The outcomes. `selectNext` of Book B is the Entry Point's own affair and never comes out.
    public enum Result: Equatable, Sendable {
        /// Decided; the card may leave.
        case completed(KernelOutcome.Verdict, KernelOutcome.Completion)
        /// The issuer is to be asked; `reply` or `unableToGoOnline` follows. The card may leave.
        case online(OnlineRequest)
        /// The same card, or one card only, is to be presented again; `begin` follows.
        case tryAgain
        /// The card is to be inserted or swiped.
        case tryAnotherInterface
        /// Over without a decision.
        case ended(KernelFailure)
    }

    /// Cardholder verification of the outcome (Book A, 6.2).
    public enum Verification: String, Sendable {
        /// Not decided, or of no interest.
        case notApplicable
        /// Nothing.
        case none
        /// PIN for the issuer.
        case onlinePIN
        /// Signature on paper.
        case signature
        /// The customer's own device did it.
        case onDevice
        /// Nothing, because the amount is small: neither PIN nor signature (UnionPay).
        case smallAmount
    }

    /// An outcome of these parts.
    init(_ result: Result, _ verification: Verification, _ request: UserInterfaceRequest) {
        self.result = result
        self.verification = verification
        self.request = request
    }

    /// An outcome that leaves nobody to verify.
    init(_ result: Result, _ request: UserInterfaceRequest) { self.init(result, .notApplicable, request) }

    /// The card is to be inserted or swiped.
    static let tryAnotherInterface = Self(.tryAnotherInterface, UserInterfaceRequest(.insertOrSwipe))

    /// Over without a decision.
    static func ended(
        _ failure: KernelFailure, _ message: UserInterfaceRequest.Message = .tryAnotherCard
    ) -> Self { Self(.ended(failure), UserInterfaceRequest(message)) }

    /// The card is to be presented once more, for a reason that the customer is told.
    static func tryAgain(_ message: UserInterfaceRequest.Message) -> Self {
        Self(.tryAgain, UserInterfaceRequest(message))
    }

    /// The phone wants something of its owner first. The message stands long enough to be read, and for the phone to notice that
    /// the field is gone (Book A, 9.4: 1300 ms).
    static let seePhone = Self(.tryAgain, UserInterfaceRequest(.seePhone, holdMilliseconds: 1300))
}
