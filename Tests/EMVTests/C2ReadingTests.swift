import Payments
import Testing
import Wire

@testable import EMV

@Suite struct C2ReadingTests {
    // Terminal risk management data: restart, online PIN, signature, none, own device | CVM limit, contacts | no stripe mode.
    static let announcements = [
        C2Case("S1", "A card without a PDOL gets an empty command template", "8300") { $0.card.base.pdol = [] },
        C2Case("S1", "The amount goes into the PDOL", "8306000000008880") {
            $0.card.base.pdol = [0x9F, 0x02, 0x06]
        },
        C2Case("S1", "No verification method is promised before the records are read", "8303200008") {
            $0.terminal.capabilities = [.contactChip, .onlinePIN, .signature, .noVerification, .cda]
            $0.card.base.pdol = [0x9F, 0x33, 0x03]
        },
        C2Case("A.1", "The mobile support indicator says that phones are taken", "830101") {
            $0.card.base.pdol = [0x9F, 0x7E, 0x01]
        },
        C2Case("A.1", "Risk management data name methods and the missing stripe mode", "8308EC68800000000000") {
            $0.card.base.pdol = [0x9F, 0x1D, 0x08]
        },
        C2Case("A.1", "Risk management data say that the CVM limit is exceeded", "8308ECE8800000000000") {
            $0.transaction = try Run.sale(20001)
            $0.card.base.pdol = [0x9F, 0x1D, 0x08]
        },
        C2Case(
            "A.1", "Without verification by a device the risk management data do not name it", "8308E868800000000000"
        ) {
            $0.combination.qualifiers.remove(.onDeviceVerification)
            $0.card.base.pdol = [0x9F, 0x1D, 0x08]
        },
        C2Case("A.1", "A terminal without PIN pad and signature names neither", "83088C08800000000000") {
            $0.terminal.capabilities = [.contactChip, .noVerification, .cda]
            $0.card.base.pdol = [0x9F, 0x1D, 0x08]
        },
        C2Case("A.1", "The entry mode says contactless chip", "830107") { $0.card.base.pdol = [0x9F, 0x39, 0x01] },
        C2Case("S1", "Objects that nobody knows are zeros", "83020000") { $0.card.base.pdol = [0x9F, 0x5C, 0x02] },
    ]

    @Test(arguments: announcements) func `What the terminal tells before the card speaks`(row: C2Case) throws {
        var run = try row.run()
        _ = try run.tap()
        #expect(Hex.encode(try run.last(0xA8).data) == row.expected)
    }

    static func options(_ objects: [TLV]) -> Response {
        Response(TLV(.responseFormat2, TLV.encode(objects)).encoded)
    }

    static let endings = [
        C2Case("S3", "A card that refuses processing options leaves the place to the next application", "select next") {
            $0.card.overrides[0xA8] = Response([], .conditionsNotSatisfied)
        },
        C2Case("S3", "A card without chip mode leaves the place to the next application", "select next") {
            try $0.setProfile { $0.remove(.chipMode) }
        },
        C2Case("S3", "Processing options of format 1 serve as well", "approvedOffline, none, approved") {
            $0.card.base.usesFormat1 = true
        },
        C2Case("S3", "Processing options without a profile end the application", "failed: badData") {
            $0.card.overrides[0xA8] = options([TLV(.afl, [0x08, 1, 1, 0])])
        },
        C2Case("S3", "Processing options without a file locator end the application", "failed: badData") {
            $0.card.overrides[0xA8] = options([TLV(.aip, [0x19, 0x80])])
        },
        C2Case("S3", "A file locator with a wrong length ends the application", "failed: badData") {
            $0.card.overrides[0xA8] = options([TLV(.aip, [0x19, 0x80]), TLV(.afl, [0x08, 1, 1])])
        },
        C2Case("S3", "A file locator that begins at record 0 ends the application", "failed: badData") {
            $0.card.overrides[0xA8] = options([TLV(.aip, [0x19, 0x80]), TLV(.afl, [0x08, 0, 1, 0])])
        },
        C2Case("S3", "Processing options that are no data objects end the application", "failed: badData") {
            $0.card.overrides[0xA8] = Response([0x77, 0x20, 0x82])
        },
        C2Case("S3", "A PDOL that ends within an entry ends the application", "failed: badData") {
            $0.card.base.pdol = [0x9F, 0x02]
        },
        C2Case("S4", "A record that cannot be read ends the application", "failed: badStatus") {
            $0.card.overrides[0xB2] = Response([], .recordNotFound)
        },
        C2Case("S4", "A record without its template ends the application", "failed: badData") {
            $0.card.overrides[0xB2] = Response([0x5A, 0x01, 0x12])
        },
        C2Case("S4", "An object that two records have ends the application", "failed: badData") {
            $0.card.base.records[0].objects.append(TLV(.panSequenceNumber, [0x01]))
        },
        C2Case("S456.16", "Without an account number the application ends", "failed: badData") { try $0.set(.pan, "") },
        C2Case("S456.16", "Without an expiry date the application ends", "failed: badData") {
            try $0.set(.expirationDate, "")
        },
        C2Case("S456.16", "Without CDOL1 the application ends", "failed: badData") { try $0.set(.cdol1, "") },
        C2Case("S456.16", "No list for a second cryptogram is needed", "approvedOffline, none, approved") {
            try $0.set(.cdol2, "")
        },
        C2Case("S456.16", "A track 2 of another account ends the application", "failed: badData") {
            try $0.set(.track2, "5413330012345679D30122011234500F")
        },
        C2Case("7.6", "A CDOL1 that is no list ends the application", "failed: badData") { try $0.set(.cdol1, "9F02") },
    ]

