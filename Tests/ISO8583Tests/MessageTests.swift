import ISO8583
import Testing
import Wire

@Suite struct MessageTests {
    @Test func encodesAsTheTableSays() throws {
        let message = try SaleMessage.make()
        #expect(message.fields.count == 19)
        #expect(Hex.encode(message.encoded) == SaleMessage.wire)
    }

    @Test func decodesWhatItEncodes() throws {
        let message = try Message(decoding: Hex.decode(SaleMessage.wire))
        #expect(message == (try SaleMessage.make()))
        #expect(message.mti == 0x0200)
        for (field, text) in SaleMessage.fields { #expect(message.text(field) == text) }
        #expect(message.bytes(52) == [0x11, 0x22, 0x33, 0x44, 0x55, 0x66, 0x77, 0x88])
        #expect(message.bytes(55).map { Array($0) } == SaleMessage.chipData)
        #expect(message.text(55) == nil)
        #expect(message.text(5) == nil)
        #expect(message.bytes(99) == nil)
    }

    @Test func orderOfSettingDoesNotMatter() throws {
        var message = Message(0x0200)
        try message.set(64, Array("5FE058DB".utf8))
        try message.set(55, SaleMessage.chipData ?? [])
        for (field, text) in SaleMessage.fields.reversed() { try message.set(field, text) }
        try message.set(52, Hex.decode("1122334455667788"))
        #expect(Hex.encode(message.encoded) == SaleMessage.wire)
    }

    @Test func fieldsCanBeReplacedAndRemoved() throws {
        var message = try SaleMessage.make()
        try message.set(2, "4111111111111111")
        #expect(message.text(2) == "4111111111111111")
        #expect(message.text(3) == "000000")
        try message.set(60, "2200000100050")
        #expect(message.text(63) == "CUP")
        message.remove(2)
        message.remove(2)
        message.remove(64)
        #expect(message.text(2) == nil)
        #expect(message.fields.count == 17)
        for (field, text) in SaleMessage.fields where ![2, 60].contains(field) { #expect(message.text(field) == text) }
        #expect(try Message(decoding: message.encoded) == message)
    }

    @Test func failedSetLeavesTheMessageAsItWas() throws {
        let before = try SaleMessage.make()
        var message = before
        #expect(throws: MessageError(.invalidDigit, at: 2, in: "F4")) { try message.set(4, "12x") }
        #expect(throws: MessageError(.invalidLength, at: 19, in: "F2")) { try message.set(2, "12345678901234567890") }
        #expect(throws: MessageError(.wrongKind, at: 0, in: "F55")) { try message.set(55, "9F26") }
        #expect(throws: MessageError(.wrongKind, at: 0, in: "F4")) { try message.set(4, [0x12]) }
        #expect(throws: MessageError(.unknownField, at: 0, in: "F5")) { try message.set(5, "1") }
        #expect(throws: MessageError(.unknownField, at: 0, in: "F65")) { try message.set(65, "1") }
        #expect(throws: MessageError(.unknownField, at: 0, in: "F-1")) { try message.set(-1, "1") }
        #expect(throws: MessageError(.invalidLength, at: 7, in: "F64")) { try message.set(64, [1, 2, 3, 4, 5, 6, 7]) }
        #expect(throws: MessageError(.invalidLength, at: 2, in: "F22")) { try message.set(22, "05") }
        #expect(message == before)
    }

    @Test func fixedFieldsAreFilledUp() throws {
        var message = Message(0x0200)
        try message.set(4, "8880")
        try message.set(23, "1")
        try message.set(41, "T1")
        #expect(message.text(4) == "000000008880")
        #expect(message.text(23) == "001")
        #expect(message.text(41) == "T1      ")
    }

    @Test func macInputEndsBeforeTheMAC() throws {
        let signed = try SaleMessage.make()
        var unsigned = signed
        unsigned.remove(64)
        #expect(Hex.encode(signed.macInput) == SaleMessage.wire.dropLast(16))
        #expect(unsigned.macInput == signed.macInput)
        #expect(Message(0x0800).macInput == [0x08, 0x00, 0, 0, 0, 0, 0, 0, 0, 1])
    }

    /// The receiver ignores the pad nibble, and sends it on as it came.
    @Test(arguments: [
        ("0210", "4000000000000000", "19", "6222021234567890128F", 2, "6222021234567890128"),
        ("0200", "0000040000000000", "", "051F", 22, "051"), ("0200", "0000020000000000", "", "F001", 23, "001"),
        ("0200", "0000000020000000", "05", "12D34F", 35, "12=34"),
    ])
    func foreignPadsSurvive(mti: String, bitmap: String, length: String, content: String, field: Int, text: String)
        throws
    {
        let bytes = try Hex.decode(mti + bitmap + length + content)
        var message = try Message(decoding: bytes)
        #expect(message.text(field) == text)
        #expect(message.padNibble(field) == 0x0F)
        #expect(message.encoded == bytes)
        try message.set(field, text, pad: 0x0F)
        #expect(message.encoded == bytes)
        try message.set(field, text)
        #expect(message.padNibble(field) == 0)
    }

    @Test func fieldTableTellsTheOtherHabit() throws {
        var message = Message(0x0200, table: FieldTable.unionPay.replacing(23, with: .fixed(.digits, 3, .left)))
        try message.set(23, "001")
        #expect(message.bytes(23) == [0x00, 0x10])
    }

    @Test func encryptedTracksKeepTheirNibbles() throws {
        var message = Message(0x0200)
        try message.set(35, "6222021234567890128=0A1B2C3E4F5=67890")
        #expect(message.text(35) == "6222021234567890128=0A1B2C3E4F5=67890")
        #expect(try Message(decoding: message.encoded) == message)
    }

    @Test func textIsGBK() throws {
        var message = Message(0x0210)
        try message.set(63, "CUP消费成功")
        #expect(message.text(63) == "CUP消费成功")
        #expect(message.bytes(63)?.count == 11)
        try message.set(62, [0x01, 0xFF, 0x80])
        #expect(message.text(62) == nil)
        #expect(throws: MessageError.self) { try message.set(44, String(repeating: "中", count: 13)) }
    }
}
