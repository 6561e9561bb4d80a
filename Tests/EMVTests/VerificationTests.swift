import EMV
import Payments
import Testing
import Wire

@Suite struct VerificationTests {
    // X is 100.00, Y is 50.00; the amount is 88.80.
    static func rules(
        _ what: String, _ list: String, clause: String = "Book 3, 10.5",
        has capabilities: TerminalCapabilities = Run.everyMethod,
        pin: ContactKernel.PINOutcome = .entered, offline: [String]? = ["1234"], amount: Int64 = 8880, type: UInt8 = 0,
        cvm: String, byte3: String, asked: Int = 0, entry: PINEntry = .none, signs: Bool = false,
        sends: String? = nil, avoids: String? = nil,
        _ arrange: @escaping @Sendable (inout Run) throws -> Void = { _ in }
    ) -> ContactCase {
        ContactCase(
            clause, what, verdict: .approvedOnline, tvr: "....\(byte3)....", tsi: "E800", cvm: cvm, sends: sends,
            avoids: avoids,
            also: .init { run, end in
                #expect(run.pinRequests == asked)
                #expect(run.requests.first?.pinEntry == entry)
                #expect(run.kernel.pinEntry == entry)
                #expect(end.completion?.result.signatureRequired == signs)
            }
        ) {
            try $0.set(.cvmList, "00002710 00001388" + list)
            $0.terminal.capabilities = capabilities.union([.sda, .dda, .cda])
            $0.transaction = try Run.sale(amount, type: type)
            $0.pin = pin
            $0.offlinePINs = offline
            try arrange(&$0)
        }
    }

    static let list: [ContactCase] = [
        rules(
            "online PIN, entered: its result is unknown here", "4203 5E03 1F00", cvm: "420300", byte3: "04", asked: 1,
            entry: .online),
        rules("signature: its result is unknown here", "1E00", cvm: "1E0000", byte3: "00", signs: true),
        rules("no verification is successful", "1F00", cvm: "1F0002", byte3: "00"),
        rules("fail: nothing that follows counts", "0000 1F00", cvm: "000001", byte3: "80"),
        rules("fail, with the bit to go on: nothing that follows counts", "4000 1F00", cvm: "400001", byte3: "80"),
        rules(
            "an unknown method with the bit to go on gives way to the next rule", "6000 1F00", cvm: "1F0002",
            byte3: "40"),
        rules("an unknown method without the bit to go on fails", "2000 1F00", cvm: "3F0001", byte3: "C0"),
        rules("no rule whose condition is satisfied: failed, none performed", "1F01", cvm: "3F0001", byte3: "80"),
        rules(
            "a rule that fails with the bit to go on, and is the last, fails", "4200", pin: .bypassed, cvm: "420001",
            byte3: "88", asked: 1),
        rules(
            "a signature that the terminal cannot take gives way where it may", "5E00 1F00", has: [.noVerification],
            cvm: "1F0002", byte3: "00"),
        rules(
            "a signature that the terminal cannot take fails where it may not", "1E00 1F00", has: [.noVerification],
            cvm: "3F0001", byte3: "80"),
        rules(
            "no verification that the terminal does not offer fails", "1F00", has: [.signature], cvm: "3F0001",
            byte3: "80"),
        ContactCase(
            "Book 3, 10.5", "a card that does not support verification: none performed, no failure", tvr: "0000008000",
            tsi: "A800", cvm: "3F0000"
        ) {
            $0.card.authenticates(by: .cda, other: .terminalRiskManagement)
        },
        ContactCase(
            "Book 3, 7.5", "a card that supports verification without a list: missing data, none performed",
            tvr: "2000008000", tsi: "A800", cvm: "3F0000"
        ) {
            $0.card.set(.cvmList, nil)
        },
        ContactCase("Book 3, 10.5", "a list without rules is no list", tvr: "2000008000", tsi: "A800", cvm: "3F0000") {
            $0.card.set(.cvmList, [UInt8](repeating: 0, count: 8))
        },
    ]

