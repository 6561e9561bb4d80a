import Testing
import Wire

@Suite struct GB18030Tests {
    @Test(arguments: [
        ("", ""), ("CUP", "435550"), ("消费", "CFFBB7D1"), ("中A", "D6D041"), ("€", "A2E3"), ("𠀀", "95328236"),
    ])
    func textSurvives(text: String, hex: String) throws {
        let bytes = try Hex.decode(hex)
        #expect(GB18030.encode(text) == bytes)
        #expect(GB18030.decode(bytes) == text)
    }

    /// Half characters, bytes of no character, control characters, four-byte forms and the private use area.
    @Test(arguments: ["D6", "D6D0CF", "FF", "D620", "01", "7F", "95328236", "AAA1", "8080FF"])
    func uncleanTextIsNoText(hex: String) throws {
        #expect(GB18030.decodeClean(try Hex.decode(hex)) == nil)
    }

    @Test func cleanTextSurvives() throws {
        for lead in UInt8(0x81)...0xFE {
            for trail in UInt8(0x40)...0xFE {
                guard let text = GB18030.decodeClean([lead, trail]) else { continue }
                #expect(GB18030.encode(text) == [lead, trail])
            }
        }
        #expect(GB18030.decodeClean(try Hex.decode("CFFBB7D1")) == "消费")
    }
}
