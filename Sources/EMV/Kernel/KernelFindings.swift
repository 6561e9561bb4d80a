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
    /// Offline data authentication.
    public let authentication: OfflineAuthentication
}

/// How far the card has proved its data offline, with which key, and where it failed (EMV 4.4 Book 2, 5 and 6).
public struct OfflineAuthentication: Equatable, Sendable {
    /// The method that card and terminal both know; nil for none.
    public let method: Method?
    /// What came of it.
    public let result: Result
    /// Index of the certification authority's key that the card names (8F).
    public let keyIndex: UInt8?
    /// Where it failed, without card data; empty if it did not.
    public let detail: String

    /// The methods (Book 3, 10.3).
    public enum Method: String, Sendable {
        /// Static.
        case sda = "SDA"
        /// Dynamic, by INTERNAL AUTHENTICATE.
        case dda = "DDA"
        /// Dynamic, combined with the cryptogram.
        case cda = "CDA"
    }

    /// What can come of it.
    public enum Result: String, Sendable {
        /// Not performed.
        case notPerformed
        /// The certificates hold; the signature comes with the cryptogram.
        case pending
        /// The card's data are genuine.
        case succeeded
        /// They are not, or it cannot be known.
        case failed
    }
}

extension ContactKernel {
    /// What the kernel has found out by now; nil before an application is selected.
    public var findings: KernelFindings? { session?.database.findings }
}

extension KernelDatabase {
    var findings: KernelFindings {
        KernelFindings(tvr: tvr, tsi: tsi, cvmResults: cvmResults, authentication: offlineAuthentication)
    }

    private var offlineAuthentication: OfflineAuthentication {
        let method: OfflineAuthentication.Method? =
            switch authentication {
            case .none: nil
            case .sda: .sda
            case .dda: .dda
            case .cda: .cda
            }
        let failed = !tvr.isDisjoint(with: [.sdaFailed, .ddaFailed, .cdaFailed])
        let result: OfflineAuthentication.Result =
            if failed {
                .failed
            } else if method == nil {
                .notPerformed
            } else {
                tsi.contains(.dataAuthentication) ? .succeeded : .pending
            }
        return OfflineAuthentication(
            method: method, result: result, keyIndex: card[.caIndex]?.first, detail: failed ? obstacle : "")
    }

    /// The first thing on the way from the authority's key to the card's data that does not hold.
    private var obstacle: String {
        guard let index = card[.caIndex]?.first else { return "8F is missing" }
        let name = "CA key \(Hex.encode([index])) of \(Hex.encode(application.aid.prefix(5)))"
        let today = CardDate(transaction.time)
        guard
            let authority = terminal.caKeys.first(where: {
                $0.rid.elementsEqual(application.aid.prefix(5)) && $0.index == index
            })
        else { return "\(name) is not loaded" }
        if let expiry = authority.expiry, expiry < (today.year * 100 + today.month) * 100 + today.day {
            return "\(name) has expired"
        }
        guard let certificate = card[.issuerCertificate] else { return "90 is missing" }
        guard let exponent = card[.issuerExponent] else { return "9F32 is missing" }
        guard let pan = cardRead?.pan,
            (try? Certificate.issuerKey(
                certificate, remainder: card[.issuerRemainder] ?? [], exponent: exponent, authority: authority,
                pan: pan, revoked: terminal.revokedCertificates, today: transaction.time)) != nil
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
        return authentication == .dda
            ? "the answer to INTERNAL AUTHENTICATE is not signed as it must be"
            : "the signature over the cryptogram (9F4B) does not hold"
    }
}
