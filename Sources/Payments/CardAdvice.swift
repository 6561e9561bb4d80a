/// What a cryptogram says beside its type: whether the card wants its issuer to hear of a decline, and why it declined
/// (cryptogram information data, EMV 4.4 Book 3, 6.5.5.4).
public struct CardAdvice: Hashable, Codable, Sendable {
    /// Whether an advice to the issuer is required.
    public let isRequired: Bool
    /// The card's reason.
    public let reason: Reason

    /// The card's reasons.
    public enum Reason: UInt8, Codable, Sendable {
        /// None given.
        case none = 0
        /// The service is not allowed.
        case serviceNotAllowed = 1
        /// The PIN was wrong too often.
        case pinTryLimitExceeded = 2
        /// The issuer could not be authenticated.
        case issuerAuthenticationFailed = 3
        /// A reason that the books reserve.
        case reserved = 4
    }

    /// Whether it says nothing.
    public var isSilent: Bool { !isRequired && reason == .none }

    /// What cryptogram information data (9F27) say.
    public init(cryptogramInformation cid: UInt8) {
        isRequired = cid & 0x08 != 0
        reason = Reason(rawValue: cid & 0x07) ?? .reserved
    }
}
