import EMV
import Payments
import Testing
import Wire

@Suite struct QuickKernelC3Tests {
    typealias C7 = QuickKernelC7Tests
    typealias Change = @Sendable (inout TapRun) throws -> Void

    /// A Visa card that asks the issuer.
    static func asking(_ change: @escaping Change = { _ in }) -> Change {
        {
            $0.card.entries = [TapCard.Entry(aid: TapCard.visa)]
            try change(&$0)
        }
    }

    /// A Visa card that approves offline.
    static func approving(_ change: @escaping Change = { _ in }) -> Change {
        {
            $0.approveOffline(TapCard.visa)
            try change(&$0)
        }
    }

    /// A transaction of another type, and the card's usage control and qualifiers.
    static func usage(
        _ type: UInt8, other: Int64 = 0, control: [UInt8] = [0xFF, 0xC0], country: [UInt8] = [0x01, 0x56],
        _ qualifiers: [UInt8], _ change: @escaping Change = { _ in }
    ) -> Change {
        {
            $0.card.entries = [TapCard.Entry(aid: TapCard.visa)]
            $0.transaction = try Run.sale(otherAmount: other, type: type)
            $0.card.qualifiers = qualifiers
            $0.card.additions = [TLV(.usageControl, control), TLV(.issuerCountry, country)]
            try change(&$0)
        }
    }

    static let clause = "Book C-3, 5.5.1"

