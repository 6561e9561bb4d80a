public import Payments

/// An application on the card that the terminal accepts too.
public struct CandidateApplication: Equatable, Sendable {
    /// Its names, as screen and receipt show them.
    public let application: CardApplication
    /// Its name on the card (4F or 84).
    public let aid: [UInt8]
    /// The card's preference, 1 first; 0 for none (87, EMV 4.4 Book 1, 12.4).
    public let priority: Int
    /// Whether the card wants the customer to confirm even a single choice.
    public let requiresConfirmation: Bool
    /// The terminal's application that it matches.
    let parameters: ApplicationParameters
}
