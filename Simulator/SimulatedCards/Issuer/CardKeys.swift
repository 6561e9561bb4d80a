import PaymentCryptography
import Payments
import Synchronization

/// The three 3DES keys that one card shares with its issuer, and what they make (EMV 4.4 Book 2, 8 and 9).
struct CardKeys: Sendable {
    let method: CryptogramMethod
    private let cryptogramKey: CipherKey
    private let scriptKey: CipherKey
    private let secretsKey: CipherKey

    private static let known = Mutex<[Card: CardKeys]>([:])

    private struct Card: Hashable {
        let account: TestAccount
        let version: UInt8
    }

    /// The keys of the card of `account`, which are derived once; `version` is its cryptogram version, which names the way
    /// to session keys.
    static func of(_ account: TestAccount, version: UInt8) throws(CryptographyError) -> CardKeys {
        let card = Card(account: account, version: version)
        if let keys = known.withLock({ $0[card] }) { return keys }
        let keys = try CardKeys(account: account, version: version)
        known.withLock { known in
            // Test accounts are few; whoever makes many pays for the derivation.
            if known.count > 1_000 { known.removeAll() }
            known[card] = keys
        }
        return keys
    }

    private init(account: TestAccount, version: UInt8) throws(CryptographyError) {
        guard let pan = PAN(account.number) else { throw CryptographyError(.unsuitable, "test account number") }
        func key(_ purpose: TestIssuer.Purpose) throws(CryptographyError) -> CipherKey {
            try EMVCryptogram.cardKey(
                issuerKey: try account.issuer.masterKey(for: purpose), pan: pan, sequenceNumber: account.sequenceNumber)
        }
        cryptogramKey = try key(.cryptograms)
        scriptKey = try key(.scripts)
        secretsKey = try key(.secrets)
        method = CryptogramMethod(account.scheme, version: version)
    }

    /// An application cryptogram over `data`; `number` is the terminal's unpredictable one.
    func cryptogram(over data: [UInt8], counter: UInt16, number: [UInt8]) throws(CryptographyError) -> [UInt8] {
        let key = try EMVCryptogram.sessionKey(
            cardKey: cryptogramKey, counter: counter, method.sessionKey(number))
        return try EMVCryptogram.make(key, over: data, padding: method.padding)
    }

    /// The issuer's answer to a cryptogram, as object 91 carries it: by method 1 eight bytes and the response code, by
    /// method 2 four bytes and the card status update. `code` is the response code, or the status update.
    func response(to cryptogram: [UInt8], code: [UInt8], counter: UInt16) throws(CryptographyError) -> [UInt8] {
        let key = try EMVCryptogram.sessionKey(cardKey: cryptogramKey, counter: counter, method.responseKey)
        let answer =
            method.answersByMethod2
            ? try EMVCryptogram.responseMethod2(key, cryptogram: cryptogram, statusUpdate: code)
            : try EMVCryptogram.responseMethod1(key, cryptogram: cryptogram, responseCode: code)
        return answer + code
    }

    /// The four bytes that close a script command: over its header (with the MAC counted in Lc), the counter, the
    /// first cryptogram and the data (JR/T 0025.7, secure messaging).
    func scriptMAC(
        header: [UInt8], data: [UInt8], counter: UInt16, cryptogram: [UInt8]
    ) throws(CryptographyError) -> [UInt8] {
        let key = try EMVCryptogram.scriptKey(
            cardKey: scriptKey, counter: counter, cryptogram: cryptogram, method.scriptKey)
        let count = [UInt8(counter >> 8), UInt8(counter & 0xFF)]
        return try EMVCryptogram.scriptMAC(key, over: header + count + cryptogram + data)
    }

    /// A PIN block of eight bytes as a script carries it, sixteen bytes: filled up with 80 and chained
    /// (EMV 4.4 Book 2, 9.3).
    func encipher(
        _ block: [UInt8], counter: UInt16, cryptogram: [UInt8]
    ) throws(CryptographyError) -> [UInt8] {
        let key = try EMVCryptogram.scriptKey(
            cardKey: secretsKey, counter: counter, cryptogram: cryptogram, method.scriptKey)
        return try key.encryptCBC(block + [0x80, 0, 0, 0, 0, 0, 0, 0])
    }

    /// The PIN block in what a script carries; nil where there is none.
    func decipher(_ secret: [UInt8], counter: UInt16, cryptogram: [UInt8]) -> [UInt8]? {
        guard secret.count == 16,
            let key = try? EMVCryptogram.scriptKey(
                cardKey: secretsKey, counter: counter, cryptogram: cryptogram, method.scriptKey),
            let clear = try? key.decryptCBC(secret), Array(clear.suffix(8)) == [0x80, 0, 0, 0, 0, 0, 0, 0]
        else { return nil }
        return Array(clear.prefix(8))
    }
}
