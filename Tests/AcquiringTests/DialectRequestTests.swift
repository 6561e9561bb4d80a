import ISO8583
import PaymentCryptography
import Payments
import Testing
import Wire

@testable import Acquiring

struct DialectRequestTests {
    private func sealed(_ frame: Frame) throws -> String {
        Hex.encode(try Sample.dialect().sealed(frame, with: Sample.macKey()).encoded)
    }

    @Test func `golden sale`() throws {
        let frame = try Sample.dialect().request(Sample.authorization(), Sample.credentials())
        #expect(try sealed(frame) == Sample.golden("sale"))
    }

    @Test func `golden sale without a PIN`() throws {
        let frame = try Sample.dialect().request(Sample.authorization(pin: .none), Sample.credentials(pin: nil))
        #expect(try sealed(frame) == Sample.golden("sale-no-pin"))
    }

    @Test(arguments: [(ReversalReason.noReply, "reversal-98"), (.badMAC, "reversal-A0")])
    func `golden reversal`(reason: ReversalReason, name: String) throws {
        let frame = try Sample.dialect().reversal(
            of: Sample.authorization(), pan: Sample.credentials().pan, reason: reason)
        #expect(try sealed(frame) == Sample.golden(name))
    }

    @Test func `golden reversal of what the card refused after the approval`() throws {
        let chip = ChipResult(
            application: CardApplication(aid: "A000000333010101", label: "PBOC DEBIT"), cryptogramType: .aac,
            cryptogram: "0102030405060708", tvr: "0000048020", tsi: "F800", atc: "00AF", cvmResults: "020300",
            issuerApplicationData: "07010103A00000010A010000000000ABCDEF02", unpredictableNumber: "1A2B3C4D",
            aip: "7C00", sequenceNumber: 1, terminalCapabilities: "E0E9C8", signatureRequired: false,
            scriptResults: "2000000000")
        let frame = try Sample.dialect().reversal(
            of: Sample.authorization(), pan: Sample.credentials().pan, reason: .notCompleted,
            authorizationCode: "T12345", chip: chip)
        #expect(try sealed(frame) == Sample.golden("reversal-96-late"))
    }

    @Test func `golden sign-in and echo`() throws {
        let batch = try #require(BatchNumber(7))
        let dialect = try Sample.dialect()
        #expect(Hex.encode(try dialect.signIn(stan: .first, batch: batch).encoded) == (try Sample.golden("sign-in")))
        #expect(
            Hex.encode(try dialect.echo(stan: STAN.first.next, batch: batch).encoded) == (try Sample.golden("echo")))
    }

    @Test func `a reversal carries no secret but the account number`() throws {
        let message = try Sample.dialect().reversal(
            of: Sample.authorization(), pan: Sample.credentials().pan, reason: .noReply
        ).message
        #expect([26, 35, 36, 37, 52, 53].allSatisfy { !message.has($0) })
    }

    /// One option, and what it changes in the sale.
    struct Habit: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let change: @Sendable (inout DialectOptions) -> Void
        let field: Int
        let bytes: String?
    }

    @Test(arguments: [
        Habit(testDescription: "PIN capture 06", change: { $0.pinCaptureCode = "06" }, field: 26, bytes: "06"),
        Habit(testDescription: "no F2 beside F35", change: { $0.sendsPANWithTrack = false }, field: 2, bytes: nil),
        Habit(
            testDescription: "F23 left aligned", change: { $0.sequenceNumberAlignment = .left }, field: 23,
            bytes: "0010"),
        Habit(
            testDescription: "F53 without PAN", change: { $0.pinBlockFormat = 1 }, field: 53, bytes: "1600000000000000"),
        Habit(
            testDescription: "single DES", change: { $0.keySet = .singleLength }, field: 53, bytes: "2000000000000000"),
        Habit(testDescription: "time", change: { $0.sendsLocalTime = true }, field: 12, bytes: "080507"),
        Habit(testDescription: "date", change: { $0.sendsLocalTime = true }, field: 13, bytes: "0309"),
        Habit(
            testDescription: "contactless terminal", change: { $0.terminalCapability = 6 }, field: 60,
            bytes: "22000007000600"),
    ])
    func `an acquirer's habit is an option`(_ habit: Habit) throws {
        let message = try Sample.dialect(habit.change).request(Sample.authorization(), Sample.credentials()).message
        #expect(message.bytes(habit.field).map { Hex.encode($0) } == habit.bytes)
    }

    @Test func `the track goes out enciphered where the key set says so`() throws {
        let dialect = try Sample.dialect { $0.keySet = .doubleLengthWithTrackKey }
        #expect(throws: MessageError(.invalidValue, at: 0, in: "F35")) {
            try dialect.request(Sample.authorization(), Sample.credentials())
        }
        let key = try CipherKey(Hex.decode("00112233445566778899AABBCCDDEEFF"))
        let message = try dialect.request(Sample.authorization(), Sample.credentials(), trackKey: key).message
        let sent = try #require(message.text(35))
        #expect(sent.utf8.count == 37)
        #expect(message.text(53) == "2610000000000000")
        let clear = try TrackEncryption.decipher(sent, under: key)
        #expect(Track2(clear)?.text == (try Sample.credentials().track2?.text))
        #expect(!sent.contains("30122200000012345"))
    }

    @Test(arguments: [0, -1, 1_000_000_000_000]) func `an amount that no field holds is an error`(units: Int64) throws {
        #expect(throws: MessageError.self) {
            try Sample.dialect().request(Sample.authorization(amount: units), Sample.credentials())
        }
    }

    @Test(
        arguments: [
            (EntryMode.manual, "0110", 0x60), (.stripe, "0210", 0x60), (.contactChip, "0510", 0x61),
            (.contactlessChip, "0710", 0x61), (.fallback, "8010", 0x60),
        ] as [(EntryMode, String, UInt8)])
    func `entry mode and header class`(mode: EntryMode, field22: String, header: UInt8) throws {
        let frame = try Sample.dialect().request(Sample.authorization(mode: mode), Sample.credentials())
        #expect(frame.message.bytes(22).map { Hex.encode($0) } == field22)
        #expect(frame.header.applicationClass == header)
    }
}
