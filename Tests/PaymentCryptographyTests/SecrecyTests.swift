import Payments
import Testing
import Wire

@testable import PaymentCryptography

/// Nothing that holds a secret shows it, however it is printed (M8).
struct SecrecyTests {
    @Test func `keys print as dots`() throws {
        let hex = "0123456789ABCDEFFEDCBA9876543210"
        let key = try CipherKey(hex.bytes)
        let clear = try SecretBytes(hex.bytes)
        var components = KeyComponents()
        _ = try components.add(clear)
        let secret = try RSAPrivateKey(
            modulus: [UInt8](repeating: 0xF7, count: 128), exponent: 3, privateExponent: clear)
        let working = WorkingKeys(
            pinKey: EncryptedKey(cipherText: [1], checkValue: [2], algorithm: .tripleDES), macKey: key, trackKey: key)
        let holders: [any Sendable] = [key, components, secret, working, [key], [1: key], TestKeys.terminalMasterKey]
        for holder in holders {
            var dumped = ""
            dump(holder, to: &dumped)
            for text in ["\(holder)", String(reflecting: holder), String(describing: holder), dumped] {
                let plain = text.uppercased().filter { $0.isHexDigit || $0 == "," || $0 == " " }
                #expect(!plain.contains("0123456789ABCDEF") && !plain.contains("01, 23"))
                #expect(!text.contains("35, 69, 103") && !text.contains("112, 242, 168"), "decimal bytes")
            }
        }
        #expect("\(key)" == "tripleDES ••••")
    }

    @Test func `errors tell lengths, never bytes`() throws {
        let secret = [UInt8](repeating: 0xAB, count: 17)
        do {
            _ = try CipherKey(secret)
            Issue.record("a key of 17 bytes was taken")
        } catch {
            #expect(error.description == "tripleDES key of 17 bytes: wrongLength")
        }
    }
}
