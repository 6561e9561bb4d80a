public import Payments

/// Cryptograms between a chip card and its issuer, for simulated cards and issuers and to check them
/// (EMV 4.4 Book 2, 8 and A1; JR/T 0025.7). Keys are double-length DES.
public enum EMVCryptogram {
    /// How a session key comes from the card's master key and the transaction counter.
    public enum Derivation: Equatable, Sendable {
        /// EMV common session key (EMV 4.4 Book 2, A1.3).
        case emvCommon
        /// PBOC: the counter and its complement.
        case pboc
        /// None: cryptograms are made with the card's own key (Visa's cryptogram version 10), scripts with that key and
        /// the counter added to it.
        case none
        /// Counter and the terminal's unpredictable number of four bytes (Mastercard's cryptogram version 10); scripts as
        /// in `emvCommon`.
        case unpredictable([UInt8])

        /// The method of cryptogram version `number` (in the issuer application data): PBOC for 01, EMV common for 17
        /// (hexadecimal) and the others.
        public init(cryptogramVersion number: UInt8) { self = number == 0x01 ? .pboc : .emvCommon }
    }

    /// The card's master key (EMV 4.4 Book 2, A1.4): option A for account numbers of up to 16 digits, option B for
    /// longer ones. `sequenceNumber` is the PAN sequence number, 0–99.
    public static func cardKey(
        issuerKey: CipherKey, pan: PAN, sequenceNumber: Int = 0
    ) throws(CryptographyError) -> CipherKey {
        guard (0...99).contains(sequenceNumber) else {
            throw CryptographyError(.unsuitable, "PAN sequence number \(sequenceNumber)")
        }
        let digits = pan.digits.utf8.map { $0 - 0x30 } + [UInt8(sequenceNumber / 10), UInt8(sequenceNumber % 10)]
        let nibbles =
            pan.count <= 16
            ? [UInt8](repeating: 0, count: max(0, 16 - digits.count)) + digits.suffix(16)
            : try decimalized(Digest.sha1(packed(digits.count % 2 == 0 ? digits : [0] + digits)))
        let left = packed(nibbles)
        return try derived(issuerKey, from: left + left.map { $0 ^ 0xFF })
    }

    /// The key of one transaction's application cryptograms. `counter` is the two-byte ATC.
    public static func sessionKey(
        cardKey: CipherKey, counter: UInt16, _ method: Derivation
    ) throws(CryptographyError) -> CipherKey {
        let (high, low) = (UInt8(counter >> 8), UInt8(counter & 0xFF))
        switch method {
        case .none: return cardKey
        case .emvCommon: return try common(cardKey, from: [high, low, 0, 0, 0, 0, 0, 0])
        case .pboc: return try derived(cardKey, from: counted(counter))
        case .unpredictable(let number):
            guard number.count == 4 else { throw CryptographyError(.wrongLength, "unpredictable number") }
            return try common(cardKey, from: [high, low, 0, 0] + number)
        }
    }

    /// The key of one transaction's scripts. `cardKey` is the card's master key for message authentication;
    /// EMV common derivation takes the application cryptogram (8 bytes), the others the counter.
    public static func scriptKey(
        cardKey: CipherKey, counter: UInt16, cryptogram: [UInt8], _ method: Derivation
    ) throws(CryptographyError) -> CipherKey {
        switch method {
        case .pboc: return try sessionKey(cardKey: cardKey, counter: counter, .pboc)
        case .none:
            let bytes = cardKey.bytes.withBytes { Array($0) }
            guard bytes.count == 16 else { throw CryptographyError(.wrongLength, "card key") }
            return try CipherKey(zip(bytes, counted(counter)).map { odd($0 ^ $1) })
        case .emvCommon, .unpredictable:
            guard cryptogram.count == 8 else { throw CryptographyError(.wrongLength, "application cryptogram") }
            return try common(cardKey, from: cryptogram)
        }
    }

