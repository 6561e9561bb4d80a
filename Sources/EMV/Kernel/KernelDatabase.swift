import PaymentCryptography
import Payments
import Wire

/// Everything known of one transaction with one selected application, whichever kernel runs it: the terminal's data, what the
/// card gave, and the results so far (the TLV database of EMV Contactless Book C-2, 4.1; EMV 4.4 Book 3, 7).
struct KernelDatabase: Equatable, Sendable {
    let terminal: TerminalData
    let transaction: TransactionData
    let application: CandidateApplication

    /// What the card gave, by tag: file control information, records, answers.
    var card: [TLV.Tag: [UInt8]] = [:]
    /// What the card's issuer added to the file control information (BF0C).
    let discretionary: [TLV]
    /// The terminal's objects that a kernel sets itself; they come before those of `terminal` and `transaction`.
    var own: [TLV.Tag: [UInt8]] = [:]
    var cardRead: CardRead?
    var aip = AIP()
    var tvr = TVR()
    var tsi = TSI()

    /// The values sent for PDOL, CDOL1 and CDOL2: the hash of combined data authentication covers them.
    var pdolValues: [UInt8] = []
    var cdol1Values: [UInt8] = []
    var cdol2Values: [UInt8] = []

    /// Data to be authenticated, as the records give them; nil once a record broke their rules.
    var staticData: [UInt8]? = []
    var authentication = AuthenticationMethod.none
    /// Why it failed, if it did.
    var authenticationError: AuthenticationError?
    var cardKey: RSAPublicKey?

    var cvmResults: [UInt8] = [0x3F, 0x00, 0x00]
    var signatureRequired = false

    var cryptogram: Cryptogram?
    /// Authorisation response code (8A).
    var responseCode: [UInt8]?
    var authorizationCode: String?
    var scriptResults: [UInt8] = []

    init(
        _ terminal: TerminalData, _ transaction: TransactionData, _ application: CandidateApplication,
        _ fci: FileControlInformation
    ) {
        self.terminal = terminal
        self.transaction = transaction
        self.application = application
        discretionary = fci.discretionary
        card[.dedicatedFileName] = fci.name
        for tag in [TLV.Tag.applicationLabel, .preferredName, .languagePreference, .pdol] {
            card[tag] = fci.value(tag)
        }
    }

    var parameters: ApplicationParameters { application.parameters }

    /// The customer's languages in order, two small letters each (5F2D).
    var languages: [String] {
        Self.languages(card[.languagePreference] ?? [])
    }

    static func languages(_ text: [UInt8]) -> [String] {
        stride(from: 0, to: min(text.count, 8) - 1, by: 2).map {
            PrintableText.decode(text[$0...$0 + 1]).lowercased()
        }
    }
}

extension KernelDatabase {
    /// What goes into data object lists and field 55. The terminal's own objects cannot be set by the card.
    func value(_ tag: TLV.Tag) -> [UInt8]? {
        guard DataDictionary.element(tag)?.source == .card else { return terminalValue(tag) }
        return card[tag]
    }

    private func terminalValue(_ tag: TLV.Tag) -> [UInt8]? {
        if let value = own[tag] ?? terminal.objects[tag] { return value }
        return switch tag {
        case .terminalAID: application.parameters.aid
        case .terminalVersion: [UInt8(parameters.version >> 8), UInt8(parameters.version & 0xFF)]
        case .floorLimit: binary(parameters.floorLimit)
        case .terminalCountry: digits(terminal.countryCode, 4)
        case .terminalType: [terminal.terminalType]
        case .terminalCapabilities: capabilities.bytes
        case .additionalCapabilities: terminal.additionalCapabilities
        case .deviceSerialNumber: Array(terminal.serialNumber.utf8)
        case .terminalIdentification: Array(terminal.terminalID.utf8)
        case .merchantIdentifier: Array(terminal.merchantID.utf8)
        case .merchantCategory: digits(terminal.merchantCategory, 4)
        case .merchantName: Array(terminal.merchantName.utf8)
        case .acquirerIdentifier: try? BCD.encode(terminal.acquirerID)
        case .amount: digits(transaction.amount.minorUnits, 12)
        case .otherAmount: digits(transaction.otherAmount, 12)
        case .amountBinary: binary(transaction.amount.minorUnits)
        case .otherAmountBinary: binary(transaction.otherAmount)
        case .transactionCurrency: digits(transaction.amount.currency.number, 4)
        case .transactionCurrencyExponent: digits(transaction.amount.currency.exponent, 2)
        case .transactionDate: try? BCD.encode(transaction.time.yymmdd)
        case .transactionTime: try? BCD.encode(transaction.time.hhmmss)
        case .transactionType: [transaction.type]
        case .sequenceCounter: digits(transaction.stan.value, 8)
        case .unpredictableNumber: unpredictableNumber
        case .posEntryMode: [0x05]
        case .tvr: tvr.bytes
        case .tsi: tsi.bytes
        case .cvmResults: cvmResults
        case .tcHash: card[.tcHash]
        case .authorizationResponseCode: responseCode
        case .issuerAuthenticationData: card[tag]
        case .authorizationCode: authorizationCode.map { Array($0.utf8) }
        case .scriptResults, .unionPayScriptResults: scriptResults.isEmpty ? nil : scriptResults
        default: nil
        }
    }

