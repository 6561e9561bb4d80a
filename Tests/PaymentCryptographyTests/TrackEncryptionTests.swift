import Payments
import Testing
import Wire

@testable import PaymentCryptography

struct TrackEncryptionTests {
    static let key = Result { try CipherKey("0123456789ABCDEFFEDCBA9876543210".bytes) }

    /// Which digits change is known of a published message: 21–36 of 37 in field 35, 87–102 of 104 in field 36.
    @Test(arguments: [(37, 20..<36), (104, 86..<102), (36, 18..<34), (17, 0..<16), (18, 0..<16)])
    func `the block ends before the last byte`(length: Int, block: Range<Int>) throws {
        let key = try Self.key.get()
        let track = String((0..<length).map { Character(String($0 % 10)) })
        let sent = try TrackEncryption.encipher(track, under: key)
        let (before, after) = (Array(track), Array(sent))
        #expect(after.count == length)
        #expect(after[..<block.lowerBound] == before[..<block.lowerBound])
        #expect(after[block.upperBound...] == before[block.upperBound...])
        let clear = try String(before[block]).bytes
        #expect(try String(after[block]) == Hex.encode(key.encryptECB(clear)))
        #expect(try TrackEncryption.decipher(sent, under: key) == track)
    }

    @Test func `the separator travels as D`() throws {
        let key = try Self.key.get()
        let track = "6222020200112233446=30122010000012345"
        let sent = try TrackEncryption.encipher(track, under: key)
        #expect(sent.hasPrefix("6222020200112233446D"))
        let back = try TrackEncryption.decipher(sent, under: key)
        #expect(back == "6222020200112233446D30122010000012345")
        #expect(Track2(back)?.text == track)
    }

    @Test func `what does not fit is refused`() throws {
        let key = try Self.key.get()
        for track in ["", "1", String(repeating: "1", count: 16)] {
            #expect(reason { _ = try TrackEncryption.encipher(track, under: key) } == .wrongLength)
        }
        #expect(reason { _ = try TrackEncryption.encipher("6222020200112233446^3012", under: key) } == .unsuitable)
        let sm4 = try CipherKey([UInt8](repeating: 1, count: 16), .sm4)
        #expect(reason { _ = try TrackEncryption.encipher("6222020200112233446D3012", under: sm4) } == .unsuitable)
    }
}
