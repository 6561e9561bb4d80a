/// Field 62 of a sign-in: `Sequence No`, two digits of length, the terminal's licence and serial number.
public struct SerialNumber: Equatable, Sendable {
    /// Licence and serial number, at most 99 characters.
    public let value: String

    /// The given number.
    public init(_ value: String) {
        self.value = value
    }

    /// Reads field 62.
    public init(decoding text: String) throws(MessageError) {
        var cursor = FieldCursor(text, "F62")
        guard try cursor.take(11) == "Sequence No" else { throw MessageError(.invalidValue, at: 0, in: "F62") }
        let length = try cursor.takeNumber(2, "length")
        value = try cursor.take(length)
        try cursor.expectEnd()
    }

    /// Field 62.
    public var encoded: String { "Sequence No" + String(value.utf8.count, width: 2) + value }
}
