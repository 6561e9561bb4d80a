/// One application of a simulated card, as data. Defaults are those of a domestic UnionPay debit card.
public struct ApplicationProfile: Equatable, Sendable {
    /// Application identifier (4F, 84).
    public var aid: [UInt8]
    /// Application label (50).
    public var label: String
    /// Application preferred name (9F12), ISO/IEC 8859-1.
    public var preferredName: String?
    /// Priority (87) 1–15, 1 first; 0 for none.
    public var priority: UInt8 = 1
    /// Whether the cardholder must confirm the choice (87, bit 8).
    public var needsConfirmation = false
    /// Whether the issuer has blocked it: SELECT answers `6283`, GET PROCESSING OPTIONS `6985`.
    public var isBlocked = false

    /// The account it pays from.
    public var account: TestAccount
    /// The first day it may be used, YYMMDD.
    public var effectiveDate = "200101"
    /// Service code of its track 2; 2 at the front says that it has a chip.
    public var serviceCode = "220"
    /// Usage control (9F07): by default everything everywhere.
    public var usageControl: [UInt8] = [0xFF, 0xC0]
    /// Application version (9F08).
    public var version: [UInt8]

    /// Country of the issuer (5F28).
    public var issuerCountry: [UInt8] = [0x01, 0x56]

    /// How it proves to be genuine over the contacts.
    public var authentication: DataAuthentication = .dda
    /// Cardholder verification methods (8E; EMV 4.4 Book 3, 10.5): both amounts and the rules.
    public var cvmList: [UInt8] = CVMRule.list([.onlinePIN, .signature])
    /// Whether it takes an enciphered PIN under a key for PINs (9F2D) and not under its own.
    public var hasPINKey = false
    /// Issuer action code, denial (9F0E).
    public var denialCode: [UInt8] = [0x00, 0x10, 0x00, 0x00, 0x00]
    /// Issuer action code, online (9F0F): nearly everything.
    public var onlineCode: [UInt8] = [0xD8, 0x68, 0x9C, 0xF8, 0x00]
    /// Issuer action code, default (9F0D): what declines when the issuer cannot be reached.
    public var defaultCode: [UInt8] = [0xD8, 0x60, 0xBC, 0xA8, 0x00]

    /// Processing options it asks for (9F38); empty for none.
    public var pdol: [UInt8] = []
    /// Data for the first GENERATE AC (8C).
    public var cdol1: [UInt8] = DOL.firstCryptogram
    /// Data for the second GENERATE AC (8D).
    public var cdol2: [UInt8] = DOL.secondCryptogram
    /// Data for INTERNAL AUTHENTICATE (9F49); empty where the terminal shall use its default.
    public var ddol: [UInt8] = [0x9F, 0x37, 0x04]
    /// How the issuer's cryptogram reaches it.
    public var issuerAuthentication: IssuerAuthentication = .externalAuthenticate
    /// Cryptogram version (in 9F10) and with it the session keys: what the scheme knows of 01 and 17 (UnionPay), 0A and 12
    /// (Visa), 10 (Mastercard), 04 (JCB).
    public var cryptogramVersion: UInt8
    /// Whether answers to GET PROCESSING OPTIONS, INTERNAL AUTHENTICATE and GENERATE AC are templates 77 instead of 80.
    public var usesTemplate77 = false

    /// Whether it is reached over the contacts.
    public var hasContacts = true
    /// Its contactless side; nil where there is none.
    public var contactless: ContactlessProfile?

    /// Whether it ever approves without its issuer.
    public var isOnlineOnly = false
    /// Consecutive offline approvals after which it wants to go online (9F58).
    public var lowerOfflineLimit: UInt8 = 3
    /// Consecutive offline approvals after which it declines when the issuer cannot be reached (9F59).
    public var upperOfflineLimit: UInt8 = 5
    /// Whether the terminal, too, shall count offline approvals: it is told the limits (9F14, 9F23).
    public var letsTerminalCount = false

    /// An application on an account.
    public init(aid: [UInt8], label: String, account: TestAccount) {
        self.aid = aid
        self.label = label
        self.account = account
        let number = account.scheme.applicationVersion
        version = [UInt8(number >> 8), UInt8(number & 0xFF)]
        cryptogramVersion = account.scheme.cryptogramVersion
    }

    /// The kinds of offline data authentication (EMV 4.4 Book 2, 5 and 6), each including those before it.
    public enum DataAuthentication: Int, Comparable, Sendable {
        /// None: for online-only terminals.
        case none
        /// Static.
        case sda
        /// Dynamic, by INTERNAL AUTHENTICATE.
        case dda
        /// Combined with the application cryptogram.
        case cda

        /// The weaker is less.
        public static func < (left: DataAuthentication, right: DataAuthentication) -> Bool {
            left.rawValue < right.rawValue
        }
    }

    /// How issuer authentication data reaches the card (EMV 4.4 Book 3, 10.9).
    public enum IssuerAuthentication: Sendable {
        /// By EXTERNAL AUTHENTICATE before the second GENERATE AC.
        case externalAuthenticate
        /// As object 91 in the data of the second GENERATE AC.
        case secondCryptogram
    }

    /// Data object lists that UnionPay cards use.
    public enum DOL {
        /// 9F02 9F03 9F1A 95 5F2A 9A 9C 9F37 9F21 9F4E.
        public static let firstCryptogram: [UInt8] = [
            0x9F, 0x02, 6, 0x9F, 0x03, 6, 0x9F, 0x1A, 2, 0x95, 5, 0x5F, 0x2A, 2, 0x9A, 3, 0x9C, 1, 0x9F, 0x37, 4,
            0x9F, 0x21, 3, 0x9F, 0x4E, 20,
        ]
        /// The same with the authorisation response code (8A) before them.
        public static let secondCryptogram: [UInt8] = [0x8A, 2] + firstCryptogram
        /// The same with the issuer's authentication data (91) before it all.
        public static let secondCryptogramWithIssuerData: [UInt8] = [0x91, 10] + secondCryptogram
    }

    /// Application interchange profile (82; EMV 4.4 Book 3, Annex C1).
    var interchangeProfile: [UInt8] {
        let methods: UInt8 =
            switch authentication {
            case .none: 0x00
            case .sda: 0x40
            case .dda: 0x60
            case .cda: 0x61
            }
        let external: UInt8 = issuerAuthentication == .externalAuthenticate ? 0x04 : 0x00
        return [methods | 0x10 | 0x08 | external, 0x00]
    }
}
