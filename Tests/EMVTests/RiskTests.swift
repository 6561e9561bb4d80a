import EMV
import Payments
import Testing
import Wire

@Suite struct RiskTests {
    /// A sale below the floor limit that neither side wants online.
    static func offline(_ run: inout Run) {
        run.card.firstType = .tc
        run.terminal.applications[0].tacOnline = []
        run.terminal.applications[0].floorLimit = 1_000_000
        run.card.set(.iacOnline, [0, 0, 0, 0, 0])
    }

    /// Byte 4 of the TVR for an amount, a floor limit and a random number; 20 % below 50.00, growing to 87 % at the limit.
    static func amount(
        _ clause: String, _ what: String, limit: Int64 = 10000, amount: Int64 = 8880, chance: Int = 50,
        target: Int = 0, most: Int = 0,
        byte: String, _ arrange: @escaping @Sendable (inout Run) throws -> Void = { _ in }
    ) -> ContactCase {
        ContactCase("Book 3, \(clause)", what, tvr: "......\(byte)..") {
            $0.terminal.applications[0].floorLimit = limit
            $0.terminal.applications[0].randomSelection.threshold = 5000
            $0.terminal.applications[0].randomSelection.targetPercent = target
            $0.terminal.applications[0].randomSelection.maximumPercent = most
            $0.transaction = try Run.sale(amount, randomPercent: chance)
            try arrange(&$0)
        }
    }

    static func velocity(_ what: String, atc: UInt16?, last: UInt16?, _ byte4: String, _ byte2: String) -> ContactCase {
        ContactCase("Book 3, 10.6.3", what, tvr: "..\(byte2)..\(byte4)..", sends: "CA CA AE") {
            $0.card.set(.lowerOfflineLimit, [2])
            $0.card.set(.upperOfflineLimit, [5])
            $0.card.counters = [:]
            $0.card.counters[.atc] = atc
            $0.card.counters[.lastOnlineATC] = last
            $0.terminal.applications[0].floorLimit = 1_000_000
        }
    }

    static let cases: [ContactCase] = [
        amount("10.6.1", "an amount below the floor limit", byte: "00"),
        amount("10.6.1", "an amount at the floor limit exceeds it", limit: 8880, byte: "80"),
        amount("10.6.1", "an amount above the floor limit exceeds it", limit: 8879, byte: "80"),
        amount("10.6.1", "a floor limit of zero is exceeded by any amount", limit: 0, amount: 0, byte: "80"),
        amount(
            "10.6.2", "below the threshold, a number below the target is selected", amount: 4999, chance: 19,
            target: 20,
            most: 87, byte: "10"),
        amount(
            "10.6.2", "below the threshold, the target itself is not selected", amount: 4999, chance: 20, target: 20,
            most: 87, byte: "00"),
        amount(
            "10.6.2", "from the threshold on the chance grows: 71 of 72 at 88.80 is selected", chance: 71, target: 20,
            most: 87, byte: "10"),
        amount(
            "10.6.2", "from the threshold on the chance grows: 72 of 72 at 88.80 is not selected", chance: 72,
            target: 20, most: 87, byte: "00"),
        amount(
            "10.6.2", "at the threshold the chance is the target", amount: 5000, chance: 20, target: 20, most: 87,
            byte: "00"),
        amount(
            "10.6.2", "just below the floor limit the chance is nearly the greatest", amount: 9999, chance: 86,
            target: 20,
            most: 87, byte: "10"),
        amount("10.6.2", "a target of zero selects nothing", chance: 0, byte: "00"),
        amount(
            "10.6.2", "an amount above the floor limit is not selected too", limit: 8000, chance: 0, target: 99,
            most: 99, byte: "80"),
        amount("10.6.2", "a terminal that is online only does not select", chance: 0, target: 99, most: 99, byte: "00")
        {
            $0.terminal.terminalType = 0x21
        },
        amount("10.6.2", "a terminal that is offline only does not select", chance: 0, target: 99, most: 99, byte: "00")
        {
            $0.terminal.terminalType = 0x23
        },
        velocity("fewer transactions than both limits", atc: 5, last: 4, "00", "00"),
        velocity("as many as the lower limit", atc: 5, last: 3, "00", "00"),
        velocity("more than the lower limit", atc: 5, last: 2, "40", "00"),
        velocity("as many as the upper limit", atc: 7, last: 2, "40", "00"),
        velocity("more than the upper limit", atc: 9, last: 2, "60", "00"),
        velocity("counters that are equal exceed both limits", atc: 5, last: 5, "60", "00"),
        velocity("a last online counter above the counter exceeds both limits", atc: 4, last: 5, "60", "00"),
        velocity("no last online counter exceeds both limits, and is no new card", atc: 5, last: nil, "60", "00"),
        velocity("no counter exceeds both limits", atc: nil, last: 4, "60", "00"),
        velocity("no counter, and a new card", atc: nil, last: 0, "60", "08"),
        velocity("a last online counter of zero is a new card", atc: 1, last: 0, "00", "08"),
        velocity("a new card that was used often offline", atc: 9, last: 0, "60", "08"),
        ContactCase(
            "Book 3, 10.6.3", "with one limit only there is no velocity checking", tvr: "........00", avoids: "CA"
        ) {
            $0.card.set(.lowerOfflineLimit, [2])
        },
        ContactCase("Book 3, 10.6.3", "a counter of three bytes counts as none", tvr: "......60..", sends: "CA CA AE") {
            $0.card.set(.lowerOfflineLimit, [2])
            $0.card.set(.upperOfflineLimit, [5])
            $0.terminal.applications[0].floorLimit = 1_000_000
            try $0.answer(0xCA, 0, "9F3603000005")
        },
        ContactCase("Book 4, 6.3.5", "an account on the exception file is noted", tvr: "1.........") {
            $0.terminal.exceptionFile = ["6225880212345678901"]
        },
        ContactCase("Book 4, 6.3.5", "first digits on the exception file are noted", tvr: "1.........") {
            $0.terminal.exceptionFile = ["622588"]
        },
        ContactCase("Book 4, 6.3.5", "another account on the exception file is not this one", tvr: "0.........") {
            $0.terminal.exceptionFile = ["6225880212345678902", "6"]
        },
        ContactCase("Book 4, 6.5.2.2", "the merchant wants the issuer asked", tvr: "......88..") {
            $0.transaction = try Run.sale(forcedOnline: true)
        },
        ContactCase(
            "Book 3, 10.6", "a card that wants no risk management gets none", tvr: "0000040000", tsi: "E000",
            avoids: "CA"
        ) {
            $0.card.authenticates(by: .cda, other: .cardholderVerification)
            $0.card.set(.lowerOfflineLimit, [2])
            $0.card.set(.upperOfflineLimit, [5])
        },
    ]

    @Test(arguments: cases)
    func `Terminal risk management`(_ row: ContactCase) throws { try row.check() }
}
