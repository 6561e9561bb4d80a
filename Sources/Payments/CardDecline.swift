import Wire

/// Why card and terminal declined, as far as the chip's result tells. What is particular comes before what is general.
public enum CardDecline: String, CaseIterable, Sendable {
    /// The issuer approved, the card did not agree; the authorization is reversed.
    case afterApproval
    /// The number is one that must not be taken.
    case onExceptionFile
    /// After its last day.
    case expired
    /// Before its first day.
    case notYetEffective
    /// The card is not made for this service.
    case serviceNotAllowed
    /// No tries are left for its PIN.
    case pinTriesExceeded
    /// The customer could not be verified.
    case notVerified
    /// Its data, or the card itself, could not be proved genuine.
    case notGenuine
    /// The issuer could not be asked (Z3).
    case issuerUnreachable
    /// The card or the terminal did not want it (Z1).
    case offline

    /// The reason in a payment's outcome: `reply` where the issuer was asked, and the chip's result.
    public init(_ reply: Reply?, _ chip: ChipResult?) {
        self = reply == nil ? Self.reason(chip) : .afterApproval
    }

    private static func reason(_ chip: ChipResult?) -> CardDecline {
        let tvr = chip.flatMap { try? Hex.decode($0.tvr) } ?? []
        // Terminal verification results (EMV 4.4 Book 3, Annex C5): byte, bits, what they say.
        let bits: [(byte: Int, bits: UInt8, reason: CardDecline)] = [
            (0, 0x10, .onExceptionFile), (1, 0x40, .expired), (1, 0x20, .notYetEffective),
            (1, 0x10, .serviceNotAllowed), (2, 0x20, .pinTriesExceeded), (2, 0x80, .notVerified),
            (0, 0x4C, .notGenuine),
        ]
        let found = bits.first { tvr.indices.contains($0.byte) && tvr[$0.byte] & $0.bits != 0 }
        // The card knows its own reason best.
        let own: CardDecline? =
            switch chip?.advice?.reason {
            case .serviceNotAllowed: .serviceNotAllowed
            case .pinTryLimitExceeded: .pinTriesExceeded
            case .issuerAuthenticationFailed, .reserved, nil, .some(.none): nil
            }
        return own ?? found?.reason ?? (chip?.responseCode == "Z3" ? .issuerUnreachable : .offline)
    }

    /// What cashier and customer read.
    public var text: BilingualText {
        switch self {
        case .afterApproval:
            BilingualText(
                "发卡行已批准但卡片拒绝，交易将自动冲正，未扣款",
                "The issuer approved, the card declined. The payment is reversed, nothing is charged")
        case .onExceptionFile: BilingualText("此卡不予受理，请换卡", "This card is not accepted. Use another card")
        case .expired: BilingualText("卡片已过期，请换卡", "The card has expired. Use another card")
        case .notYetEffective: BilingualText("卡片尚未生效，请换卡", "The card is not valid yet. Use another card")
        case .serviceNotAllowed:
            BilingualText("此卡不支持本项服务，请换卡", "The card does not allow this service. Use another card")
        case .pinTriesExceeded: BilingualText("密码输入次数超限，请换卡", "Too many wrong PINs. Use another card")
        case .notVerified:
            BilingualText("持卡人身份验证失败，请换卡", "The cardholder could not be verified. Use another card")
        case .notGenuine: BilingualText("卡片验证失败，请换卡", "The card could not be proved genuine. Use another card")
        case .issuerUnreachable:
            BilingualText("无法联机授权，卡片不予脱机批准，未扣款", "The issuer cannot be reached, and the card declines offline")
        case .offline: BilingualText("卡片拒绝交易，请使用其他卡", "Declined by the card. Use another card")
        }
    }
}
