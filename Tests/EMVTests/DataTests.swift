import EMV
import Testing
import Wire

@Suite struct DataTests {
    // Numeric: right aligned, zeros before. Compressed numeric: left aligned, F behind. Others: left aligned, zeros.
    @Test(arguments: [
        ("9F0206", "000000008880"), ("9F0208", "0000000000008880"), ("9F0203", "008880"), ("9F0200", ""),
        ("5A04", "62258802"), ("5A0C", "6225880212345678FFFFFFFF"), ("9F3702", "1234"), ("9F3706", "123456780000"),
        ("9F9F0103", "000000"), ("7003", "000000"), ("9F370495059A03", "12345678" + "0000000000" + "000000"),
    ])
    func `A list's values are brought to their lengths`(list: String, expected: String) throws {
        let known: [TLV.Tag: [UInt8]] = [
            .amount: [0, 0, 0, 0, 0x88, 0x80], .pan: try Hex.decode("6225880212345678"),
            .unpredictableNumber: [0x12, 0x34, 0x56, 0x78], .record: [1, 2, 3],
        ]
        #expect(Hex.encode(try DOL(Hex.decode(list)).values { known[$0] }) == expected)
    }

    @Test(arguments: ["9F", "9F02", "9F0206 5F", "9F8182838401"])
    func `A list that ends too early is refused`(list: String) throws {
        let bytes = try Hex.decode(list)
        #expect(throws: WireError.self) { try DOL(bytes) }
    }

    @Test func `The dictionary knows each tag once, and its name`() {
        let tags = DataDictionary.elements.map(\.tag)
        #expect(Set(tags).count == tags.count)
        #expect(tags == tags.sorted())
        #expect(DataDictionary.element(0x9F26)?.name == "Application Cryptogram")
        #expect(DataDictionary.element(0x95)?.source == .terminal)
        #expect(DataDictionary.element(0x91)?.source == .issuer)
        #expect(DataDictionary.element(0x5A)?.isSensitive == true)
        #expect(DataDictionary.element(0x9F36)?.isSensitive == false)
        #expect(DataDictionary.element(0x1234) == nil)
        #expect(
            tags.allSatisfy { tag in
                var position = tag.bytes[...].startIndex
                return (try? TLV.readTag(tag.bytes[...], at: &position)) == tag && position == tag.bytes.count
            })
    }

    @Test func `Verification results are five bytes, byte 1 first`() {
        #expect(TVR([.dataAuthenticationNotPerformed, .scriptFailedAfterFinal]).bytes == [0x80, 0, 0, 0, 0x10])
        #expect(TVR(bytes: [1, 2, 3, 4, 5])?.bytes == [1, 2, 3, 4, 5])
        #expect(TVR(bytes: [1, 2, 3, 4]) == nil)
        #expect(TVR(rawValue: .max) == .all)
    }
}
