import EMV
import Wire

/// What an application cryptogram covers: the objects of EMV 4.4 Book 2, 8.1.1 and, of the issuer application data, what
/// the method says. Card and issuer put them together alike.
enum CryptogramData {
    /// The objects that the terminal knows, in their order.
    static let terminalObjects: [(tag: TLV.Tag, length: Int)] = [
        (.amount, 6), (.otherAmount, 6), (.terminalCountry, 2), (.tvr, 5), (.transactionCurrency, 2),
        (.transactionDate, 3), (.transactionType, 1), (.unpredictableNumber, 4),
    ]

    /// The covered bytes. An object that is missing counts as zeros.
    static func bytes(
        values: [TLV.Tag: [UInt8]], profile: [UInt8], counter: [UInt8], issuerApplicationData: [UInt8],
        _ method: CryptogramMethod
    ) -> [UInt8] {
        terminalObjects.flatMap { values[$0.tag] ?? [UInt8](repeating: 0, count: $0.length) } + profile + counter
            + method.covered(issuerApplicationData)
    }
}
