import Diagnostics
import ISO8583
import Testing
import Wire

@Suite struct MessageDocumentTests {
    static let message = [
        "0200", "702406C020C09A13", "1962220212345678901280", "000000", "000000008880", "000123", "3012", "0510",
        "0001",
        "00", "12", "376222021234567890128D301220100000000000", "3030303030303031", "313233343536373839303132333435",
        "313536", "1122334455667788", "2600000000000000", "00179F2608A1B2C3D4E5F607185A0411112222",
        "001422000001000501", "0003435550", "3546453035384442",
    ].joined()
    static let envelope = "6000030000" + "603100311305"

    static func json(_ document: MessageDocument) -> [UInt8] { Array(document.json(reveal: true).text.utf8) }

    @Test func jsonHoldsDigitsTextOrHexadecimal() throws {
        let document = try MessageDocument(decoding: Hex.decode(Self.envelope + Self.message))
        #expect(
            document.json(reveal: true).text
                == #"{"tpdu":"6000030000","header":"603100311305","mti":"0200","fields":{"2":"6222021234567890128","#
                + #""3":"000000","4":"000000008880","11":"000123","14":"3012","22":"051","23":"001","25":"00","26":"12","#
                + #""35":"6222021234567890128=30122010000000000","41":"00000001","42":"123456789012345","49":"156","#
                + #""52":"1122334455667788","53":"2600000000000000","55":"9F2608A1B2C3D4E5F607185A0411112222","#
                + #""60":"22000001000501","63":"CUP","64":"3546453035384442"}}"#)
    }

    /// With the length, without, bare; text in GBK and bytes that are no text; foreign pads; fields of private use.
    static let wellFormed = [
        (envelope + message, false), (message, true),
        ("0810" + "0000000000000004" + "0024" + "0102030405060708091011121314151617181920212223FF", true),
        ("0210" + "0000000000000002" + "0011" + "435550CFFBB7D1B3C9B9A6", true),
        ("0210" + "4000000000000000" + "19" + "6222021234567890128F", true),
        ("0210" + "0000060000000000" + "051F" + "F001", true), ("0210" + "4000000000000000" + "00", true),
        ("0200" + "0000001000200000" + "433030303031323334" + String(repeating: "41", count: 40), true),
        ("0200" + "0000001000000000" + "00000123", true), ("0200" + "0000001000000000" + "4300000123", true),
        ("0200" + "0000001000000000" + "000000000123", true),
        (
            "0200" + "00000000000601C6" + "0002FFFE" + "0003414243" + "00020D0A" + "0001D6" + "0004D6D0FFFF" + "000122"
                + "0003435550", true
        ),
        (
            "0820" + "0000000000000204" + "0300" + String(repeating: "A5", count: 300) + "0600"
                + String(repeating: "00", count: 600), true
        ),
    ]

    @Test(arguments: wellFormed)
    func decodingAndEncodingGiveTheSameBytes(hex: String, bare: Bool) throws {
        let bytes = try Hex.decode(hex)
        let document = try MessageDocument(decoding: bytes, bare: bare)
        #expect(document.bytes == bytes)
        let again = try MessageDocument(json: Self.json(document))
        #expect(Hex.encode(again.bytes) == hex)
        #expect(!document.text(reveal: true).isEmpty)
        #expect(!document.text(reveal: false).isEmpty)
    }