    /// An application cryptogram (ARQC, TC, AAC): eight bytes over `data`, under the session key
    /// (EMV 4.4 Book 2, 8.1.1). Visa's cryptogram version 10 fills up with zeros.
    public static func make(
        _ sessionKey: CipherKey, over data: [UInt8], padding: MessageAuthentication.Padding = .marked
    ) throws(CryptographyError) -> [UInt8] {
        try MessageAuthentication.retail(sessionKey, over: data, padding: padding)
    }

    /// The issuer's answer by method 1, eight bytes (EMV 4.4 Book 2, 8.2.1). `responseCode` is the two characters of
    /// tag 8A, the acquirer's field 39.
    public static func responseMethod1(
        _ sessionKey: CipherKey, cryptogram: [UInt8], responseCode: [UInt8]
    ) throws(CryptographyError) -> [UInt8] {
        guard cryptogram.count == 8, responseCode.count == 2 else {
            throw CryptographyError(.wrongLength, "ARPC method 1")
        }
        let block = zip(cryptogram, responseCode + [0, 0, 0, 0, 0, 0]).map { $0 ^ $1 }
        return try sessionKey.encryptECB(block)
    }

    /// The issuer's answer by method 2, four bytes (EMV 4.4 Book 2, 8.2.2). `statusUpdate` is the four-byte CSU,
    /// `proprietary` up to eight bytes of the issuer's.
    public static func responseMethod2(
        _ sessionKey: CipherKey, cryptogram: [UInt8], statusUpdate: [UInt8], proprietary: [UInt8] = []
    ) throws(CryptographyError) -> [UInt8] {
        guard cryptogram.count == 8, statusUpdate.count == 4, proprietary.count <= 8 else {
            throw CryptographyError(.wrongLength, "ARPC method 2")
        }
        return Array(try make(sessionKey, over: cryptogram + statusUpdate + proprietary).prefix(4))
    }

    /// The MAC of a script command, four to eight bytes (EMV 4.4 Book 2, 9.2). `command` is header, counter,
    /// cryptogram and data in the order that the issuer's scheme prescribes.
    public static func scriptMAC(
        _ scriptKey: CipherKey, over command: [UInt8], length: Int = 4
    ) throws(CryptographyError) -> [UInt8] {
        guard (4...8).contains(length) else { throw CryptographyError(.wrongLength, "script MAC") }
        return Array(try MessageAuthentication.retail(scriptKey, over: command, padding: .marked).prefix(length))
    }

    /// A double-length key from 16 bytes enciphered, with odd parity as DES keys have it.
    private static func derived(_ key: CipherKey, from halves: [UInt8]) throws(CryptographyError) -> CipherKey {
        try CipherKey(key.encryptECB(halves).map(odd))
    }

    /// EMV common derivation from eight bytes (EMV 4.4 Book 2, A1.3.1).
    private static func common(_ key: CipherKey, from bytes: [UInt8]) throws(CryptographyError) -> CipherKey {
        try derived(key, from: [bytes[0], bytes[1], 0xF0] + bytes[3...] + [bytes[0], bytes[1], 0x0F] + bytes[3...])
    }

    /// The counter, and after it its complement, each in a block of its own.
    private static func counted(_ counter: UInt16) -> [UInt8] {
        let (high, low) = (UInt8(counter >> 8), UInt8(counter & 0xFF))
        return [0, 0, 0, 0, 0, 0, high, low, 0, 0, 0, 0, 0, 0, ~high, ~low]
    }

    private static func odd(_ byte: UInt8) -> UInt8 { byte.nonzeroBitCount % 2 == 1 ? byte : byte ^ 1 }

    /// The first 16 decimal digits of a hash, then as many of its other nibbles as are missing, less 10
    /// (EMV 4.4 Book 2, A1.4.2).
    private static func decimalized(_ hash: [UInt8]) -> [UInt8] {
        let nibbles = hash.flatMap { [$0 >> 4, $0 & 0x0F] }
        return Array((nibbles.filter { $0 < 10 } + nibbles.filter { $0 >= 10 }.map { $0 - 10 }).prefix(16))
    }

    private static func packed(_ nibbles: [UInt8]) -> [UInt8] {
        stride(from: 0, to: nibbles.count - 1, by: 2).map { nibbles[$0] << 4 | nibbles[$0 + 1] }
    }
}
