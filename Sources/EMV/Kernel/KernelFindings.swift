import PaymentCryptography
import Wire

/// What the kernel has found out by now, whether or not it came to a cryptogram: for technicians.
public struct KernelFindings: Equatable, Sendable {
    /// Terminal verification results (95).
    public let tvr: TVR
    /// Transaction status information (9B).
    public let tsi: TSI
    /// CVM results (9F34).
    public let cvmResults: [UInt8]
    /// Offline data authentication. A method that is not performed yet waits for the signature with the cryptogram (CDA): the
    /// certificates hold.
    public let authentication: DataAuthenticationResult
    /// Index of the certification authority's key that the card names (8F).
    public let keyIndex: UInt8?
    /// Where data authentication failed, without card data; empty if it did not.
    public let obstacle: String
}

extension ContactKernel {
    /// What the kernel has found out by now; nil before an application is selected.
    public var findings: KernelFindings? { session?.database.findings }
}

extension EntryPoint {
    /// What the kernel has found out by now; nil before an application is selected.
    public var findings: KernelFindings? { kernel?.database.findings }
}

extension KernelDatabase {
    var findings: KernelFindings {
        KernelFindings(
            tvr: tvr, tsi: tsi, cvmResults: cvmResults, authentication: dataAuthentication,
            keyIndex: card[.caIndex]?.first, obstacle: authenticationError == nil ? "" : obstacle)
    }

    /// The first thing on the way from the authority's key to the card's data that does not hold (EMV 4.4 Book 2, 5 and 6).
    private var obstacle: String {
        guard let index = card[.caIndex]?.first else { return "8F is missing" }
        let rid = application.aid.prefix(5)
        let name = "CA key \(Hex.encode([index])) of \(Hex.encode(rid))"
        guard let authority = terminal.caKeys.first(where: { $0.rid.elementsEqual(rid) && $0.index == index }) else {
            return "\(name) is not loaded"
        }
        let today = CardDate(transaction.time)
        if let expiry = authority.expiry, expiry < (today.year * 100 + today.month) * 100 + today.day {
            return "\(name) has expired"
        }
        guard let certificate = card[.issuerCertificate] else { return "90 is missing" }
        guard let exponent = card[.issuerExponent] else { return "9F32 is missing" }
        guard let pan = cardRead?.pan,
            (try? Certificate.issuerKey(
                certificate, remainder: card[.issuerRemainder], exponent: exponent, authority: authority, pan: pan,
                revoked: terminal.revokedCertificates, today: transaction.time)) != nil
        else { return "the issuer's certificate (90) does not hold: wrong, expired or revoked" }
        if authentication == .sda {
            return card[.signedStaticData] == nil
                ? "93 is missing" : "the signature over the static data (93) does not hold"
        }
        guard card[.iccCertificate] != nil else { return "9F46 is missing" }
        guard card[.iccExponent] != nil else { return "9F47 is missing" }
        guard cardKey != nil else {
            return "the card's certificate (9F46) does not hold: wrong, expired, or the data were changed"
        }
        return "the card's signature (9F4B) does not hold"
    }
}
