import ISO8583
import PaymentCryptography
import Payments

/// What the host knows of a terminal that has signed in.
struct TerminalSession: Sendable {
    let pinKey: CipherKey
    let macKey: CipherKey
    /// Only after a sign-in that asked for it.
    let trackKey: CipherKey?

    private var isSM4: Bool { pinKey.algorithm == .sm4 }

    /// Field 53's second digit as the terminal may send it, ASCII.
    var securityCodes: [UInt8] { isSM4 ? [0x33, 0x34] : pinKey.count == 8 ? [0x30] : [0x36] }

    /// How the PIN stands in field 52.
    var pinBlockFormat: PINBlock.Format { isSM4 ? .iso4 : .iso0 }

    /// The fields as the terminal sends them: an SM4 PIN block is twice as long.
    var table: FieldTable { isSM4 ? Self.sm4Table : .unionPay }

    private static let sm4Table = FieldTable.unionPay.replacing(52, with: .fixed(.binary, 16))
}
