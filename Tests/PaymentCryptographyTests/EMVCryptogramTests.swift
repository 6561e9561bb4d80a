import Payments
import Testing
import Wire

@testable import PaymentCryptography

struct EMVCryptogramTests {
    @Test(arguments: Vectors.rows("card-keys"))
    func `card keys agree with pyemv`(row: [String]) throws {
        let pan = try #require(PAN(row[1]))
        let sequenceNumber = try #require(Int(row[2]))
        let key = try EMVCryptogram.cardKey(
            issuerKey: CipherKey(row[0].bytes), pan: pan, sequenceNumber: sequenceNumber)
        #expect(try key == CipherKey(row[3].bytes))
    }

    @Test(arguments: Vectors.rows("cryptograms"))
    func `cryptograms, answers and script MACs agree with pyemv`(row: [String]) throws {
        let cardKey = try CipherKey(row[0].bytes)
        let counter = try #require(UInt16(row[1], radix: 16))
        let data = try row[2].bytes

        let common = try EMVCryptogram.sessionKey(cardKey: cardKey, counter: counter, .emvCommon)
        #expect(try common == CipherKey(row[3].bytes))
        let cryptogram = try EMVCryptogram.make(common, over: data)
        #expect(Hex.encode(cryptogram) == row[4])
        let first = try EMVCryptogram.responseMethod1(common, cryptogram: cryptogram, responseCode: Array("00".utf8))
        #expect(Hex.encode(first) == row[5])
        let second = try EMVCryptogram.responseMethod2(
            common, cryptogram: cryptogram, statusUpdate: row[6].bytes, proprietary: row[7].bytes)
        #expect(Hex.encode(second) == row[8])
        let script = try EMVCryptogram.scriptKey(
            cardKey: cardKey, counter: counter, cryptogram: cryptogram, .emvCommon)
        #expect(try script == CipherKey(row[9].bytes))
        #expect(try Hex.encode(EMVCryptogram.scriptMAC(script, over: row[10].bytes)) == row[11])

        let pboc = try EMVCryptogram.sessionKey(cardKey: cardKey, counter: counter, .pboc)
        #expect(try pboc == CipherKey(row[12].bytes))
        let other = try EMVCryptogram.make(pboc, over: data)
        #expect(Hex.encode(other) == row[13])
        let answer = try EMVCryptogram.responseMethod1(pboc, cryptogram: other, responseCode: Array("05".utf8))
        #expect(Hex.encode(answer) == row[14])
        #expect(
            try EMVCryptogram.scriptKey(cardKey: cardKey, counter: counter, cryptogram: other, .pboc) == pboc)
    }

    @Test(arguments: [(UInt8(0x01), EMVCryptogram.Derivation.pboc), (0x17, .emvCommon), (0x0A, .emvCommon)])
    func `the cryptogram version names the derivation`(version: UInt8, expected: EMVCryptogram.Derivation) {
        #expect(EMVCryptogram.Derivation(cryptogramVersion: version) == expected)
    }

    @Test func `wrong lengths are refused`() throws {
        let key = try CipherKey("0123456789ABCDEFFEDCBA9876543210".bytes)
        let pan = try #require(PAN("6222020200112233"))
        let eight = [UInt8](repeating: 1, count: 8)
        let seven = Array(eight.dropLast())
        #expect(reason { _ = try EMVCryptogram.cardKey(issuerKey: key, pan: pan, sequenceNumber: 100) } == .unsuitable)
        #expect(reason { _ = try EMVCryptogram.cardKey(issuerKey: key, pan: pan, sequenceNumber: -1) } == .unsuitable)
        #expect(
            reason { _ = try EMVCryptogram.responseMethod1(key, cryptogram: seven, responseCode: [0x30, 0x30]) }
                == .wrongLength)
        #expect(
            reason { _ = try EMVCryptogram.responseMethod1(key, cryptogram: eight, responseCode: [0x30]) }
                == .wrongLength)
        #expect(
            reason { _ = try EMVCryptogram.responseMethod2(key, cryptogram: eight, statusUpdate: [1, 2, 3]) }
                == .wrongLength)
        #expect(
            reason { _ = try EMVCryptogram.scriptKey(cardKey: key, counter: 1, cryptogram: seven, .emvCommon) }
                == .wrongLength)
        for length in [0, 3, 9] {
            #expect(reason { _ = try EMVCryptogram.scriptMAC(key, over: eight, length: length) } == .wrongLength)
        }
    }
}
