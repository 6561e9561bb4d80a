public import Payments

/// How a sale of CNY 88.80 ends with a card of the library at a terminal with `TestTerminalParameters`, where the issuer
/// can be reached and approves what is genuine.
public enum CardEnd: String, Sendable, CaseIterable {
    /// The issuer approves and the card agrees.
    case approvedOnline
    /// Card and terminal approve by themselves.
    case approvedOffline
    /// The issuer declines.
    case declinedOnline
    /// Card or terminal decline by themselves; the issuer is not asked.
    case declinedOffline
    /// The issuer approves, the card declines after it: the authorization is reversed.
    case declinedByCard
    /// No decision; the issuer is not asked.
    case ended
    /// No decision after the issuer was asked: the authorization is reversed.
    case reversed
    /// The customer is asked to use the contacts or another card.
    case otherInterface
    /// The card is to be presented again, and again.
    case presentAgain

    /// The end in a few words.
    public var text: BilingualText {
        switch self {
        case .approvedOnline: BilingualText("联机批准", "approved online")
        case .approvedOffline: BilingualText("脱机批准", "approved offline")
        case .declinedOnline: BilingualText("发卡行拒绝", "declined by the issuer")
        case .declinedOffline: BilingualText("脱机拒绝", "declined offline")
        case .declinedByCard: BilingualText("发卡行批准后卡片拒绝，冲正", "declined by the card after the issuer: reversed")
        case .ended: BilingualText("交易终止，未联机", "ended before the issuer is asked")
        case .reversed: BilingualText("联机后交易终止，冲正", "ended after the issuer was asked: reversed")
        case .otherInterface: BilingualText("请插卡或换卡", "insert, or use another card")
        case .presentAgain: BilingualText("请重新挥卡，直至放弃", "present again, until somebody gives up")
        }
    }
}
