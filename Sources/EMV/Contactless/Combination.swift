/// An application on the contactless reader with the kernel that serves it, and the reader's limits for the two
/// (EMV Contactless Book B, 3.1.1). Amounts in minor units of the terminal's currency.
public struct Combination: Equatable, Sendable {
    /// The application; its random selection counts for the contacts only.
    public var parameters: ApplicationParameters
    /// The kernel.
    public var kernel: ContactlessKernelID
    /// Reader contactless transaction limit: from this amount on the other interface is used; nil for none.
    public var transactionLimit: Int64?
    /// The same where the customer's own device verifies the customer (C-2); nil for none.
    public var onDeviceTransactionLimit: Int64?
    /// Reader CVM required limit: from this amount on a verified cardholder is asked for; nil for never.
    public var verificationLimit: Int64?
    /// Reader contactless floor limit: above this amount the issuer is asked; nil for the application's own floor limit.
    public var floorLimit: Int64?
    /// Whether an amount of one unit of currency is a status check and goes online.
    public var checksStatus = false
    /// What becomes of an amount of zero.
    public var zeroAmount = ZeroAmount.online
    /// Qualifiers of the reader; those of one payment are set by pre-processing.
    public var qualifiers: TerminalTransactionQualifiers = [
        .chipMode, .contactChip, .onlinePIN, .signature, .authenticationOnline, .onDeviceVerification,
    ]
    /// Whether the card's extended selection (9F29) is appended when it is selected.
    public var usesExtendedSelection = false
    /// When a small amount needs neither PIN nor signature; nil for never.
    public var smallAmount: SmallAmountRule?

    /// What becomes of an amount of zero (Book B, 3.1.1.4).
    public enum ZeroAmount: String, Codable, Sendable {
        /// The issuer is asked.
        case online
        /// The application is not offered.
        case refused
    }

    /// A combination of these two without limits; each can be set.
    public init(parameters: ApplicationParameters, kernel: ContactlessKernelID) {
        self.parameters = parameters
        self.kernel = kernel
    }
}
