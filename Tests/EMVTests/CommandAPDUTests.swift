import EMV
import Payments
import Testing
import Wire

@Suite struct CommandAPDUTests {
    @Test(arguments: [
        ("00A4040007A0000003330101", "00A4040007A0000003330101" as String?), ("00A40400", "00A40400"),
        ("00B2010C00", "00B2010C00"),
        ("0088000004DEADBEEF", "0088000004DEADBEEF"), ("80A80000028300" + "00", "80A8000002830000"),
        ("00A404", nil), ("", nil), ("00A4040000112233", nil), ("00A4040003112233" + "0011", nil),
    ])
    func `The four cases of a command read and write back`(hex: String, expected: String?) throws {
        let command = CommandAPDU(bytes: try Hex.decode(hex))
        #expect(command.map { Hex.encode($0.bytes) } == expected)
    }

    @Test func `Commands have the standard's headers`() throws {
        #expect(Hex.encode(CommandAPDU.select([0xA0, 1, 2, 3, 4]).bytes) == "00A4040005A00102030400")
        #expect(Hex.encode(CommandAPDU.select([0xA0, 1, 2, 3, 4], next: true).bytes) == "00A4040205A00102030400")
        #expect(Hex.encode(CommandAPDU.readRecord(3, sfi: 2).bytes) == "00B2031400")
        #expect(CommandAPDU.getProcessingOptions([]).map { Hex.encode($0.bytes) } == "80A8000002830000")
        #expect(Hex.encode(CommandAPDU.getData(.atc).bytes) == "80CA9F3600")
        #expect(CommandAPDU.generateAC(.arqc, combined: true, [1]).map { Hex.encode($0.bytes) } == "80AE9000010100")
        #expect(CommandAPDU.generateAC(.tc, combined: false, [1]).map { Hex.encode($0.bytes) } == "80AE4000010100")
        #expect(CommandAPDU.externalAuthenticate([1, 2]).map { Hex.encode($0.bytes) } == "00820000020102")
        #expect(CommandAPDU.internalAuthenticate([UInt8](repeating: 0, count: 256)) == nil)
        #expect(CommandAPDU.getProcessingOptions([UInt8](repeating: 0, count: 254)) == nil)
    }

    @Test func `Descriptions hold no data`() {
        #expect("\(CommandAPDU.select([0xA0, 1, 2, 3, 4]))" == "00A40400 (5)")
        #expect("\(Response([1, 2, 3]))" == "(3) 9000")
    }

    @Test(arguments: [("", false), ("90", false), ("9000", true), ("019000", true)])
    func `A response has two status bytes at least`(hex: String, isResponse: Bool) throws {
        let bytes = try Hex.decode(hex)
        #expect((Response(bytes: bytes) != nil) == isResponse)
        if isResponse { #expect(Response(bytes: bytes)?.bytes == bytes) }
        #expect(Response(bytes: [UInt8](repeating: 0, count: 259)) == nil)
    }
}
