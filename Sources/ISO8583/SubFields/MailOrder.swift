/// Field 62 of a mail order: `92`, then tagged values, `92CV003123` for a CVN2.
public struct MailOrder: Equatable, Sendable {
    /// `CV` CVN2, `SF` checks asked for, `ID` document, `NM` name, `PH` phone; others are passed on.
    public let items: [TaggedText]

    /// The given values.
    public init(_ items: [TaggedText]) {
        self.items = items
    }

    /// Reads field 62.
    public init(decoding bytes: some Collection<UInt8>) throws(MessageError) {
        guard bytes.starts(with: Array("92".utf8)) else { throw MessageError(.invalidValue, at: 0, in: "F62") }
        do throws(MessageError) {
            items = try TaggedText.decode(bytes.dropFirst(2), path: "F62")
        } catch {
            throw MessageError(error.reason, at: error.offset + 2, in: error.path)
        }
    }

    /// Field 62.
    public var encoded: [UInt8] { Array("92".utf8) + TaggedText.encode(items) }
}
