import EMV
import PaymentCryptography
import Payments
import Wire

/// The terminal's data in force today, and where each item came from. Amounts in major units.
public struct ParametersReport: Codable, Equatable, Sendable {
    /// An application.
    public struct Application: Codable, Equatable, Sendable {
        /// Application identifier in hexadecimal.
        public let aid: String
        /// Where it came from.
        public let source: ParameterSource
        /// Whether longer identifiers that begin so are taken too.
        public let allowsPartialMatch: Bool
        /// Application version number, four hexadecimal digits.
        public let version: String
        /// Terminal action code - denial.
        public let tacDenial: String
        /// Terminal action code - online.
        public let tacOnline: String
        /// Terminal action code - default.
        public let tacDefault: String
        /// From this amount on the issuer is asked.
        public let floorLimit: String
        /// From this amount on the chance of random selection grows.
        public let randomThreshold: String
        /// Chance below it, percent.
        public let randomTargetPercent: Int
        /// Chance just below the floor limit, percent.
        public let randomMaximumPercent: Int
        /// Default DDOL.
        public let defaultDDOL: String
        /// Default TDOL; empty for none.
        public let defaultTDOL: String
    }

    /// An application on the contactless reader, with its kernel. Absent limits are no limits.
    public struct Contactless: Codable, Equatable, Sendable {
        /// Application identifier in hexadecimal.
        public let aid: String
        /// `c2`, `c3` or `c7`.
        public let kernel: String
        /// Where it, or what was changed of it last, came from.
        public let source: ParameterSource
        /// From this amount on the other interface is used.
        public let transactionLimit: String?
        /// The same where the customer's own device verifies the customer.
        public let onDeviceTransactionLimit: String?
        /// From this amount on a verified cardholder is asked for.
        public let verificationLimit: String?
        /// From this amount on the issuer is asked.
        public let floorLimit: String?
        /// `online` or `refused`.
        public let zeroAmount: String
        /// Whether an amount of one unit of currency is a status check.
        public let checksStatus: Bool
        /// Terminal transaction qualifiers (9F66), eight hexadecimal digits.
        public let qualifiers: String
        /// Up to this amount no PIN (UnionPay's small amounts).
        public let withoutPIN: String?
        /// Up to this amount no signature.
        public let withoutSignature: String?
        /// First digits of the account numbers to which that applies; empty for all.
        public let admitted: [String]
        /// First digits of those to which it does not apply.
        public let excluded: [String]
    }

    /// A certification authority's key. Its SHA-1 was right, or it would not be here.
    public struct CAKey: Codable, Equatable, Sendable {
        /// Registered application provider identifier in hexadecimal.
        public let rid: String
        /// Its index, two hexadecimal digits.
        public let index: String
        /// Its length.
        public let bits: Int
        /// 3 or 65537.
        public let exponent: Int
        /// Its last day, YYYYMMDD.
        public let expiry: Int?
        /// Whether that has passed: then it is not used.
        public let isExpired: Bool
        /// Where it came from.
        public let source: ParameterSource
    }

    /// Applications, in the terminal's order of preference.
    public let applications: [Application]
    /// What the contactless reader accepts, in the terminal's order of preference.
    public let contactless: [Contactless]
    /// The certification authorities' keys.
    public let caKeys: [CAKey]
    /// Revoked issuer certificates: RID, index and serial number in hexadecimal.
    public let revokedCertificates: [String]
    /// Entries of the exception file that were configured.
    public let exceptionsConfigured: Int
    /// Entries of the exception file that were downloaded and are not configured.
    public let exceptionsDownloaded: Int
    /// The merchant's name on receipts.
    public let merchantName: String
    /// Where it came from.
    public let merchantNameSource: ParameterSource
    /// Refusals of a reversal after which payments go on without its answer.
    public let reversalTries: Int
    /// Where it came from.
    public let reversalTriesSource: ParameterSource
    /// Letters of the currency of all amounts.
    public let currency: String
    /// What is refused, expired, doubtful or of no use.
    public let notes: [ParameterNote]

    /// A report of `parameters` on the day of `time`.
    init(_ parameters: TerminalParameters, _ configuration: Configuration, on time: LocalDateTime) {
        let currency = configuration.terminal.currency
        func money(_ units: Int64) -> String { "\(Money(minorUnits: units, currency))" }
        applications = parameters.applications.map { item in
            let (application, random) = (item.value, item.value.randomSelection)
            return Application(
                aid: Hex.encode(application.aid), source: item.source,
                allowsPartialMatch: application.allowsPartialMatch,
                version: Hex.encode([UInt8(application.version >> 8), UInt8(application.version & 0xFF)]),
                tacDenial: Hex.encode(application.tacDenial.bytes), tacOnline: Hex.encode(application.tacOnline.bytes),
                tacDefault: Hex.encode(application.tacDefault.bytes), floorLimit: money(application.floorLimit),
                randomThreshold: money(random.threshold), randomTargetPercent: random.targetPercent,
                randomMaximumPercent: random.maximumPercent, defaultDDOL: Hex.encode(application.defaultDDOL),
                defaultTDOL: Hex.encode(application.defaultTDOL))
        }
        contactless = parameters.combinations.map { item in
            let combination = item.value
            return Contactless(
                aid: Hex.encode(combination.parameters.aid), kernel: combination.kernel.word, source: item.source,
                transactionLimit: combination.transactionLimit.map(money),
                onDeviceTransactionLimit: combination.onDeviceTransactionLimit.map(money),
                verificationLimit: combination.verificationLimit.map(money),
                floorLimit: combination.floorLimit.map(money), zeroAmount: combination.zeroAmount.rawValue,
                checksStatus: combination.checksStatus, qualifiers: Hex.encode(combination.qualifiers.bytes),
                withoutPIN: combination.smallAmount?.withoutPIN.map(money),
                withoutSignature: combination.smallAmount?.withoutSignature.map(money),
                admitted: combination.smallAmount?.admitted ?? [], excluded: combination.smallAmount?.excluded ?? [])
        }
        caKeys = parameters.caKeys.map { item in
            CAKey(
                rid: Hex.encode(item.value.rid), index: Hex.encode([item.value.index]), bits: item.value.bits,
                exponent: item.value.key.exponent, expiry: item.value.expiry,
                isExpired: item.value.isExpired(on: time), source: item.source)
        }
        revokedCertificates = configuration.emv.revokedCertificates.map {
            "\(Hex.encode($0.rid)) \(Hex.encode([$0.index])) \(Hex.encode($0.serialNumber))"
        }
        exceptionsConfigured = parameters.exceptionFile.count { $0.source == .configured }
        exceptionsDownloaded = parameters.exceptionFile.count { $0.source == .downloaded }
        merchantName = parameters.merchantName ?? configuration.terminal.name.chinese
        merchantNameSource = parameters.merchantName == nil ? .configured : .downloaded
        reversalTries = parameters.reversalTries ?? configuration.acquirer.reversalTries
        reversalTriesSource = parameters.reversalTries == nil ? .configured : .downloaded
        self.currency = currency.code
        notes = parameters.notes(on: time)
    }
}
