import Testing
import Wire

@Suite struct BCDTests {
    @Test func packsByAlignment() throws {
        #expect(try BCD.encode("051", .left(pad: 0)) == [0x05, 0x10])
        #expect(try BCD.encode("051", .left(pad: 0xF)) == [0x05, 0x1F])
        #expect(try BCD.encode("001", .right) == [0x00, 0x01])
        #expect(try BCD.encode("12=3", .right) == [0x12, 0xD3])
        #expect(try BCD.encode("") == [])
    }

    @Test(arguments: ["1A", "1 ", "-1", "１"])
    func refusesOtherCharacters(text: String) {
        #expect(throws: WireError.self) { try BCD.encode(text) }
    }

    @Test func unpacksByAlignment() throws {
        #expect(try BCD.decode([0x05, 0x1F], count: 3, .left(pad: 0xF)) == "051")
        #expect(try BCD.decode([0xF0, 0x01], count: 3, .right) == "001")
        #expect(try BCD.decode([0x12, 0xD3], separator: true) == "12=3")
    }

    @Test func refusesOtherNibbles() {
        #expect(throws: WireError(.invalidDigit, at: 1)) { try BCD.decode([0x12, 0xD3]) }
        #expect(throws: WireError.self) { try BCD.decode([0x12], count: 3) }
        #expect(throws: WireError.self) { try BCD.decode([0x12], count: -1) }
    }

    @Test(arguments: 0...21)
    func digitsSurvive(count: Int) throws {
        let digits = String("123456789012345678901".prefix(count))
        #expect(try BCD.decode(BCD.encode(digits, .right), count: count, .right) == digits)
        #expect(try BCD.decode(BCD.encode(digits, .left(pad: 0)), count: count, .left(pad: 0)) == digits)
    }
}
