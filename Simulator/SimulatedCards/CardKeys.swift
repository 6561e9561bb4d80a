import PaymentCryptography
import Payments
import Synchronization

/// The two 3DES keys that one card shares with its issuer, and what they make (EMV 4.4 Book 2, 8 and 9).
struct CardKeys: Sendable {
    private let cryptogramKey: CipherKey
    private let scriptKey: CipherKey
    private let derivation: EMVCryptogram.Derivation

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
        let issuer = account.issuer
        cryptogramKey = try EMVCryptogram.cardKey(
            issuerKey: try issuer.cryptogramMasterKey(), pan: pan, sequenceNumber: account.sequenceNumber)
        scriptKey = try EMVCryptogram.cardKey(
            issuerKey: try issuer.scriptMasterKey(), pan: pan, sequenceNumber: account.sequenceNumber)
        derivation = EMVCryptogram.Derivation(cryptogramVersion: version)
    }

    /// An application cryptogram over `data`.
    func cryptogram(over data: [UInt8], counter: UInt16) throws(CryptographyError) -> [UInt8] {
        try EMVCryptogram.make(sessionKey(counter), over: data)
    }

    /// The issuer's answer to a cryptogram (method 1).
    func response(to cryptogram: [UInt8], code: [UInt8], counter: UInt16) throws(CryptographyError) -> [UInt8] {
        try EMVCryptogram.responseMethod1(sessionKey(counter), cryptogram: cryptogram, responseCode: code)
    }

    /// The four bytes that close a script command: over its header (with the MAC counted in Lc), the counter, the
    /// first cryptogram and the data (JR/T 0025.7, secure messaging).
    func scriptMAC(
        header: [UInt8], data: [UInt8], counter: UInt16, cryptogram: [UInt8]
    ) throws(CryptographyError) -> [UInt8] {
        let key = try EMVCryptogram.scriptKey(
            cardKey: scriptKey, counter: counter, cryptogram: cryptogram, derivation)
        let count = [UInt8(counter >> 8), UInt8(counter & 0xFF)]
        return try EMVCryptogram.scriptMAC(key, over: header + count + cryptogram + data)
    }

    private func sessionKey(_ counter: UInt16) throws(CryptographyError) -> CipherKey {
        try EMVCryptogram.sessionKey(cardKey: cryptogramKey, counter: counter, derivation)
    }
}
