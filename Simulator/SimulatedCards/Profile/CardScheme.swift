/// The schemes whose cards are simulated, each with a certification authority of the project's own.
public enum CardScheme: String, CaseIterable, Sendable {
    /// UnionPay, quickPass included.
    case unionPay = "UnionPay"
    /// Visa style.
    case visa = "Visa"
    /// Mastercard style.
    case mastercard = "Mastercard"
    /// JCB style.
    case jcb = "JCB"

    /// Registered application provider identifier, the first five bytes of every application identifier.
    public var rid: [UInt8] {
        switch self {
        case .unionPay: [0xA0, 0x00, 0x00, 0x03, 0x33]
        case .visa: [0xA0, 0x00, 0x00, 0x00, 0x03]
        case .mastercard: [0xA0, 0x00, 0x00, 0x00, 0x04]
        case .jcb: [0xA0, 0x00, 0x00, 0x00, 0x65]
        }
    }

    /// Application version that its cards and terminals have (9F08, 9F09).
    var applicationVersion: UInt16 {
        switch self {
        case .unionPay: 0x0030
        case .visa: 0x0096
        case .mastercard: 0x0002
        case .jcb: 0x0200
        }
    }

    /// The cryptogram version of its usual cards.
    var cryptogramVersion: UInt8 {
        switch self {
        case .unionPay: 0x01
        case .visa: 0x0A
        case .mastercard: 0x10
        case .jcb: 0x04
        }
    }

    /// The key pair of its simulated certification authority.
    var authorityKey: TestRSAKey {
        switch self {
        case .unionPay: TestKeys.unionPayAuthority
        case .visa: TestKeys.visaAuthority
        case .mastercard: TestKeys.mastercardAuthority
        case .jcb: TestKeys.jcbAuthority
        }
    }
}
