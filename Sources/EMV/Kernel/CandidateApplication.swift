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

extension Array {
    /// In the card's order of preference: what has no priority comes last, equal ones stay as the card named them (Book 1, 12.4;
    /// EMV Contactless Book B, 3.3.2.7).
    func inPreference(_ application: (Element) -> CandidateApplication) -> [Element] {
        enumerated().sorted { left, right in
            let (first, second) = (application(left.element).priority, application(right.element).priority)
            return (first == 0 ? 16 : first, left.offset) < (second == 0 ? 16 : second, right.offset)
        }.map(\.element)
    }
}
