import EMV
import Engine
import Payments

/// What cards are told of the terminal, and which applications and keys it knows.
public struct EMVSettings: Equatable, Sendable, Decodable {
    /// Country, ISO 3166-1 numeric.
    public let country: Int
    /// Serial number, eight letters or digits (9F1E).
    public let serialNumber: String
    /// Merchant category code, four digits (9F15).
    public let merchantCategory: Int
    /// Applications, in the terminal's order of preference.
    let applications: [ApplicationParameters]
    /// What the contactless reader accepts, in the terminal's order of preference.
    let combinations: [Combination]
    /// The certification authorities' keys, expired ones too.
    let caKeys: [CAPublicKey]
    /// Issuer certificates that were revoked.
    let revokedCertificates: [RevokedCertificate]
    /// Leading digits of account numbers that are not to be taken.
    let exceptionFile: [String]

    private enum CodingKeys: String, CodingKey {
        case country, serialNumber, merchantCategory, applications, contactless, caKeys, revokedCertificates
        case exceptionFile
    }

    /// Reads the section `emv`.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.strictContainer(keyedBy: CodingKeys.self)
        country = try container.number(.country, in: 1...999, or: 156)
        merchantCategory = try container.number(.merchantCategory, in: 0...9_999, or: 5_411)
        serialNumber = try container.lettersAndDigits(.serialNumber, count: 8)
        let applications = try container.decode([ApplicationSettings].self, forKey: .applications).map(\.parameters)
        guard !applications.isEmpty else {
            throw container.invalid(.applications, "must name one application at least")
        }
        if let index = applications.firstRepeat(\.aid) {
            throw container.invalid(.applications, at: index, "aid", "stands above already: leave one of the two")
        }
        self.applications = applications
        let combinations = try container.value(.contactless, or: [ContactlessSettings]())
        self.combinations = try combinations.indices.map { index in
            guard let parameters = applications.first(where: { $0.aid == combinations[index].aid }) else {
                throw container.invalid(.contactless, at: index, "aid", "must be the aid of one of emv.applications")
            }
            return combinations[index].combination(of: parameters)
        }
        if let index = self.combinations.firstRepeat({ $0.parameters.aid + [$0.kernel.rawValue] }) {
            throw container.invalid(
                .contactless, at: index, "aid", "stands above already with this kernel: leave one of the two")
        }
        caKeys = try container.value(.caKeys, or: [AuthorityKeySettings]()).map(\.key)
        if let index = caKeys.firstRepeat({ $0.rid + [$0.index] }) {
            throw container.invalid(
                .caKeys, at: index, "index", "stands above already for this RID: leave one of the two")
        }
        revokedCertificates = try container.value(.revokedCertificates, or: [RevocationSettings]()).map(\.certificate)
        exceptionFile = try container.accountNumbers(.exceptionFile)
    }
}

extension Array {
    /// The first place whose `name` an earlier one has already.
    fileprivate func firstRepeat(_ name: (Element) -> [UInt8]) -> Int? {
        var seen: Set<[UInt8]> = []
        return firstIndex { !seen.insert(name($0)).inserted }
    }
}

extension Configuration {
    /// What the kernel knows of this terminal: attended, and online only (terminal type 21) unless the shop takes offline
    /// approvals (22; EMV 4.4 Book 4, Annex A1).
    var terminalData: TerminalData {
        var data = TerminalData(
            applications: emv.applications, caKeys: emv.caKeys, countryCode: emv.country,
            terminalType: store.takesOffline ? 0x22 : 0x21, serialNumber: emv.serialNumber, terminalID: terminal.number,
            merchantID: terminal.merchant)
        data.combinations = emv.combinations
        data.revokedCertificates = emv.revokedCertificates
        data.exceptionFile = emv.exceptionFile
        data.merchantCategory = emv.merchantCategory
        data.merchantName = terminal.name.english
        data.asksForApplication = pinPad != nil
        return data
    }
}
