import Payments
import Testing

@Suite struct CardDataTests {
    @Test(arguments: [
        ("6222021234567890128", "622202*********0128"), ("4111111111111111", "411111******1111"),
        ("4222222222222", "422222***2222"), ("6222021234567890128F", "622202*********0128"),
    ])
    func accountNumbersPrintMasked(digits: String, masked: String) throws {
        let pan = try #require(PAN(digits))
        #expect(pan.masked == masked)
        #expect("\(pan)" == masked)
        #expect(String(reflecting: pan) == masked)
        #expect(!"\([pan])".contains(pan.digits))
        #expect(pan.digits == digits.prefix { $0 != "F" })
    }

    @Test(arguments: [
        "", "123456789012", "12345678901234567890", "622202123456789A", "6222 0212 3456 7890", "１２３４５６７８９０１２３",
    ])
    func refusesWhatIsNoAccountNumber(digits: String) {
        #expect(PAN(digits) == nil)
    }

    @Test(arguments: [("4111111111111111", true), ("4111111111111112", false), ("5500000000000004", true)])
    func luhn(digits: String, passes: Bool) throws {
        #expect(try #require(PAN(digits)).passesLuhn == passes)
    }

    @Test func readsTrack2() throws {
        let track = try #require(Track2("6222021234567890128D30122010000000000F"))
        #expect(track.pan.digits == "6222021234567890128")
        #expect(track.expiry?.description == "3012")
        #expect(track.serviceCode == "201")
        #expect(track.text == "6222021234567890128=30122010000000000")
        #expect("\(track)" == "622202*********0128=…")
        #expect(!String(reflecting: track).contains("30122010"))
    }

    @Test(arguments: [
        "", "6222021234567890128", "6222021234567890128==3012", "62220212=3012", "6222021234567890128=3012A",
        "6222021234567890128=300000000000000000",
    ])
    func refusesWhatIsNoTrack2(text: String) {
        let track = Track2(text)
        #expect(track == nil || track?.text.count ?? 0 <= 37)
        if text.count < 37 { #expect(track == nil) }
    }

    @Test func secretsPrintAsDots() {
        let secret = SecretBytes([0x31, 0x32, 0x33])
        #expect("\(secret)" == "••••")
        #expect(String(reflecting: secret) == "••••")
        var dumped = ""
        dump(secret, to: &dumped)
        #expect(!dumped.contains("31") && !dumped.contains("49"))
        #expect(secret == SecretBytes([0x31, 0x32, 0x33]))
        #expect(secret != SecretBytes([0x31, 0x32, 0x34]))
        #expect(secret != SecretBytes([0x31, 0x32]))
        #expect(secret.withBytes { Array($0) } == [0x31, 0x32, 0x33])
        #expect(SecretBytes([UInt8]()).count == 0)
    }
}
