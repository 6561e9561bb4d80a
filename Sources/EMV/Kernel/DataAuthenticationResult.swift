/// What came of offline data authentication (EMV 4.4 Book 3, 10.3).
public struct DataAuthenticationResult: Equatable, Sendable {
    /// The method that card and terminal share.
    public let method: AuthenticationMethod
    /// How it ended.
    public let status: Status

    /// The ends, kept apart as the TVR keeps them.
    public enum Status: String, Sendable {
        /// No method in common, or none of it was carried out: a card that declines signs nothing.
        case notPerformed
        /// The card's data hold.
        case succeeded
        /// Something does not fit.
        case failed
        /// The card lacks an object that the method needs.
        case dataMissing
    }
}

/// How the card proves its data offline (EMV 4.4 Book 3, 10.3).
public enum AuthenticationMethod: String, Sendable {
    /// Not at all.
    case none
    /// Static data authentication.
    case sda
    /// Dynamic data authentication.
    case dda
    /// Dynamic data authentication combined with the cryptogram.
    case cda
}
