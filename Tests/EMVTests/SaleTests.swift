import EMV
import Payments
import Testing
import Wire

@Suite struct SaleTests {
    @Test func `A sale with CDA and online PIN is approved by card and issuer`() throws {
        var run = try Run.make()
        let outcome = try required(run.play())
        #expect(outcome.verdict == .approvedOnline)
        let result = try required(outcome.completion).result
        #expect(result.tvr == "0000048000")
        #expect(result.tsi == "E800")
        #expect(result.cvmResults == "420300")
        #expect(result.cryptogramType == .tc)
        #expect(result.cryptogram == "C0DE010405060708")
        #expect(run.instructions == "A4 B2 B2 A4 A8 B2 B2 B2 B2 B2 AE AE")
        #expect(run.pinRequests == 1)
        let request = try required(run.requests.first)
        #expect(request.card.pan.digits == "6225880212345678901")
        #expect(request.card.expiry?.description == "3012")
        #expect(request.card.sequenceNumber == 1)
        #expect(request.card.track2?.serviceCode == "201")
        #expect(request.pinEntry == .online)
        let tags = try TLV.parse(request.chipData).map(\.tag.description).joined(separator: " ")
        #expect(
            tags == "9F26 9F27 9F10 9F37 9F36 95 9A 9C 9F02 5F2A 82 9F1A 9F03 9F33 9F34 9F35 9F1E 84 9F09 9F41")
        #expect(try TLV.find(.amount, in: request.chipData)?.value.elementsEqual([0, 0, 0, 0, 0x88, 0x80]) == true)
        let reversal = try TLV.parse(run.kernel.reversalData).map(\.tag.description).joined(separator: " ")
        #expect(reversal == "95 9F1E 9F10 9F36")
    }
}
