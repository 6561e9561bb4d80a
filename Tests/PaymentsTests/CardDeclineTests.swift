import Payments
import Testing

@Suite struct CardDeclineTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let tvr: String
        var cid: UInt8 = 0
        var code: String? = "Z1"
        let reason: CardDecline
        var testDescription: String { "\(tvr) \(cid) \(code ?? "-"): \(reason.rawValue)" }
    }

    static let cases = [
        Case(tvr: "0000000000", reason: .offline), Case(tvr: "0000000000", code: nil, reason: .offline),
        Case(tvr: "0000000000", code: "Z3", reason: .issuerUnreachable),
        Case(tvr: "1000000000", reason: .onExceptionFile), Case(tvr: "0040000000", reason: .expired),
        Case(tvr: "0020000000", reason: .notYetEffective), Case(tvr: "0010000000", reason: .serviceNotAllowed),
        Case(tvr: "0000200000", reason: .pinTriesExceeded), Case(tvr: "0000800000", reason: .notVerified),
        Case(tvr: "0000A00000", reason: .pinTriesExceeded), Case(tvr: "4000000000", reason: .notGenuine),
        Case(tvr: "0800000000", reason: .notGenuine), Case(tvr: "0400000000", reason: .notGenuine),
        // What the terminal found explains an end without the issuer, too.
        Case(tvr: "0040000000", code: "Z3", reason: .expired),
        // The card's own reason comes first; one that it does not give says nothing.
        Case(tvr: "0000000000", cid: 0x01, reason: .serviceNotAllowed),
        Case(tvr: "0000800000", cid: 0x02, reason: .pinTriesExceeded),
        Case(tvr: "0000800000", cid: 0x08, reason: .notVerified), Case(tvr: "0000000000", cid: 0x03, reason: .offline),
        Case(tvr: "0000000000", cid: 0x07, reason: .offline), Case(tvr: "", reason: .offline),
    ]

    @Test(arguments: cases) func `The chip's result says why it was declined`(row: Case) {
        let chip = ChipResult(
            application: CardApplication(aid: "A000000333010101", label: "UnionPay"), cryptogramType: .aac,
            cryptogram: "", tvr: row.tvr, tsi: "", atc: "", cvmResults: "", issuerApplicationData: "",
            unpredictableNumber: "", aip: "", sequenceNumber: nil, terminalCapabilities: "", signatureRequired: false,
            scriptResults: "", responseCode: row.code, advice: CardAdvice(cryptogramInformation: row.cid))
        #expect(CardDecline(nil, chip) == row.reason)
    }

    @Test func `Every reason has words of its own in both languages`() {
        let texts = CardDecline.allCases.map(\.text)
        #expect(Set(texts.map(\.chinese)).count == texts.count)
        #expect(Set(texts.map(\.english)).count == texts.count)
        #expect(CardDecline(nil, nil) == .offline)
    }
}
