/// Who the terminal is to the acquirer.
public struct TerminalIdentity: Hashable, Sendable {
    /// Terminal number, field 41: 8 ASCII characters.
    public let terminal: String
    /// Merchant number, field 42: 15 ASCII characters.
    public let merchant: String

    /// The identity, if both numbers have letters and digits only and their length.
    public init?(terminal: String, merchant: String) {
        guard terminal.utf8.count == 8, merchant.utf8.count == 15,
            (terminal + merchant).utf8.allSatisfy({
                (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) || (0x61...0x7A).contains($0)
            })
        else { return nil }
        self.terminal = terminal
        self.merchant = merchant
    }
}
