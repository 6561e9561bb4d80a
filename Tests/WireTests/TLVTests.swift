import Testing
import Wire

@Suite struct TLVTests {
    /// Objects of every form of tag and length, padding between them, and a constructed one.
    static let sample =
        "9F2608A1B2C3D4E5F60718" + "00" + "9505000004E000" + "5F2A020156" + "9F10" + "8103010203" + "DF8101820001AA"
        + "7006" + "5A0211225700" + "8200"

    @Test func readsTagsLengthsAndValues() throws {
        let objects = try TLV.parse(Hex.decode(TLVTests.sample))
        #expect(objects.map(\.tag) == [0x9F26, 0x95, 0x5F2A, 0x9F10, 0xDF8101, 0x70, 0x82])
        #expect(objects.map(\.value.count) == [8, 5, 2, 3, 1, 6, 0])
        #expect(objects[5].tag.isConstructed)
        #expect(try objects[5].children().map(\.tag) == [0x5A, 0x57])
        #expect(try TLV.find(0x5A, in: Hex.decode(TLVTests.sample))?.value == [0x11, 0x22])
        #expect(try TLV.find(0x9F27, in: Hex.decode(TLVTests.sample)) == nil)
    }

    @Test func encodesWithTheShortestLength() throws {
        let objects = try TLV.parse(Hex.decode(TLVTests.sample))
        let again = try TLV.parse(TLV.encode(objects))
        #expect(again == objects)
        #expect(Hex.encode(objects[3].encoded) == "9F1003010203")
    }

    @Test(arguments: [0, 1, 127, 128, 255, 256, 65535])
    func lengthsSurvive(length: Int) throws {
        let object = TLV(0x9F10, [UInt8](repeating: 0x5A, count: length))
        #expect(try TLV.parse(object.encoded) == [object])
    }

    @Test(arguments: [
        ("9F", WireError.Reason.truncated), ("9F26", .truncated), ("9F2608A1", .truncated), ("9F2681", .truncated),
        ("9F268001", .invalidLength), ("9F268401000000", .invalidLength), ("9F2683010000", .invalidLength),
        ("9FFFFFFFFF01", .invalidTag),
    ])
    func refuses(text: String, reason: WireError.Reason) throws {
        let bytes = try Hex.decode(text)
        #expect { try TLV.parse(bytes) } throws: { ($0 as? WireError)?.reason == reason }
    }

    @Test func everyPrefixThrowsOrReadsFewer() throws {
        let bytes = try Hex.decode("9F2608A1B2C3D4E5F607185F2A020156")
        for count in 1..<bytes.count where count != 11 {
            #expect(throws: WireError.self) { try TLV.parse(bytes.prefix(count)) }
        }
    }

    @Test func flippedBitsNeverTrap() throws {
        let bytes = try Hex.decode(TLVTests.sample)
        for index in bytes.indices {
            for bit in 0..<8 {
                var flipped = bytes
                flipped[index] ^= 1 << bit
                _ = try? TLV.find(0x1F1F, in: flipped)
            }
        }
    }

    @Test func limitsNestingAndNumber() throws {
        var nested = TLV(0x70, [UInt8]())
        for _ in 0..<10 { nested = TLV(0x70, nested.encoded) }
        let deep = nested.encoded
        #expect { try TLV.find(0x5A, in: deep) } throws: { ($0 as? WireError)?.reason == .tooDeep }
        let many = (0..<514).map { $0 % 2 == 0 ? UInt8(0x82) : 0 }
        #expect { try TLV.parse(many) } throws: { ($0 as? WireError)?.reason == .tooMany }
    }
}
