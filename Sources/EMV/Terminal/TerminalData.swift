public import Wire

/// What the terminal is and what its acquirer loaded into it. The same for every transaction.
public struct TerminalData: Equatable, Sendable {
    /// The applications it accepts, in its order of preference.
    public var applications: [ApplicationParameters]
    /// What the contactless reader accepts, in the terminal's order of preference; empty without such a reader.
    public var combinations: [Combination] = []
    /// The certification authorities' keys.
    public var caKeys: [CAPublicKey]
    /// Issuer certificates that were revoked.
    public var revokedCertificates: [RevokedCertificate] = []
    /// Leading digits (6–19) of account numbers that are on the exception file.
    public var exceptionFile: [String] = []
    /// Country, ISO 3166-1 numeric (9F1A): 156.
    public var countryCode: Int
    /// Terminal type as two BCD digits (9F35): 0x21 attended and online only, 0x22 attended, offline with online
    /// capability (EMV 4.4 Book 4, Annex A1).
    public var terminalType: UInt8
    /// What the terminal can do (9F33), as the card is told. Offline PIN only where a device can take one.
    public var capabilities: TerminalCapabilities
    /// Additional terminal capabilities (9F40), five bytes (Book 4, Annex A3).
    public var additionalCapabilities: [UInt8]
    /// Serial number of the terminal (9F1E), eight letters or digits.
    public var serialNumber: String
    /// Terminal identification (9F1C), eight characters: field 41.
    public var terminalID: String
    /// Merchant identifier (9F16), fifteen characters: field 42.
    public var merchantID: String
    /// Merchant category code (9F15), four digits.
    public var merchantCategory: Int = 0
    /// Merchant name and location (9F4E).
    public var merchantName: String = ""
    /// Acquirer identifier (9F01), up to eleven digits.
    public var acquirerID: String = ""
    /// Objects that the terminal has beside these, or in place of what would follow from them, by tag: a card that asks for
    /// them in a data object list gets these values.
    public var objects: [TLV.Tag: [UInt8]] = [:]
    /// Whether the customer can be asked which application to use. If not, the card's priority decides.
    public var asksForApplication: Bool = true
    /// Whether the card's directory is asked for its applications (EMV 4.4 Book 1, 12.3.2) before the list is tried.
    public var usesDirectory: Bool = true

    /// A terminal of these parts; the rest has defaults and can be set.
    public init(
        applications: [ApplicationParameters], caKeys: [CAPublicKey], countryCode: Int, terminalType: UInt8 = 0x22,
        capabilities: TerminalCapabilities = [
            .contactChip, .onlinePIN, .signature, .noVerification, .sda, .dda, .cda,
        ],
        additionalCapabilities: [UInt8] = [0x60, 0x00, 0xF0, 0xA0, 0x01], serialNumber: String, terminalID: String,
        merchantID: String
    ) {
        self.applications = applications
        self.caKeys = caKeys
        self.countryCode = countryCode
        self.terminalType = terminalType
        self.capabilities = capabilities
        self.additionalCapabilities = additionalCapabilities
        self.serialNumber = serialNumber
        self.terminalID = terminalID
        self.merchantID = merchantID
    }

    /// True for the terminal types that never approve without the issuer: 11, 14, 21, 24, 34.
    var isOnlineOnly: Bool { [0x11, 0x14, 0x21, 0x24, 0x34].contains(terminalType) }
    /// True for the terminal types that cannot ask the issuer: 13, 16, 23, 26, 36.
    var isOfflineOnly: Bool { [0x13, 0x16, 0x23, 0x26, 0x36].contains(terminalType) }
    /// True for a terminal that can approve by itself and ask the issuer: only that one picks at random.
    var choosesItsWay: Bool { !isOnlineOnly && !isOfflineOnly }
    /// True for the terminal types without an attendant.
    var isUnattended: Bool { [0x14, 0x15, 0x16, 0x24, 0x25, 0x26, 0x34, 0x35, 0x36].contains(terminalType) }
}

/// An issuer certificate that must not be trusted any more (EMV 4.4 Book 2, 5.1.2).
public struct RevokedCertificate: Hashable, Codable, Sendable {
    /// The certification authority's RID, five bytes.
    public let rid: [UInt8]
    /// Index of the authority's key.
    public let index: UInt8
    /// The certificate's serial number, three bytes.
    public let serialNumber: [UInt8]

    /// A certificate of this authority, key and number.
    public init(rid: [UInt8], index: UInt8, serialNumber: [UInt8]) {
        self.rid = rid
        self.index = index
        self.serialNumber = serialNumber
    }
}
