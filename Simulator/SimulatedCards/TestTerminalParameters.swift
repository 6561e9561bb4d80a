public import EMV
import PaymentCryptography

/// What a terminal must hold to take the simulated cards: the authority's key and the applications.
public enum TestTerminalParameters {
    /// The certification authority's key, index F0 of UnionPay's RID. Throws only if the published numbers are damaged.
    public static func caKeys() throws(CardError) -> [CAPublicKey] {
        do {
            let key = try TestAuthority.publicKey()
            return [
                try CAPublicKey(
                    rid: TestAuthority.rid, index: TestAuthority.index, modulus: key.modulus, exponent: key.exponent,
                    expiry: TestAuthority.expiry, checksum: try TestAuthority.checksum())
            ]
        } catch {
            throw CardError("test authority", "\(error)")
        }
    }

    /// UnionPay debit, credit and quasi-credit with action codes as its acquirers load them. The floor limit is zero:
    /// the issuer is always asked.
    public static let applications: [ApplicationParameters] = [0x01, 0x02, 0x03].map { (kind: UInt8) in
        var parameters = ApplicationParameters(
            aid: TestAuthority.rid + [0x01, 0x01, kind],
            tacDenial: [.serviceNotAllowed],
            tacOnline: TVR(rawValue: 0xD8_4004_F800),
            tacDefault: TVR(rawValue: 0xD8_4000_A800))
        parameters.version = 0x0030
        return parameters
    }
}
