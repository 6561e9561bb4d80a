import ISO8583
import Testing
import Wire

@Suite struct SubFieldTests {
    @Test(arguments: [
        "22000001", "22000001000", "2200000100050", "22000001000501", "22000001000501048", "220000010005010482111",
    ])
    func transactionType(digits: String) throws {
        let type = try TransactionType(decoding: digits)
        #expect(type.kind == "22")
        #expect(type.batch == "000001")
        #expect(type.encoded == digits)
    }

    @Test func transactionTypeNamesTheMissingPart() {
        #expect(throws: MessageError(.truncated, at: 7, in: "F60.2")) { try TransactionType(decoding: "2200000") }
        #expect(throws: MessageError(.truncated, at: 10, in: "F60.3")) { try TransactionType(decoding: "2200000100") }
    }

    @Test(arguments: ["000001000123", "0000010001231122", "000001000123112200", "00000100012311220012345678901"])
    func originalTransaction(digits: String) throws {
        let original = try OriginalTransaction(decoding: digits)
        #expect(original.trace == "000123")
        #expect(original.encoded == digits)
    }

    @Test func settlementTotals() throws {
        let digits =
            "000000008880" + "001" + "000000000100" + "002" + "1" + "000000000000" + "000" + "000000000000" + "000"
            + "2"
        let totals = try SettlementTotals(decoding: digits)
        #expect(totals.domestic.debitAmount == 8880)
        #expect(totals.domestic.creditCount == 2)
        #expect(totals.domestic.agreement == .agreed)
        #expect(totals.foreign.agreement == .differs)
        #expect(totals.encoded == digits)
        #expect(digits.count == 62)
        #expect(throws: MessageError.self) { try SettlementTotals(decoding: String(digits.dropLast())) }
        #expect(throws: MessageError.self) { try SettlementTotals(decoding: digits + "0") }
    }

    @Test func batchDetails() throws {
        let records = (1...8).map {
            BatchDetails.Record(
                organisation: "00", trace: "00000\($0)", accountNumber: $0 == 8 ? "" : "6222021234567890128", amount: $0
            )
        }
        let digits = BatchDetails(records).encoded
        #expect(digits.count == 322)
        #expect(digits.hasPrefix("08" + "00" + "000001" + "06222021234567890128" + "000000000001"))
        #expect(try BatchDetails(decoding: digits).records == records)
        #expect(throws: MessageError(.invalidValue, at: 0, in: "F48.count")) { try BatchDetails(decoding: "09") }
    }

