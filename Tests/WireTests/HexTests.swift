import Testing
import Wire

@Suite struct HexTests {
    @Test(arguments: [("", []), ("00", [0]), ("9F26", [0x9F, 0x26]), ("9f 26\n", [0x9F, 0x26]), ("aB", [0xAB])])
    func decodes(text: String, bytes: [UInt8]) throws {
        #expect(try Hex.decode(text) == bytes)
    }

    @Test(arguments: [("9", WireError.Reason.truncated, 1), ("9G", .invalidDigit, 1), ("0x12", .invalidDigit, 1)])
    func refuses(text: String, reason: WireError.Reason, offset: Int) {
        #expect(throws: WireError(reason, at: offset)) { try Hex.decode(text) }
    }

    @Test func everyByteSurvives() throws {
        let all = (0...255).map { UInt8($0) }
        #expect(try Hex.decode(Hex.encode(all)) == all)
        #expect(Hex.encode([0x0A, 0xF0]) == "0AF0")
    }
}
