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
    /// Offline approvals after which the card asks its issuer (9F58).
    case setLowerOfflineLimit(UInt8)
    /// Offline approvals after which it declines without its issuer (9F59).
    case setUpperOfflineLimit(UInt8)

    /// Class, instruction, parameters and length, the four bytes of the MAC counted.
    var header: [UInt8] {
        let parts: [UInt8] =
            switch self {
            case .blockApplication: [0x84, 0x1E, 0x00, 0x00]
            case .unblockApplication: [0x84, 0x18, 0x00, 0x00]
            case .blockCard: [0x84, 0x16, 0x00, 0x00]
            case .unblockPIN: [0x84, 0x24, 0x00, 0x00]
            case .setLowerOfflineLimit: [0x04, 0xDA, 0x9F, 0x58]
            case .setUpperOfflineLimit: [0x04, 0xDA, 0x9F, 0x59]
            }
        return parts + [UInt8(data.count + 4)]
    }

    /// What stands before the MAC.
    var data: [UInt8] {
        switch self {
        case .setLowerOfflineLimit(let limit), .setUpperOfflineLimit(let limit): [limit]
        default: []
        }
    }
}
