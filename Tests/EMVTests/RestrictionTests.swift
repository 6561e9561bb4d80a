import EMV
import Payments
import Testing
import Wire

@Suite struct RestrictionTests {
    static let cases: [ContactCase] = [
        fact("10.4.1", "card and terminal have one version", .cardVersion, "0020", "00"),
        fact("10.4.1", "card and terminal have different versions", .cardVersion, "0030", "80"),
        fact("10.4.1", "a card without a version fits any", .cardVersion, nil, "00"),
        fact("10.4.3", "the card ends today", .expirationDate, "261122", "00"),
        fact("10.4.3", "the card ended yesterday", .expirationDate, "261121", "40"),
        fact("10.4.3", "the card ended last year", .expirationDate, "251231", "40"),
        fact("10.4.3", "a card that ends in 49 ends in 2049", .expirationDate, "491231", "00"),
        fact("10.4.3", "a card that ended in 50 ended in 1950", .expirationDate, "500101", "40"),
        fact("10.4.3", "the card begins today", .effectiveDate, "261122", "00"),
        fact("10.4.3", "the card begins tomorrow", .effectiveDate, "261123", "20"),
        fact("10.4.3", "a card that begins in 99 began in 1999", .effectiveDate, "991231", "00"),
        fact("10.4.3", "a card without an effective date has begun", .effectiveDate, nil, "00"),
        fact("10.4.2", "a card without usage control may do everything", .usageControl, nil, "00"),
        fact("10.4.2", "a card that may do everything", .usageControl, "FFC0", "00"),
        fact("10.4.2", "a card for ATMs only is not for this terminal", .usageControl, "FE00", "10"),
        fact("10.4.2", "domestic goods suffice for a domestic sale", .usageControl, "2100", "00"),
        fact("10.4.2", "domestic services suffice for a domestic sale", .usageControl, "0900", "00"),
        fact(
            "10.4.2", "international goods and services do not suffice for a domestic sale", .usageControl, "1500", "10"
        ),
        fact("10.4.2", "cash does not suffice for a sale", .usageControl, "C1C0", "10"),
        usage("international goods suffice for a card from abroad", "0840", "1100", "00"),
        usage("international services suffice for a card from abroad", "0840", "0500", "00"),
        usage("domestic goods and services do not suffice for a card from abroad", "0840", "2900", "10"),
        usage("without the card's country only the kind of terminal counts", nil, "0100", "00"),
        usage("without the card's country a card for ATMs only is refused all the same", nil, "FE00", "10"),
        usage("domestic cash for a domestic card", "0156", "8100", "00", type: 0x01),
        usage("international cash is not domestic", "0156", "4100", "10", type: 0x01),
        usage("international cash for a card from abroad", "0840", "4100", "00", type: 0x01),
        usage("domestic cash is not international", "0840", "8100", "10", type: 0x01),
        usage("domestic cashback for a domestic card", "0156", "2980", "00", type: 0x09),
        usage("international cashback is not domestic", "0156", "2940", "10", type: 0x09),
        usage("international cashback for a card from abroad", "0840", "1540", "00", type: 0x09),
        usage("domestic cashback is not international", "0840", "1580", "10", type: 0x09),
        usage("a sale with an other amount is cashback", "0156", "2900", "10", otherAmount: 1000),
        ContactCase(
            "Book 3, 10.4.2", "a terminal that sells goods only does not take a card for services only",
            tvr: "..10......"
        ) {
            $0.card.set(.usageControl, [0x09, 0x00])
            $0.terminal.additionalCapabilities[0] = 0x40
        },
        ContactCase("Book 3, 10.4.2", "an unattended terminal of a bank that gives cash is an ATM", tvr: "..00......") {
            $0.card.set(.usageControl, [0x82, 0x00])
            $0.terminal.terminalType = 0x14
            $0.terminal.additionalCapabilities[0] = 0x80
            $0.transaction = try Run.sale(type: 0x01)
        },
        ContactCase("Book 3, 10.4.2", "an ATM does not take a card that is not for ATMs", tvr: "..10......") {
            $0.card.set(.usageControl, [0xFD, 0xC0])
            $0.terminal.terminalType = 0x14
            $0.terminal.additionalCapabilities[0] = 0x80
            $0.transaction = try Run.sale(type: 0x01)
        },
        ContactCase(
            "Book 3, 10.4", "restrictions decline nothing by themselves: action analysis does",
            verdict: .approvedOnline,
            tvr: "00E0048000"
        ) {
            $0.card.set(.cardVersion, [0x00, 0x99])
            $0.card.set(.expirationDate, [0x26, 0x01, 0x01])
            $0.card.set(.effectiveDate, [0x27, 0x01, 0x01])
        },
    ]

    /// Byte 2 of the TVR for one object of the card.
    static func fact(_ clause: String, _ what: String, _ tag: TLV.Tag, _ hex: String?, _ byte: String) -> ContactCase {
        ContactCase("Book 3, \(clause)", what, tvr: "..\(byte)......") { try $0.set(tag, hex) }
    }

    static func usage(
        _ what: String, _ country: String?, _ control: String, _ byte: String, type: UInt8 = 0, otherAmount: Int64 = 0
    ) -> ContactCase {
        ContactCase("Book 3, 10.4.2", what, tvr: "..\(byte)......") {
            try $0.set(.issuerCountry, country)
            try $0.set(.usageControl, control)
            $0.transaction = try Run.sale(otherAmount: otherAmount, type: type)
        }
    }

    @Test(arguments: cases)
    func `Restrictions of the card`(_ row: ContactCase) throws { try row.check() }
}
