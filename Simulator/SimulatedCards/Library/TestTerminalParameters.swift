public import EMV
import PaymentCryptography

/// What a terminal must hold to take the simulated cards: the authorities' keys and the applications.
public enum TestTerminalParameters {
    /// The certification authorities' keys, index F0 of each scheme's RID, UnionPay's first. Throws only if the published
    /// numbers are damaged.
    public static func caKeys() throws(CardError) -> [CAPublicKey] {
        var keys: [CAPublicKey] = []
        for scheme in CardScheme.allCases {
            do {
                let key = try TestAuthority.publicKey(of: scheme)
                keys.append(
                    try CAPublicKey(
                        rid: scheme.rid, index: TestAuthority.index, modulus: key.modulus, exponent: key.exponent,
                        expiry: TestAuthority.expiry, checksum: try TestAuthority.checksum(of: scheme)))
            } catch {
                throw CardError("test authority", "\(error)")
            }
        }
        return keys
    }

    /// The issuer certificate that UnionPay's simulated authority has revoked: the card `revoked` has it.
    public static let revokedCertificates = [
        RevokedCertificate(
            rid: TestAuthority.rid, index: TestAuthority.index, serialNumber: Certificate.revokedSerialNumber)
    ]

    /// UnionPay debit, credit and quasi-credit with action codes as its acquirers load them, then Visa, Mastercard and JCB
    /// style. The floor limit is zero: the issuer is always asked.
    public static let applications: [ApplicationParameters] =
        [0x01, 0x02, 0x03].map { application(.unionPay, [0x01, 0x01, $0]) }
        + [CardScheme.visa, .mastercard, .jcb].map { application($0, [0x10, 0x10]) }

    /// The same on the contactless reader, JCB left out: a PIN from CNY 1000.00 on, the issuer asked from CNY 100.00 on.
    public static let combinations: [Combination] = applications.compactMap { parameters in
        let kernels: [(scheme: CardScheme, kernel: ContactlessKernelID)] = [
            (.unionPay, .c7), (.visa, .c3), (.mastercard, .c2),
        ]
        guard let kernel = kernels.first(where: { parameters.aid.starts(with: $0.scheme.rid) })?.kernel else {
            return nil
        }
        var combination = Combination(parameters: parameters, kernel: kernel)
        combination.verificationLimit = 100_000
        combination.floorLimit = 10_000
        return combination
    }

    private static func application(_ scheme: CardScheme, _ suffix: [UInt8]) -> ApplicationParameters {
        var parameters = ApplicationParameters(
            aid: scheme.rid + suffix,
            tacDenial: [.serviceNotAllowed],
            tacOnline: TVR(rawValue: 0xD8_4004_F800),
            tacDefault: TVR(rawValue: 0xD8_4000_A800))
        parameters.version = scheme.applicationVersion
        return parameters
    }
}