    /// Of this presentation, or of an earlier one whose cryptogram is recovered.
    var unpredictableNumber: [UInt8] {
        own[.unpredictableNumber]
            ?? (0..<4).map { UInt8(truncatingIfNeeded: transaction.unpredictableNumber >> (24 - 8 * $0)) }
    }

    /// The terminal's own; a kernel may offer less for one transaction.
    var capabilities: TerminalCapabilities {
        own[.terminalCapabilities].map { TerminalCapabilities(rawValue: $0.reduce(0) { $0 << 8 | UInt32($1) }) }
            ?? terminal.capabilities
    }

    private func digits(_ number: some BinaryInteger, _ width: Int) -> [UInt8]? {
        try? BCD.encode(Digits.padded(number, width))
    }

    private func binary(_ amount: Int64) -> [UInt8] {
        let number = UInt32(clamping: amount)
        return (0..<4).map { UInt8(truncatingIfNeeded: number >> (24 - 8 * $0)) }
    }

    /// The lists of field 55.
    enum FieldList {
        case sale, reversal, scriptNotice

        var tags: [TLV.Tag] {
            switch self {
            case .sale:
                [
                    .cryptogram, .cryptogramInformation, .issuerApplicationData, .unpredictableNumber, .atc, .tvr,
                    .transactionDate, .transactionType, .amount, .transactionCurrency, .aip, .terminalCountry,
                    .otherAmount, .terminalCapabilities, .cvmResults, .terminalType, .deviceSerialNumber,
                    .dedicatedFileName, .terminalVersion, .sequenceCounter, .productIdentification,
                ]
            case .reversal: [.tvr, .deviceSerialNumber, .issuerApplicationData, .atc, .unionPayScriptResults]
            case .scriptNotice:
                [
                    .terminalCapabilities, .tvr, .unpredictableNumber, .deviceSerialNumber, .issuerApplicationData,
                    .cryptogram, .atc, .aip, .unionPayScriptResults, .terminalCountry, .transactionDate,
                ]
            }
        }
    }

    /// The data objects of a list that there are, BER-TLV.
    func fieldData(_ list: FieldList) -> [UInt8] {
        TLV.encode(list.tags.compactMap { tag in value(tag).map { TLV(tag, $0) } })
    }

    /// Keeps an object of the card's answers or records. Objects that nobody knows, or that are the terminal's own,
    /// are passed over (Book 3, 10.2).
    mutating func store(_ object: TLV, clause: String) throws(KernelFailure) {
        guard let element = DataDictionary.element(object.tag), element.source == .card, !object.value.isEmpty else {
            return
        }
        // Wrong lengths here fail data authentication, not the transaction.
        let isForAuthentication = Self.authenticationTags.contains(object.tag)
        guard isForAuthentication || element.lengths.contains(object.value.count) else {
            // Payment systems' own objects are theirs to define: what we do not understand is left out.
            if element.isProprietary { return }
            throw KernelFailure(.badData, "\(object.tag) has \(object.value.count) bytes", clause)
        }
        card[object.tag] = Array(object.value)
    }

    private static let authenticationTags: Set<TLV.Tag> = [
        .caIndex, .issuerCertificate, .issuerRemainder, .issuerExponent, .signedStaticData, .iccCertificate,
        .iccRemainder, .iccExponent, .sdaTagList, .ddol, .signedDynamicData, .pinCertificate, .pinExponent,
        .pinRemainder,
    ]

    func dataObjectList(_ tag: TLV.Tag, clause: String) throws(KernelFailure) -> DOL {
        guard let bytes = card[tag] else { throw KernelFailure(.badData, "\(tag) is missing", clause) }
        do throws(WireError) { return try DOL(bytes) } catch {
            throw KernelFailure(.badData, "\(tag) is no data object list", clause)
        }
    }
}

// What remains of the card's processing.
extension KernelDatabase {
    /// What a decision leaves behind; nil before the first cryptogram.
    var completion: KernelOutcome.Completion? {
        chipResult.map {
            KernelOutcome.Completion(
                result: $0, chipData: fieldData(.sale), reversalData: fieldData(.reversal),
                scriptNotice: scriptResults.isEmpty ? nil : fieldData(.scriptNotice), advice: advice)
        }
    }

    private var advice: CardAdvice {
        CardAdvice(cryptogramInformation: card[.cryptogramInformation]?.first ?? 0)
    }

    /// What the card's processing left behind by now; nil before the first cryptogram.
    var chipResult: ChipResult? {
        guard let cryptogram else { return nil }
        let hex = { (bytes: [UInt8]?) in Hex.encode(bytes ?? []) }
        return ChipResult(
            application: application.application, cryptogramType: cryptogram.type,
            cryptogram: hex(cryptogram.value), tvr: hex(tvr.bytes), tsi: hex(tsi.bytes), atc: hex(card[.atc]),
            cvmResults: hex(cvmResults), issuerApplicationData: hex(card[.issuerApplicationData]),
            unpredictableNumber: hex(unpredictableNumber), aip: hex(card[.aip]), sequenceNumber: sequenceNumber,
            terminalCapabilities: hex(capabilities.bytes), signatureRequired: signatureRequired,
            scriptResults: hex(scriptResults), responseCode: responseCode.map { PrintableText.decode($0[...]) },
            advice: advice.isSilent ? nil : advice)
    }
}