    static func condition(
        _ what: String, _ code: String, _ satisfied: Bool, amount: Int64 = 8880, type: UInt8 = 0,
        has capabilities: TerminalCapabilities = Run.everyMethod, method: String = "1F",
        _ arrange: @escaping @Sendable (inout Run) throws -> Void = { _ in }
    ) -> ContactCase {
        rules(
            "condition \(code): \(what)", method + code, clause: "Book 3, Annex C3", has: capabilities, amount: amount,
            type: type,
            cvm: satisfied ? method + code + (method == "1E" ? "00" : "02") : "3F0001", byte3: satisfied ? "00" : "80",
            signs: satisfied && method == "1E", arrange)
    }

    static let conditions: [ContactCase] = [
        condition("always", "00", true),
        condition("unattended cash, at an attended terminal", "01", false, type: 0x01),
        condition("unattended cash, for a sale", "01", false),
        condition("unattended cash, at an unattended terminal", "01", true, type: 0x01) {
            $0.terminal.terminalType = 0x25
        },
        condition("no cash nor cashback, for a sale", "02", true),
        condition("no cash nor cashback, for cash", "02", false, type: 0x01),
        condition("no cash nor cashback, for cashback", "02", false, type: 0x09),
        condition("the terminal supports the method", "03", true),
        condition("the terminal does not support the method", "03", false, has: [.noVerification], method: "1E"),
        condition("manual cash, for cash", "04", true, type: 0x01),
        condition("manual cash, for a sale", "04", false),
        condition("manual cash, at an unattended terminal", "04", false, type: 0x01) {
            $0.terminal.terminalType = 0x25
        },
        condition("cashback, for cashback", "05", true, type: 0x09),
        condition("cashback, for a sale", "05", false),
        condition("below X", "06", true),
        condition("X itself is not below X", "06", false, amount: 10000),
        condition("above X", "07", true, amount: 10001),
        condition("X itself is not above X", "07", false, amount: 10000),
        condition("below Y", "08", true, amount: 4999),
        condition("Y itself is not below Y", "08", false, amount: 5000),
        condition("above Y", "09", true),
        condition("Y itself is not above Y", "09", false, amount: 5000),
        condition("amounts do not count in another currency than the card's", "06", false, amount: 8881) {
            $0.card.set(.applicationCurrency, [0x08, 0x40])
        },
        condition("amounts do not count where the card names no currency", "06", false, amount: 8882) {
            $0.card.set(.applicationCurrency, nil)
        },
        condition("a code of the future is not satisfied", "0A", false),
        condition("a code of a payment system is not satisfied", "80", false),
    ]

    static let onlinePIN: [ContactCase] = [
        rules(
            "bypassed: the next rule counts", "4200 1E00", clause: "Book 4, 6.3.4.3", pin: .bypassed, cvm: "1E0000",
            byte3: "08", asked: 1, signs: true),
        rules(
            "bypassed once, it is not asked for again", "4200 4200 1E00", clause: "Book 4, 6.3.4.3", pin: .bypassed,
            cvm: "1E0000", byte3: "08", asked: 1, signs: true),
        rules(
            "bypassed, and no rule left", "0200 1E00", clause: "Book 4, 6.3.4.3", pin: .bypassed, cvm: "020001",
            byte3: "88", asked: 1),
        rules(
            "bypassed online, it is bypassed for the card too", "4200 4100 1F00", clause: "Book 4, 6.3.4.3",
            pin: .bypassed, cvm: "1F0002", byte3: "08", asked: 1, avoids: "CA"),
        rules(
            "a pad that breaks: the next rule counts", "4200 1F00", clause: "Book 3, 10.5.2", pin: .padFailed,
            cvm: "1F0002", byte3: "10", asked: 1),
        rules(
            "a pad that breaks, and no rule left", "0203", clause: "Book 3, 10.5.2", pin: .padFailed, cvm: "020301",
            byte3: "90", asked: 1),
        rules(
            "a pad that broke online is not asked for the card's PIN", "4200 4100 1F00", clause: "Book 3, 10.5.2",
            pin: .padFailed, cvm: "1F0002", byte3: "10", asked: 1, avoids: "CA"),
        rules(
            "a terminal without it: as if the pad were missing", "4200 5E00 1F00", clause: "Book 3, 10.5.2",
            has: [.signature], cvm: "5E0000", byte3: "10", signs: true),
        rules(
            "a terminal without it where the condition asks for support: no trace", "4203 1F03",
            clause: "Book 3, 10.5.2", has: [.noVerification], cvm: "1F0302", byte3: "00"),
        rules(
            "an outcome of the card's PIN is a pad out of order", "4200 1F00", clause: "Book 3, 10.5.2",
            pin: .answered([0x90, 0x00]), cvm: "1F0002", byte3: "10", asked: 1),
    ]

