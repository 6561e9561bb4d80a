/// What became of the PIN.
public enum PINEntry: String, Codable, Sendable {
    /// None was asked for or entered.
    case none
    /// Entered; the issuer checks it.
    case online
    /// Entered; the card checked it.
    case offline
}