    static let cases: [TapCase] = [
        TapCase("Book C-3, 5.2", "A request of the card asks the issuer, who approves", C7.online, asking()),
        TapCase(
            "Book C-3, 5.8", "Without an answer of the issuer a request is declined",
            "online none/authorising, " + C7.declined, asking { $0.reply = nil }),
        TapCase("Book C-3, 5.8", "A refusal of the card declines", C7.declined, asking { $0.card.type = .aac }),
        TapCase(
            "Book C-3, 5.2", "6984 asks for the other interface", C7.otherInterface,
            asking {
                $0.interferes = { number, answer in number == 3 ? [0x69, 0x84] : answer }
            }),
        TapCase(
            "Book C-3, 5.2", "6985 goes to the next application", C7.online,
            asking {
                $0.card.entries.append(TapCard.Entry(aid: TapCard.debit))
                $0.interferes = { number, answer in number == 3 ? [0x69, 0x85] : answer }
            }),
        TapCase(
            "Book C-3, 5.2", "6986 sends the customer to the phone", "tryAgain/seePhone, " + C7.onDevice,
            asking {
                $0.card.qualifiers = [0x00, 0x80]
                $0.card.override = { tap, command in tap == 1 && command.ins == 0xA8 ? [0x69, 0x86] : nil }
            }),
        TapCase("Book C-3, 5.6", "An approval with a signature of version 01 holds", C7.offline, approving()),
        TapCase(
            "Book C-3, 5.6", "A signature of version 00 declines", C7.declined,
            approving { $0.card.authentication = [0, 1, 2, 3, 4] }),
        TapCase(
            "Book C-3, 5.6", "An approval without card authentication data declines", C7.declined,
            approving { $0.card.authentication = nil }),
        TapCase(
            "Book C-3, 5.6", "A signature that does not hold declines", C7.declined,
            approving { $0.card.signature.spoilsHash = true }),
        TapCase(
            "Book C-3, 5.6", "A failed signature goes online where the card wants that", C7.online,
            approving {
                $0.card.qualifiers = [0x20, 0x00]
                $0.terminal.caKeys = []
            }),
        TapCase(
            "Book C-3, 5.6", "A failed signature asks for the contacts where the card wants that", C7.otherInterface,
            approving {
                $0.card.qualifiers = [0x10, 0x00]
                $0.terminal.caKeys = []
            }),
        TapCase(
            "Book C-3, 5.6", "Going online comes before the contacts", C7.online,
            approving {
                $0.card.qualifiers = [0x30, 0x00]
                $0.terminal.caKeys = []
            }),
        TapCase(clause, "An expired card's approval declines", C7.declined, approving { try C7.expire(&$0) }),
        TapCase(
            clause, "An expired card's approval goes online where the card wants that", C7.online,
            approving {
                $0.card.qualifiers = [0x08, 0x00]
                try C7.expire(&$0)
            }),
        TapCase(
            clause, "An expired card with a failed signature does what its signature leads to", C7.otherInterface,
            approving {
                $0.card.qualifiers = [0x18, 0x00]
                try C7.expire(&$0)
                $0.terminal.caKeys = []
            }),
        TapCase(
            clause, "A card on the exception file declines its approval", C7.declined,
            approving {
                $0.card.qualifiers = [0x28, 0x00]
                $0.terminal.exceptionFile = ["622588021"]
            }),
        TapCase(clause, "Cash that the card allows goes on", C7.online, usage(0x01, [0x00, 0x00])),
        TapCase(
            clause, "Domestic cash that the card does not allow declines", C7.declined,
            usage(0x01, control: [0x7F, 0x00], [0x00, 0x00])),
        TapCase(
            clause, "International cash that the card does not allow declines", C7.declined,
            usage(0x01, control: [0xBF, 0x00], country: [0x08, 0x40], [0x00, 0x00])),
        TapCase(
            clause, "Cash that the card does not allow asks for the contacts where the card wants that",
            C7.otherInterface, usage(0x01, control: [0x7F, 0x00], [0x04, 0x00])),
        TapCase(
            clause, "Cash declines where the reader has no contacts", C7.declined,
            usage(0x01, control: [0x7F, 0x00], [0x04, 0x00]) { $0.combine { $0.qualifiers.remove(.contactChip) } }),
        TapCase(clause, "Cashback that the card allows goes on", C7.online, usage(0x09, other: 100, [0x00, 0x00])),
        TapCase(
            clause, "Cashback that the card does not allow declines", C7.declined,
            usage(0x09, other: 100, control: [0xFF, 0x00], [0x00, 0x00])),
        TapCase(
            clause, "Cashback that the card does not allow asks for the contacts where the card wants that",
            C7.otherInterface, usage(0x00, other: 100, control: [0xFF, 0x00], [0x02, 0x00])),
        TapCase(
            clause, "A sale asks nothing of the usage control", C7.online,
            usage(0x00, control: [0x00, 0x00], [0x00, 0x00])),
        TapCase(clause, "A cash machine may take the card", C7.online, usage(0x01, [0x00, 0x00]) { atATM(&$0) }),
        TapCase(
            clause, "A cash machine may not take the card", C7.otherInterface, usage(0x01, [0x01, 0x00]) { atATM(&$0) }),
        TapCase(
            clause, "A cash machine without contacts declines such a card", C7.declined,
            usage(0x01, [0x01, 0x00]) {
                atATM(&$0)
                $0.combine { $0.qualifiers.remove(.contactChip) }
            }),
        TapCase("Book C-3, 5.7", "The card asks for the PIN", C7.onlinePIN, asking(C7.verified([0x80, 0x00]))),
        TapCase(
            "Book C-3, 5.7", "The card asks for a signature", C7.onlineSignature, asking(C7.verified([0x40, 0x00]))),
        TapCase("Book C-3, 5.7", "The device did it", C7.onDevice, asking(C7.verified([0x00, 0x80]))),
        TapCase("Book C-3, 5.7", "A card that says nothing signs", C7.onlineSignature, asking(C7.verified(nil))),
        TapCase(
            "Book C-3, 5.7", "A card that says nothing declines where nobody signs", C7.declined,
            asking(C7.verified(nil, reader: .onlinePIN))),
        TapCase(
            "Book C-3, 5.7", "UnionPay's rule for small amounts is not Visa's", C7.onlinePIN,
            asking(C7.small(100, TapCard.visa, [0x80, 0x00]))),
        TapCase(
            "Book C-3, 5.4", "An approval where an online cryptogram was asked for ends the application",
            "ended forbiddenCryptogram/tryAnotherCard", approving { $0.combine { $0.floorLimit = 100 } }),
        TapCase(
            "Book C-3, 5.4", "Without cryptogram information the issuer application data name an approval", C7.offline,
            approving { $0.card.changes[.cryptogramInformation] = .some(nil) }),
    ]

    static func atATM(_ run: inout TapRun) {
        run.terminal.terminalType = 0x14
        run.terminal.additionalCapabilities = [0x80, 0x00, 0xF0, 0xA0, 0x01]
    }

    @Test(arguments: cases) func `A tap of a Visa card ends as the book says`(_ row: TapCase) throws {
        var run = try TapRun.make(row.change)
        #expect(run.played() == row.expected)
    }
}