    static let plaintext: [ContactCase] = [
        offline(
            "right: successful", cvm: "410002", byte3: "00", asked: 1, entry: .offline, sends: "CA AE", avoids: "84"),
        offline(
            "with signature: the signature is open, and signed", "4300", cvm: "430000", byte3: "00", asked: 1,
            entry: .offline, signs: true),
        offline(
            "with signature, of a terminal that takes none: no PIN is asked for", "4300 1F00",
            has: [.plaintextPIN, .noVerification], cvm: "1F0002", byte3: "00"),
        offline(
            "wrong, then right: asked again", pins: ["9999", "1234"], cvm: "410002", byte3: "00", asked: 2,
            entry: .offline),
        offline("wrong until no try is left", pins: ["9999"], cvm: "1F0002", byte3: "20", asked: 3),
        offline(
            "wrong until no try is left, and no rule left", "0100 1F00", pins: ["9999"], cvm: "010001", byte3: "A0",
            asked: 3),
        offline("no try left by GET DATA: not asked for", cvm: "1F0002", byte3: "20") { $0.card.pinTries = 0 },
        offline(
            "no try left: a later rule for the card's PIN is not asked for", "4100 4400 1F00", cvm: "1F0002",
            byte3: "20"
        ) { $0.card.pinTries = 0 },
        offline(
            "no try left: online PIN may follow", "4100 4200 1F00", cvm: "420000", byte3: "24", asked: 1, entry: .online
        ) { $0.card.pinTries = 0 },
        offline(
            "a counter that the card keeps to itself: asked for", cvm: "410002", byte3: "00", asked: 1, entry: .offline
        ) { $0.card.pinTries = nil },
        offline("a counter of a wrong form counts as none", cvm: "410002", byte3: "00", asked: 1, entry: .offline) {
            try $0.answer(0xCA, 0, "9F17020003")
        },
        offline("bypassed", pins: ["-"], cvm: "1F0002", byte3: "08", asked: 1),
        offline("bypassed after a wrong one", pins: ["9999", "-"], cvm: "1F0002", byte3: "08", asked: 2),
        offline(
            "bypassed for the card, it is bypassed online too", "4100 4200 1F00", pins: ["-"], cvm: "1F0002",
            byte3: "08", asked: 1),
        offline("a pad that breaks", pins: ["!"], cvm: "1F0002", byte3: "10", asked: 1),
        offline(
            "a pad that breaks is not asked for online PIN", "4100 4200 1F00", pins: ["!"], cvm: "1F0002", byte3: "10",
            asked: 1),
        offline(
            "a terminal without it: as if the pad were missing", has: [.noVerification], cvm: "1F0002", byte3: "10",
            avoids: "CA"),
        offline(
            "a terminal without it, and no rule to go on with", "0100 1F00", has: [.noVerification], cvm: "3F0001",
            byte3: "90"),
        offline(
            "a terminal without it where the condition asks for support: no trace", "4103 1F00",
            has: [.encipheredPIN, .noVerification], cvm: "1F0002", byte3: "00"),
    ]

