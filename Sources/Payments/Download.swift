/// The kinds of data that a terminal fetches from its acquirer.
public enum Download: String, Codable, CaseIterable, Sendable {
    /// Time-outs, retries, telephone numbers, merchant name (60.3 = 360).
    case terminalParameters
    /// Public keys of the schemes (372, 370, 371).
    case caPublicKeys
    /// Card applications and their limits (382, 380, 381).
    case applications
    /// Limits and switches of contactless payments (394, 395).
    case contactlessParameters
    /// Cards that are not to be taken, by the first digits of their numbers (390, 391).
    case blacklist
}
