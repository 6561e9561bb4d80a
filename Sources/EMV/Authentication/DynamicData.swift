import PaymentCryptography

/// Signed dynamic application data (EMV 4.4 Book 2, 6.5.2 and 6.6.2).
struct DynamicData {
    /// ICC dynamic number (9F4C).
    let number: [UInt8]
    /// What follows it: cryptogram information, cryptogram and transaction data hash code under CDA.
    let rest: [UInt8]

    init(_ signed: [UInt8], _ key: RSAPublicKey, hashedWith values: [UInt8]) throws(AuthenticationError) {
        let recovered = try RecoveredData(signed, key, format: 0x05, algorithmOffset: 1, minimumLength: 25)
        try recovered.verify(hashedWith: values)
        let body = recovered.body
        // Body: format 1, hash algorithm 1, length 1, dynamic data, padding BB.
        guard body.count >= 4 else { throw .failed }
        let length = Int(body[2])
        let count = Int(body[3])
        guard length >= 1, length <= body.count - 3, (2...8).contains(count), count + 1 <= length else {
            throw .failed
        }
        number = Array(body[4..<4 + count])
        rest = Array(body[(4 + count)..<(3 + length)])
    }
}
