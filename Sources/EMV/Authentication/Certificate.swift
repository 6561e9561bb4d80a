import PaymentCryptography
import Payments
import Wire

/// The issuer's and the card's certificates (EMV 4.4 Book 2, 5.3, 6.3, 6.4).
enum Certificate {
    /// What both kinds have in common behind their identification: expiry, serial number, algorithms, key.
    private static func key(
        _ body: [UInt8], at offset: Int, capacity: Int, remainder: [UInt8], exponent: [UInt8], today: LocalDateTime
    ) throws(AuthenticationError) -> (key: RSAPublicKey, serial: [UInt8]) {
        let fields = body[offset...]
        guard fields.count == 9 + capacity else { throw .failed }
        let month = Array(fields.prefix(2))
        let serial = Array(fields.dropFirst(2).prefix(3))
        let algorithm = fields[offset + 6]
        let (length, exponentLength) = (Int(fields[offset + 7]), Int(fields[offset + 8]))
        guard let digits = try? BCD.decode(month), let number = Int(digits), algorithm == 0x01,
            exponentLength == exponent.count, remainder.count == max(0, length - capacity)
        else { throw .failed }
        let year = number % 100 < 50 ? 2000 + number % 100 : 1900 + number % 100
        guard (1...12).contains(number / 100), (year, number / 100) >= (today.year, today.month) else { throw .failed }
        let modulus = fields.dropFirst(9).prefix(min(length, capacity)) + remainder
        let value = exponent.reduce(0) { $0 << 8 | Int($1) }
        guard let key = try? RSAPublicKey(modulus: Array(modulus), exponent: value), key.exponentBytes == exponent
        else { throw .failed }
        return (key, serial)
    }

    /// The part of the key behind the certificate. One that the certificate is too short for must be there.
    private static func remainder(
        _ object: [UInt8]?, _ body: [UInt8], at offset: Int, capacity: Int
    ) throws(AuthenticationError) -> [UInt8] {
        if let object { return object }
        guard Int(body[offset + 7]) <= capacity else { throw .missing }
        return []
    }

    /// The issuer's key (Book 2, 5.3 and 6.3).
    static func issuerKey(
        _ certificate: [UInt8], remainder object: [UInt8]?, exponent: [UInt8], authority: CAPublicKey, pan: PAN,
        revoked: [RevokedCertificate], today: LocalDateTime
    ) throws(AuthenticationError) -> RSAPublicKey {
        let recovered = try RecoveredData(
            certificate, authority.key, format: 0x02, algorithmOffset: 10, minimumLength: 36 + 1)
        let capacity = certificate.count - 36
        let remainder = try remainder(object, recovered.body, at: 5, capacity: capacity)
        try recovered.verify(hashedWith: remainder + exponent)
        // Body: format 1, issuer 4, expiry 2, serial 3, hash algorithm 1, key algorithm 1, lengths 2, key.
        let issuer = Hex.encode(recovered.body[1..<5])
        let digits = issuer.prefix { $0 != "F" }
        guard digits.count >= 3, issuer.dropFirst(digits.count).allSatisfy({ $0 == "F" }), pan.digits.hasPrefix(digits)
        else { throw .failed }
        let (key, serial) = try key(
            recovered.body, at: 5, capacity: capacity, remainder: remainder, exponent: exponent, today: today)
        guard key.modulus.count <= authority.key.modulus.count,
            !revoked.contains(
                RevokedCertificate(rid: authority.rid, index: authority.index, serialNumber: serial))
        else { throw .failed }
        return key
    }

    /// A key of the card (Book 2, 6.4), or its key for PINs (Book 2, 7.1). `staticData` is covered by its hash.
    static func cardKey(
        _ certificate: [UInt8], remainder object: [UInt8]?, exponent: [UInt8], issuer: RSAPublicKey, pan: PAN,
        staticData: [UInt8], today: LocalDateTime
    ) throws(AuthenticationError) -> RSAPublicKey {
        let recovered = try RecoveredData(
            certificate, issuer, format: 0x04, algorithmOffset: 16, minimumLength: 42 + 1)
        let capacity = certificate.count - 42
        let remainder = try remainder(object, recovered.body, at: 11, capacity: capacity)
        try recovered.verify(hashedWith: remainder + exponent + staticData)
        // Body: format 1, account number 10, expiry 2, serial 3, hash algorithm 1, key algorithm 1, lengths 2, key.
        let holder = Hex.encode(recovered.body[1..<11])
        guard holder == pan.digits + String(repeating: "F", count: 20 - pan.count) else { throw .failed }
        let key = try key(
            recovered.body, at: 11, capacity: capacity, remainder: remainder, exponent: exponent, today: today
        ).key
        guard key.modulus.count <= issuer.modulus.count else { throw .failed }
        return key
    }
}