    @Test(arguments: [("1002156C000000012345", 12345), ("1002156D000000000001", -1)])
    func balance(text: String, amount: Int) throws {
        let balance = try Balance(decoding: text)
        #expect(balance.amount == amount)
        #expect(balance.encoded == text)
        #expect(throws: MessageError(.invalidValue, at: 7, in: "F54.sign")) {
            try Balance(decoding: "1002156X000000012345")
        }
    }

    @Test func taggedTextKeepsUnknownTags() throws {
        let bytes = Array("A20160100204020040003A3018621234567890123456ZZ000".utf8)
        let objects = try TaggedText.decode(bytes)
        #expect(objects.map(\.tag) == ["A2", "A3", "ZZ"])
        #expect(objects[1].text == "621234567890123456")
        #expect(TaggedText.encode(objects) == bytes)
        for count in 1..<bytes.count where ![21, 44].contains(count) {
            #expect(throws: MessageError.self) { try TaggedText.decode(bytes.prefix(count)) }
        }
    }

    @Test(arguments: [24, 40, 60])
    func workingKeys(length: Int) throws {
        let bytes = (0..<length).map { UInt8($0) }
        let keys = try WorkingKeys(decoding: bytes)
        #expect(keys.encoded == bytes)
        #expect(keys.pin.cipher.count == (length == 24 ? 8 : 16))
        #expect((keys.track != nil) == (length == 60))
    }

    @Test(arguments: [0, 23, 44, 56, 84])
    func otherKeyBlocksAreRefused(length: Int) {
        #expect(throws: MessageError(.invalidLength, at: length, in: "F62")) {
            try WorkingKeys(decoding: [UInt8](repeating: 0, count: length))
        }
    }

    @Test func institutions() {
        let bytes = Array("01020000   03050000   ABC".utf8)
        let parts = Institutions(decoding: bytes)
        #expect(parts.issuer == "01020000")
        #expect(parts.acquirer == "03050000")
        #expect(parts.rest == Array("ABC".utf8)[...])
        #expect(parts.encoded == bytes)
        #expect(Institutions(decoding: Array("0102".utf8)).issuer == "0102")
    }

    @Test func remarks() throws {
        let remarks = Remarks(organisation: "CUP", issuer: "发卡行", terminal: "谢谢")
        #expect(remarks.text == "发卡行 谢谢")
        #expect(remarks.encoded.count == 3 + 60 + 4)
        let again = try Remarks(decoding: remarks.encoded)
        #expect(again.encoded == remarks.encoded)
        #expect(try Remarks(decoding: Array("01 ".utf8)).organisation == "01 ")
        #expect(try Remarks(decoding: Array("01 ".utf8)).text == nil)
        #expect(throws: MessageError(.truncated, at: 2, in: "F63.1")) { try Remarks(decoding: [0x30, 0x31]) }
    }

    @Test func parameterList() throws {
        let bytes = try Hex.decode("31" + "9F0605A000000333" + "9F220101" + "DF05083230333031323331")
        let list = try ParameterList(decoding: bytes)
        #expect(list.progress == .complete)
        #expect(list.objects.map(\.tag) == [0x9F06, 0x9F22, 0xDF05])
        #expect(list.encoded == bytes)
        #expect(ParameterList.query(received: 3) == "103")
        #expect(throws: MessageError(.truncated, at: 3, in: "F62")) { try ParameterList(decoding: bytes.prefix(3)) }
    }

    @Test func codedValues() throws {
        let status = Array("011021031041051".utf8)
        let values = try CodedValues(decoding: status, lengths: CodedValues.status)
        #expect(values.items.map(\.code) == ["01", "02", "03", "04", "05"])
        #expect(values.encoded == status)
        let privately = Array("1160" + "99whatever").map { $0.asciiValue ?? 0 }
        let parameters = try CodedValues(decoding: privately, lengths: CodedValues.parameters)
        #expect(parameters.items.count == 1)
        #expect(parameters.rest == Array("99whatever".utf8))
        #expect(parameters.encoded == privately)
    }

    @Test func instalments() throws {
        #expect(try Instalment.Request(decoding: "12ABC  ").encoded == "12ABC  ")
        let text = "000000001000156000000000050000000000007" + "1" + "000000000010000000000005" + "0000000000000"
        let reply = try Instalment.Reply(decoding: text)
        #expect(reply.firstPayment == 1000)
        #expect(reply.periodFee == 5)
        #expect(reply.encoded == text)
    }

    @Test(arguments: ["0000000100000000008880", "00000001000000000088800000000007"])
    func points(text: String) throws {
        let reply = try PointsReply(decoding: text)
        #expect(reply.used == 100)
        #expect(reply.encoded == text)
    }

    @Test(arguments: ["6100000000008880156", "7101050000000088801562200".dropLast(2).description])
    func chipUploads(text: String) throws {
        let upload = try ChipUpload(decoding: text)
        #expect(upload.amount == 8880)
        #expect(upload.encoded == text)
    }

    @Test func mailOrderAndSerialNumber() throws {
        let order = Array("92CV003123SF00201".utf8)
        #expect(try MailOrder(decoding: order).encoded == order)
        #expect(try SerialNumber(decoding: "Sequence No161234567890ABCDEF").encoded == "Sequence No161234567890ABCDEF")
        #expect(throws: MessageError.self) { try SerialNumber(decoding: "Sequence No17123") }
    }
}