    static func offline(
        _ what: String, _ list: String = "4100 1F00", has capabilities: TerminalCapabilities = Run.everyMethod,
        pins: [String] = ["1234"],
        cvm: String, byte3: String, asked: Int = 0, entry: PINEntry = .none, signs: Bool = false,
        sends: String? = nil, avoids: String? = nil,
        _ arrange: @escaping @Sendable (inout Run) throws -> Void = { _ in }
    ) -> ContactCase {
        rules(
            "plaintext PIN, \(what)", list, clause: "Book 3, 10.5.1", has: capabilities, offline: pins, cvm: cvm,
            byte3: byte3,
            asked: asked, entry: entry, signs: signs, sends: sends, avoids: avoids, arrange)
    }

    static let enciphered: [ContactCase] = [
        cipher(
            "right: successful, after the card's number", cvm: "440002", byte3: "00", asked: 1, entry: .offline,
            sends: "CA 84 20 AE"),
        cipher(
            "with signature: the signature is open, and signed", "4500", cvm: "450000", byte3: "00", asked: 1,
            entry: .offline, signs: true),
        cipher("with a key of its own", cvm: "440002", byte3: "00", asked: 1, entry: .offline) {
            $0.card.hasPINKey = true
        },
        cipher(
            "with the card's key where data authentication is static", cvm: "440002", byte3: "00", asked: 1,
            entry: .offline
        ) {
            $0.card.authenticates(by: .sda)
        },
        cipher(
            "wrong, then right: a fresh number each time", pins: ["9999", "1234"], cvm: "440002", byte3: "00", asked: 2,
            entry: .offline, sends: "CA 84 20 84 20 AE"),
        cipher("wrong until no try is left", pins: ["9999"], cvm: "1F0002", byte3: "20", asked: 3),
        cipher("no try left by GET DATA: not asked for", cvm: "1F0002", byte3: "20", avoids: "84") {
            $0.card.pinTries = 0
        },
        cipher("6983 to the first VERIFY: no try left", cvm: "1F0002", byte3: "20", asked: 1) {
            try $0.answer(0x20, 0, "", status: 0x6983)
        },
        cipher("6984 to VERIFY, the block could not be recovered: as no try left", cvm: "1F0002", byte3: "20", asked: 1)
        {
            try $0.answer(0x20, 0, "", status: 0x6984)
        },
        cipher(
            "a card that finds it wrong for ever: left after fifteen times", pins: ["9999"], cvm: "1F0002", byte3: "20",
            asked: 15
        ) {
            $0.card.overrides[0x20] = { _, _ in Response([], StatusWord(rawValue: 0x63C5)) }
        },
        cipher("GET CHALLENGE refused: failed, without a bit of its own", cvm: "1F0002", byte3: "00", avoids: "20") {
            try $0.answer(0x84, 0, "", status: 0x6D00)
        },
        cipher("GET CHALLENGE of seven bytes: failed", cvm: "1F0002", byte3: "00", avoids: "20") {
            try $0.answer(0x84, 0, "01020304050607")
        },
        cipher("bypassed", pins: ["-"], cvm: "1F0002", byte3: "08", asked: 1, avoids: "20"),
        cipher("a pad that breaks", pins: ["!"], cvm: "1F0002", byte3: "10", asked: 1, avoids: "20"),
        cipher(
            "a terminal without it: as if the pad were missing", has: [.plaintextPIN, .noVerification], cvm: "1F0002",
            byte3: "10", avoids: "CA"),
        cipher(
            "a condition of support is satisfied by the enciphered one alone", "4103 4403", has: [.encipheredPIN],
            cvm: "440302", byte3: "00", asked: 1, entry: .offline),
        ContactCase(
            "Book 2, 7.1", "enciphered PIN, no key of the card: failed, not asked for", verdict: .approvedOnline,
            tvr: "2400808000", cvm: "440001", avoids: "CA"
        ) {
            try $0.set(.cvmList, "0000000000000000 4400")
            $0.terminal.capabilities = Run.everyMethod
        } spoil: {
            $0.card.set(.iccCertificate, nil)
        },
        ContactCase(
            "Book 2, 7.1", "enciphered PIN, the key for PINs does not hold: failed, the other key is not taken",
            verdict: .approvedOnline, tvr: "0000808000", cvm: "440001", avoids: "CA"
        ) {
            try $0.set(.cvmList, "0000000000000000 4400")
            $0.terminal.capabilities = Run.everyMethod
            $0.card.hasPINKey = true
        } spoil: {
            $0.card.set(.pinExponent, [0x02])
        },
        ContactCase(
            "Book 2, 7.1", "enciphered PIN, the key for PINs lacks its exponent: failed", verdict: .approvedOnline,
            tvr: "0000808000", cvm: "440001", avoids: "CA"
        ) {
            try $0.set(.cvmList, "0000000000000000 4400")
            $0.terminal.capabilities = Run.everyMethod
            $0.card.hasPINKey = true
        } spoil: {
            $0.card.set(.pinExponent, nil)
        },
        ContactCase(
            "Book 2, 7.1", "enciphered PIN under the longest keys", large: true, verdict: .approvedOnline,
            tvr: "0000008000", cvm: "440002"
        ) {
            try $0.set(.cvmList, "0000000000000000 4400")
            $0.terminal.capabilities = Run.everyMethod
            $0.offlinePINs = ["1234"]
            $0.card.hasPINKey = true
        },
        ContactCase("Book 3, 6.5.12.5", "any other status to VERIFY ends", failure: .badStatus) {
            try $0.set(.cvmList, "0000000000000000 4400")
            $0.terminal.capabilities = Run.everyMethod
            $0.offlinePINs = ["1234"]
            try $0.answer(0x20, 0, "", status: 0x6A80)
        },
        ContactCase(
            "Book 3, 10.5.1", "the customer is told how many tries are left, and that the last PIN was wrong",
            verdict: .approvedOnline,
            also: .init { run, _ in
                #expect(run.queries.map(\.triesLeft) == [3, 2, 1])
                #expect(run.queries.map(\.isRetry) == [false, true, true])
            }
        ) {
            try $0.set(.cvmList, "0000000000000000 4400")
            $0.terminal.capabilities = Run.everyMethod
            $0.offlinePINs = ["1111", "2222", "1234"]
        },
        ContactCase(
            "Book 4, Annex A2", "the card is told every capability of the terminal", verdict: .approvedOnline,
            also: .init { run, _ in
                #expect(run.card.log.first { $0.ins == 0xA8 }.map { Hex.encode($0.data) } == "830320F8C8")
            }
        ) {
            $0.terminal.capabilities = Run.everyMethod
            $0.card.pdol = [0x9F, 0x33, 0x03]
        },
    ]

