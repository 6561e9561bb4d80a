import PaymentCryptography

/// How the cards of a scheme make cryptograms of one version: what the issuer application data (9F10) says, what is
/// covered, and under which keys. Versions that are not known count as the scheme's usual one.
struct CryptogramMethod: Hashable, Sendable {
    let scheme: CardScheme
    /// The version's number, as 9F10 carries it.
    let version: UInt8

    /// The method that these issuer application data name; nil where they have not the scheme's form.
    init?(_ scheme: CardScheme, issuerApplicationData data: [UInt8]) {
        let isFormed =
            switch scheme {
            case .unionPay, .jcb: data.count >= 7 && data[0] == 0x07
            case .visa: data.count >= 7 && data[0] == 0x06
            case .mastercard: data.count == 18
            }
        guard isFormed else { return nil }
        self.init(scheme, version: data[scheme == .mastercard ? 1 : 2])
    }

    init(_ scheme: CardScheme, version: UInt8) {
        self.scheme = scheme
        self.version = version
    }

    /// Issuer application data around card verification results of four bytes, of which the first is their length.
    func issuerApplicationData(results: [UInt8]) -> [UInt8] {
        switch scheme {
        case .unionPay: [0x07, 0x01, version] + results + [0x01]
        case .jcb: [0x07, 0x01, version] + results + [0x00]
        case .visa: [0x06, 0x01, version] + results
        // Six bytes of results without a length, a data authentication code, counters.
        case .mastercard: [0x01, version] + results.dropFirst() + [UInt8](repeating: 0, count: 3 + 2 + 8)
        }
    }

    /// The card verification results in issuer application data of this form.
    func results(in issuerApplicationData: [UInt8]) -> [UInt8] {
        Array(scheme == .mastercard ? issuerApplicationData[2..<8] : issuerApplicationData[3..<7])
    }

    /// What of the issuer application data a cryptogram covers: all of it in Visa's version 18, else the results.
    func covered(_ issuerApplicationData: [UInt8]) -> [UInt8] {
        isVisa18 ? issuerApplicationData : results(in: issuerApplicationData)
    }

    /// How covered data are filled up.
    var padding: MessageAuthentication.Padding { isVisa10 ? .zeros : .marked }

    /// The way to the session key; `number` is the terminal's unpredictable one.
    func sessionKey(_ number: [UInt8]) -> EMVCryptogram.Derivation {
        switch scheme {
        case .unionPay: EMVCryptogram.Derivation(cryptogramVersion: version)
        case .visa: isVisa18 ? .emvCommon : .none
        case .mastercard: .unpredictable(number)
        case .jcb: .emvCommon
        }
    }

    /// The way to the key of scripts.
    var scriptKey: EMVCryptogram.Derivation {
        switch scheme {
        case .unionPay: EMVCryptogram.Derivation(cryptogramVersion: version)
        case .visa: .none
        case .mastercard, .jcb: .emvCommon
        }
    }

    /// The way to the key of the issuer's answer: Mastercard's is made with the card's own.
    var responseKey: EMVCryptogram.Derivation { scheme == .mastercard ? .none : sessionKey([]) }

    /// Whether the issuer answers by method 2: four bytes and a card status update.
    var answersByMethod2: Bool { isVisa18 }

    private var isVisa10: Bool { scheme == .visa && !isVisa18 }
    private var isVisa18: Bool { scheme == .visa && version == 0x12 }
}