    @Test(arguments: endings) func `Initiating and reading`(row: C2Case) throws {
        var run = try row.run()
        #expect(try run.tap().description == row.expected)
    }

    // Book C-2 means what exceeds a limit, not what reaches it. Expected: ending, then the capabilities told (9F33).
    static let limits = [
        C2Case("S456.14", "A payment of the transaction limit is taken", "online, onlinePIN, enterPIN; 206008") {
            $0.transaction = try Run.sale(50000)
        },
        C2Case(
            "S456.14", "A payment just below the transaction limit is taken", "online, onlinePIN, enterPIN; 206008"
        ) {
            $0.transaction = try Run.sale(49999)
        },
        C2Case(
            "S456.14", "A payment above the transaction limit leaves the place to the next application",
            "select next; -"
        ) {
            $0.transaction = try Run.sale(50001)
        },
        C2Case("S456.14", "Without a transaction limit any amount is taken", "online, onlinePIN, enterPIN; 206008") {
            $0.combination.transactionLimit = nil
            $0.transaction = try Run.sale(99_999_999)
        },
        C2Case(
            "S3.33", "A device that verifies has its own limit, which may be reached",
            "online, onDevice, authorising; 206008"
        ) {
            try $0.setProfile { $0.insert(.onDeviceVerification) }
            $0.transaction = try Run.sale(80000)
        },
        C2Case("S3.33", "Just below its limit a device that verifies is taken", "online, onDevice, authorising; 206008")
        {
            try $0.setProfile { $0.insert(.onDeviceVerification) }
            $0.transaction = try Run.sale(79999)
        },
        C2Case("S3.33", "A device that verifies is refused above its limit", "select next; -") {
            try $0.setProfile { $0.insert(.onDeviceVerification) }
            $0.transaction = try Run.sale(80001)
        },
        C2Case(
            "S3.33", "At a terminal without verification by devices the card's limit holds for them", "select next; -"
        ) {
            try $0.setProfile { $0.insert(.onDeviceVerification) }
            $0.combination.qualifiers.remove(.onDeviceVerification)
            $0.transaction = try Run.sale(50001)
        },
        C2Case("S456.30", "Below the CVM limit no method is offered", "online, none, authorising; 200808") {
            $0.transaction = try Run.sale(19999)
        },
        C2Case("S456.30", "At the CVM limit no method is offered", "online, none, authorising; 200808") {
            $0.transaction = try Run.sale(20000)
        },
        C2Case(
            "S456.30", "Above the CVM limit the terminal's methods are offered",
            "online, onlinePIN, enterPIN; 206008"
        ) {
            $0.transaction = try Run.sale(20001)
        },
        C2Case("S456.30", "Without a CVM limit no method is ever offered", "online, none, authorising; 200808") {
            $0.combination.verificationLimit = nil
            $0.transaction = try Run.sale(50000)
        },
        C2Case("S456.37", "Below the floor limit the card may approve", "approvedOffline, none, approved; 200808") {
            $0.transaction = try Run.sale(9999)
        },
        C2Case("S456.37", "At the floor limit the card may approve", "approvedOffline, none, approved; 200808") {
            $0.transaction = try Run.sale(10000)
        },
        C2Case("S456.37", "Above the floor limit the issuer is asked", "online, none, authorising; 200808") {
            $0.transaction = try Run.sale(10001)
        },
        C2Case(
            "S456.37", "Without a floor limit of its own the one for the contacts holds",
            "approvedOffline, none, approved; 200808"
        ) {
            $0.combination.floorLimit = nil
            $0.combination.parameters.floorLimit = 19999
            $0.transaction = try Run.sale(19999)
        },
        C2Case(
            "S456.37", "What pre-processing sends to the issuer goes there", "online, none, authorising; 200808"
        ) {
            $0.combination.qualifiers.insert(.onlineRequired)
        },
    ]

    @Test(arguments: limits) func `The reader's limits`(row: C2Case) throws {
        var run = try row.run()
        run.terminal.capabilities = [.contactChip, .onlinePIN, .signature, .noVerification, .cda]
        let ending = try run.tap()
        let told = run.card.log.contains { $0.ins == 0xAE } ? try run.told(.terminalCapabilities) : "-"
        #expect("\(ending); \(told)" == row.expected)
    }
}