    static func cipher(
        _ what: String, _ list: String = "4400 1F00", has capabilities: TerminalCapabilities = Run.everyMethod,
        pins: [String] = ["1234"],
        cvm: String, byte3: String, asked: Int = 0, entry: PINEntry = .none, signs: Bool = false,
        sends: String? = nil, avoids: String? = nil,
        _ arrange: @escaping @Sendable (inout Run) throws -> Void = { _ in }
    ) -> ContactCase {
        rules(
            "enciphered PIN, \(what)", list, clause: "Book 2, 7", has: capabilities, offline: pins, cvm: cvm,
            byte3: byte3,
            asked: asked, entry: entry, signs: signs, sends: sends, avoids: avoids, arrange)
    }

    @Test(arguments: list)
    func `The CVM list`(_ row: ContactCase) throws { try row.check() }

    @Test(arguments: conditions)
    func `Conditions of rules`(_ row: ContactCase) throws { try row.check() }

    @Test(arguments: onlinePIN)
    func `Online PIN`(_ row: ContactCase) throws { try row.check() }

    @Test(arguments: plaintext)
    func `Plaintext PIN`(_ row: ContactCase) throws { try row.check() }

    @Test(arguments: enciphered)
    func `Enciphered PIN`(_ row: ContactCase) throws { try row.check() }
}
