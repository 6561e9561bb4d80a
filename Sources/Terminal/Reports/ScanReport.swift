import HAL
import Payments
import Wire

/// One scan as technicians and registers are told of it: what could pay is masked (M8).
public struct ScanReport: Codable, Sendable, Equatable {
    /// AIM symbology identifier, `]Q1`; nil where the scanner does not tell it.
    public let symbology: String?
    /// Bytes.
    public let length: Int
    /// What it could pay with; nil for nothing, and then the data stand in `text` or `hex`.
    public let payment: PaymentCode?
    /// The data; of what could pay, the first two characters and stars. Nil where they are no text.
    public let text: String?
    /// The data in hexadecimal, where they are no text.
    public let hex: String?

    /// What may be told of `scan`.
    init(_ scan: Scan) {
        let (payment, text, hex) = scan.data.withBytes { data in
            let bytes = Array(data)
            let payment = PaymentCode(bytes)
            if payment != nil { return (payment, Self.masked(bytes), String?.none) }
            let text = String(validating: bytes, as: UTF8.self)
            return (payment, text, text == nil ? Hex.encode(bytes) : nil)
        }
        symbology = scan.symbology
        length = scan.data.count
        self.payment = payment
        self.text = text
        self.hex = hex
    }

    private static func masked(_ bytes: [UInt8]) -> String? {
        String(decoding: bytes.prefix(2), as: UTF8.self)
            + String(repeating: "*", count: min(30, max(0, bytes.count - 2)))
    }
}
