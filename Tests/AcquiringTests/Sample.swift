import FoundationEssentials
import PaymentCryptography
import Payments
import Testing
import Wire

@testable import Acquiring

/// One sale and what it is made of. Golden frames were made with independent implementations of ISO 8583 and DES.
enum Sample {
    static let pan = "6200000000000000011"
    static let chipData = """
        9F2608A1B2C3D4E5F60718 9F270180 9F101307010103A00000010A010000000000ABCDEF01 9F37041A2B3C4D 9F360200AF
        95050000048000 9A03260309 9C0100 9F0206000000008880 5F2A020156 82027C00 9F1A020156 9F0306000000000000
        9F3303E0E9C8 9F3403020300 9F350122 9F1E083830303030303031 8408A000000333010101 9F0902008C 9F410400000123
        """

    static func identity() throws -> TerminalIdentity {
        try #require(TerminalIdentity(terminal: "12345678", merchant: "123456789012345"))
    }

    static func dialect(_ change: (inout DialectOptions) -> Void = { _ in }) throws -> UnionPayDialect {
        var options = DialectOptions()
        change(&options)
        return UnionPayDialect(try identity(), options: options)
    }

    static func macKey() throws -> CipherKey { try CipherKey(Hex.decode("55036372B17543ECB173730768B8D6C4")) }
    static func pinKey() throws -> CipherKey { try CipherKey(Hex.decode("0123456789ABCDEFFEDCBA9876543210")) }

    static func authorization(
        _ kind: TransactionKind = .sale, amount: Int64 = 8880, tip: Int64? = nil, original: Original? = nil,
        channel: PaymentRequest.Channel = .counter, stan: Int = 123, batch: Int = 7, pin: PINEntry = .online,
        mode: EntryMode = .contactChip, maskedPAN: String = "620000*********0011"
    ) throws -> Authorization {
        Authorization(
            request: PaymentRequest(
                id: try #require(RequestID(rawValue: "order-\(stan)")), kind: kind,
                amount: Money(minorUnits: amount, .cny),
                tip: tip.map { Money(minorUnits: $0, .cny) }, original: original, channel: channel),
            stan: try #require(STAN(stan)), batch: try #require(BatchNumber(batch)),
            time: LocalDateTime(year: 2026, month: 3, day: 9, hour: 8, minute: 5, second: 7),
            card: CardSummary(
                maskedPAN: maskedPAN, expiry: ExpiryDate(yearMonth: "3012"), sequenceNumber: 1,
                entryMode: mode, pinEntry: pin, application: nil),
            chipData: mode == .contactChip || mode == .contactlessChip ? try Hex.decode(chipData) : [])
    }

    static func credentials(pin: String? = "123456") throws -> Credentials {
        let pan = try #require(PAN(Sample.pan))
        let block = try pin.map {
            try PINBlock.encipher(SecretBytes(Array($0.utf8)), pan: pan, under: pinKey())
        }
        return Credentials(pan: pan, track2: Track2("\(Sample.pan)=30122200000012345"), pinBlock: block)
    }

    /// What the card, or the typing, of such a payment gives.
    static func credentials(
        _ channel: PaymentRequest.Channel, _ mode: EntryMode, _ pin: PINEntry
    ) throws -> Credentials {
        let whole = try credentials(pin: pin == .online ? "123456" : nil)
        guard mode == .manual else { return whole }
        return Credentials(pan: whole.pan, cvn2: channel == .mailOrder ? SecretBytes(Array("123".utf8)) : nil)
    }

    /// A payment as the journal tells of it.
    static func state(
        _ authorization: Authorization, _ outcome: Outcome? = nil, reversal: ReversalReason? = nil,
        scriptNumber: STAN? = nil
    ) throws -> PaymentState {
        var records: [Record] = [.accepted(authorization.request), .authorization(authorization)]
        if let outcome {
            records.append(
                .finished(authorization.request.id, outcome, reversal: reversal, scriptNumber: scriptNumber))
        }
        let entries = records.enumerated().map {
            Entry(sequence: $0.offset + 1, time: authorization.time, record: $0.element, hash: [])
        }
        return try #require(PaymentState(entries))
    }

    /// What the chip left behind once it had approved.
    static func chip(_ type: ChipResult.CryptogramType = .tc, tvr: String = "0000048000", scripts: String = "")
        -> ChipResult
    {
        ChipResult(
            application: CardApplication(aid: "A000000333010101", label: "PBOC DEBIT"), cryptogramType: type,
            cryptogram: "0102030405060708", tvr: tvr, tsi: "F800", atc: "00AF", cvmResults: "020300",
            issuerApplicationData: "07010103A00000010A010000000000ABCDEF02", unpredictableNumber: "1A2B3C4D",
            aip: "7C00", sequenceNumber: 1, terminalCapabilities: "E0E9C8", signatureRequired: false,
            scriptResults: scripts)
    }

    /// An approval of a request, as its dialect reads it.
    static func approval(_ code: String = "00") -> Reply {
        Reply(
            verdict: .approved, code: code, text: ResponseCode(code).text, rrn: "091234567890",
            authorizationCode: "T12345", settlementDate: "0310",
            acquirerTime: AcquirerTime(date: "0310", time: "080509"))
    }

    /// A golden frame by name, as it is sent.
    static func golden(_ name: String) throws -> String {
        let folder = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
        let lines = try String(contentsOfFile: "\(folder)/Fixtures/requests.txt", encoding: .utf8).split(
            separator: "\n")
        return String(try #require(lines.first { $0.hasPrefix("\(name) ") }).dropFirst(name.count + 1))
    }
}
