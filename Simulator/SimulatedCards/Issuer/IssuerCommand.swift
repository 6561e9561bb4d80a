import PaymentCryptography

/// A command that an issuer sends to its card in a script (EMV 4.4 Book 3, 6.5 and 10.10).
public enum IssuerCommand: Equatable, Sendable {
    /// The application answers no payment any more.
    case blockApplication
    /// It does again.
    case unblockApplication
    /// The whole card answers no SELECT any more.
    case blockCard
    /// The PIN may be tried three times again.
    case unblockPIN
    /// The PIN is these digits from now on, 4 to 12, and may be tried three times.
    case changePIN(String)
    /// Offline approvals after which the card asks its issuer (9F58).
    case setLowerOfflineLimit(UInt8)
    /// Offline approvals after which it declines without its issuer (9F59).
    case setUpperOfflineLimit(UInt8)

    /// Class, instruction and parameters.
    var header: [UInt8] {
        switch self {
        case .blockApplication: [0x84, 0x1E, 0x00, 0x00]
        case .unblockApplication: [0x84, 0x18, 0x00, 0x00]
        case .blockCard: [0x84, 0x16, 0x00, 0x00]
        case .unblockPIN: [0x84, 0x24, 0x00, 0x00]
        case .changePIN: [0x84, 0x24, 0x00, 0x02]
        case .setLowerOfflineLimit: [0x04, 0xDA, 0x9F, 0x58]
        case .setUpperOfflineLimit: [0x04, 0xDA, 0x9F, 0x59]
        }
    }

    /// What stands before the MAC; of a PIN the block in the clear.
    func data() throws(CryptographyError) -> [UInt8] {
        switch self {
        case .setLowerOfflineLimit(let limit), .setUpperOfflineLimit(let limit): [limit]
        case .changePIN(let digits): try PINMemory.block(digits)
        default: []
        }
    }
}
