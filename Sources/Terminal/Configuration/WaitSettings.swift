/// How long the terminal waits for people and devices.
public struct WaitSettings: Equatable, Sendable, Decodable {
    /// Seconds for a card to come.
    public let cardSeconds: Int
    /// Seconds for a PIN.
    public let pinSeconds: Int
    /// Milliseconds for one response of the card.
    public let responseMilliseconds: Int
    /// Seconds for one receipt.
    public let printSeconds: Int

    private enum CodingKeys: String, CodingKey {
        case cardSeconds, pinSeconds, responseMilliseconds, printSeconds
    }

    /// The defaults: a minute each for card and PIN, five seconds for a response, ten for a receipt.
    public init() {
        cardSeconds = 60
        pinSeconds = 60
        responseMilliseconds = 5_000
        printSeconds = 10
    }

    /// Reads the section `waits`.
    public init(from decoder: any Decoder) throws {
        let defaults = WaitSettings()
        let container = try decoder.strictContainer(keyedBy: CodingKeys.self)
        cardSeconds = try container.number(.cardSeconds, in: 1...600, or: defaults.cardSeconds)
        pinSeconds = try container.number(.pinSeconds, in: 1...600, or: defaults.pinSeconds)
        responseMilliseconds = try container.number(
            .responseMilliseconds, in: 100...60_000, or: defaults.responseMilliseconds)
        printSeconds = try container.number(.printSeconds, in: 1...600, or: defaults.printSeconds)
    }
}