    @Test func theLengthInFrontIsOptional() throws {
        let body = try Hex.decode(Self.envelope + Self.message)
        let framed = try LengthPrefixedSplitter.encode(body)
        let document = try MessageDocument(decoding: framed)
        #expect(document.message == (try MessageDocument(decoding: body).message))
        #expect(try MessageDocument(json: Self.json(document)).bytes == framed)
        #expect(throws: MessageError(.invalidLength, at: 0, in: "length")) {
            try MessageDocument(decoding: framed.dropLast())
        }
    }

    @Test func uncleanTextIsHexadecimal() throws {
        let document = try MessageDocument(decoding: Hex.decode("08100000000000000004000201FF"), bare: true)
        #expect(document.json(reveal: true).text == #"{"mti":"0810","fields":{"62":{"hex":"01FF"}}}"#)
        #expect(document.json(reveal: false).text == #"{"mti":"0810","fields":{"62":{"hex":"****"}}}"#)
    }

    @Test func nothingSecretIsShownUnlessAsked() throws {
        let document = try MessageDocument(decoding: Hex.decode(Self.envelope + Self.message))
        for shown in [document.text(reveal: false), document.json(reveal: false).text] {
            for secret in ["6222021234567890128", "7890128", "30122010", "1122334455667788", "11112222"] {
                #expect(!shown.contains(secret), "\(secret) is shown")
            }
            #expect(shown.contains("622202*********0128"))
        }
        #expect(document.text(reveal: true).contains("6222021234567890128=30122010000000000"))
    }

    /// Field 62 of a load names another card, of a mail order the CVN2, of a status upload neither.
    @Test(arguments: [
        ("0200" + "0000000000000004" + "0019" + "36323232303231323334353637383930313238", "622202*********0128"),
        ("0200" + "0000000000000004" + "0010" + "39324356303033313233", "92CV003***"),
        ("0820" + "0000000000000004" + "0015" + "303131303231303331303431303531", "011021031041051"),
    ])
    func fieldsOfPrivateUseAreMaskedByUse(hex: String, shown: String) throws {
        let document = try MessageDocument(decoding: Hex.decode(hex), bare: true)
        #expect(document.json(reveal: false).text.contains("\"62\":\"\(shown)\""))
        #expect(document.text(reveal: false).contains(shown))
        #expect(!document.text(reveal: false).contains("7890128"))
    }

    @Test func textNamesFieldsAndTheirParts() throws {
        let text = try MessageDocument(decoding: Hex.decode(Self.envelope + Self.message)).text(reveal: false)
        for words in [
            "Financial request", "Primary account number", "contact chip, PIN entered", "Application Cryptogram",
            "Batch", "22 sale",
        ] {
            #expect(text.contains(words), "\(words) is missing")
        }
    }

    @Test(arguments: [
        (#"{"#, "$"), (#"[]"#, "$"), (#"{"fields":{}}"#, "mti"), (#"{"mti":"02","fields":{}}"#, "mti"),
        (#"{"mti":"0200","fields":{"5":"1"}}"#, "fields.5"), (#"{"mti":"0200","fields":{"04":"1"}}"#, "fields.04"),
        (#"{"mti":"0200","fields":{"4":"12*"}}"#, "fields.4"), (#"{"mti":"0200","fields":{"4":12}}"#, "fields.4"),
        (#"{"mti":"0200","fields":{"4":{"hex":"12"}}}"#, "fields.4"),
        (#"{"mti":"0200","fields":{"55":"9G"}}"#, "fields.55"),
        (#"{"mti":"0200","fields":{},"tpdu":"6000030000"}"#, "header"),
        (#"{"mti":"0200","fields":{},"mac":""}"#, "mac"),
        (#"{"mti":"0200","fields":{"3":"000000"},"pads":{"3":"F"}}"#, "pads.3"),
    ])
    func refusedDocumentsNameThePlace(json: String, path: String) {
        #expect { try MessageDocument(json: Array(json.utf8)) } throws: { error in
            (error as? DocumentError)?.path.hasPrefix(path) == true
        }
    }

    @Test func everyPrefixThrows() throws {
        let bytes = try Hex.decode(Self.envelope + Self.message)
        for count in 0..<bytes.count {
            #expect(throws: (any Error).self) { try MessageDocument(decoding: Array(bytes.prefix(count))) }
        }
    }

    @Test func flippedBitsNeverTrapAndSurvive() throws {
        let bytes = try Hex.decode(Self.envelope + Self.message)
        for index in bytes.indices {
            for bit in 0..<8 {
                var flipped = bytes
                flipped[index] ^= 1 << bit
                guard let document = try? MessageDocument(decoding: flipped) else { continue }
                _ = document.text(reveal: false)
                #expect(try MessageDocument(json: Self.json(document)).bytes == flipped)
            }
        }
    }
}
