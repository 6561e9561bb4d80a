import ISO8583
import Payments

/// One row of the message matrix: all of a financial message that depends on its kind alone.
struct MessageForm: Equatable, Sendable {
    /// The request's type.
    let mti: MTI
    /// Field 3.
    let processingCode: String
    /// Field 25 at the counter.
    let condition: String
    /// Field 25 where card and customer are not there.
    let mailOrderCondition: String
    /// Field 60.1.
    let type: String
    /// What it carries beyond the fields that all have.
    let parts: Parts

    init(
        _ mti: MTI, _ processingCode: String, _ condition: String, _ mailOrderCondition: String, _ type: String,
        _ parts: Parts
    ) {
        self.mti = mti
        self.processingCode = processingCode
        self.condition = condition
        self.mailOrderCondition = mailOrderCondition
        self.type = type
        self.parts = parts
    }

    /// Parts that some kinds have and others do not.
    struct Parts: OptionSet, Sendable {
        let rawValue: UInt16

        /// Field 4.
        static let amount = Parts(rawValue: 1 << 0)
        /// What the card and its holder gave: fields 23, 26, 35, 52, 53.
        static let card = Parts(rawValue: 1 << 1)
        /// The chip's objects, field 55.
        static let chip = Parts(rawValue: 1 << 2)
        /// 60.6: the acquirer may approve a part, where the dialect's option says so.
        static let partialApproval = Parts(rawValue: 1 << 3)
        /// The original's retrieval reference number, field 37.
        static let rrn = Parts(rawValue: 1 << 4)
        /// The original's authorisation code, field 38.
        static let authorizationCode = Parts(rawValue: 1 << 5)
        /// The tip, field 48.
        static let tip = Parts(rawValue: 1 << 6)
        /// The original's batch and number in field 61; zeros where unknown.
        static let numbers = Parts(rawValue: 1 << 7)
        /// The original's date in field 61.
        static let date = Parts(rawValue: 1 << 8)
        /// The card's organisation, field 63: all.
        static let organisation = Parts(rawValue: 1 << 9)
    }
}

extension TransactionKind {
    /// The matrix: type, field 3, field 25 at the counter and by mail, 60.1, and what else goes along.
    var form: MessageForm {
        switch self {
        case .sale: MessageForm(0x0200, "000000", "00", "08", "22", [.amount, .card, .chip, .partialApproval])
        case .void:
            MessageForm(0x0200, "200000", "00", "08", "23", [.amount, .card, .rrn, .authorizationCode, .numbers])
        case .refund: MessageForm(0x0220, "200000", "00", "08", "25", [.amount, .card, .rrn, .date, .organisation])
        case .balance: MessageForm(0x0200, "310000", "00", "00", "01", [.card, .chip])
        case .preauthorization:
            MessageForm(0x0100, "030000", "06", "18", "10", [.amount, .card, .chip, .partialApproval])
        case .preauthorizationCancel:
            MessageForm(0x0100, "200000", "06", "18", "11", [.amount, .card, .authorizationCode, .numbers, .date])
        case .completion:
            MessageForm(0x0200, "000000", "06", "18", "20", [.amount, .card, .authorizationCode, .numbers, .date])
        case .completionAdvice:
            MessageForm(0x0220, "000000", "06", "18", "24", [.amount, .authorizationCode, .numbers, .date])
        case .completionVoid:
            MessageForm(
                0x0200, "200000", "06", "18", "21", [.amount, .card, .rrn, .authorizationCode, .numbers, .date])
        case .offlineSale: MessageForm(0x0200, "000000", "00", "00", "36", [.amount, .card, .chip])
        case .offlineSettlement: MessageForm(0x0220, "000000", "00", "00", "30", [.amount, .authorizationCode])
        case .adjustment:
            MessageForm(0x0220, "000000", "00", "00", "32", [.amount, .authorizationCode, .tip, .numbers])
        case .tip: MessageForm(0x0220, "000000", "00", "00", "34", [.amount, .authorizationCode, .tip, .numbers])
        }
    }
}
