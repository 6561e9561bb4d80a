import PaymentCryptography
import Payments
import Wire

/// Everything known of one transaction with one selected application. Each step is an extension of its own.
struct Session: Equatable, Sendable {
    let terminal: TerminalData
    let transaction: TransactionData
    let application: CandidateApplication
    let languages: [String]
    let pdol: [UInt8]?

    /// What the card gave, by tag: file control information, records, answers.
    var card: [TLV.Tag: [UInt8]] = [:]
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
    var cardKey: RSAPublicKey?

    var cvmResults: [UInt8] = [0x3F, 0x00, 0x00]
    var signatureRequired = false
    var pinEntry = PINEntry.none
    var pinObstacle: ContactKernel.PINOutcome?

    var cryptogram: Cryptogram?
    var reply: OnlineReply?
    /// Authorisation response code (8A).
    var responseCode: [UInt8]?
    var scriptResults: [UInt8] = []
    /// Set once the last cryptogram is here: nothing that follows can change it.
    var verdict: KernelOutcome.Verdict?

    init(
        _ terminal: TerminalData, _ transaction: TransactionData, _ application: CandidateApplication,
        _ fci: FileControlInformation
    ) {
        self.terminal = terminal
        self.transaction = transaction
        self.application = application
        pdol = fci.value(.pdol)
        let text = fci.value(.languagePreference) ?? []
        languages = stride(from: 0, to: min(text.count, 8) - 1, by: 2).map {
            PrintableText.decode(text[$0...$0 + 1]).lowercased()
        }
        card[.dedicatedFileName] = fci.name
        for tag in [TLV.Tag.applicationLabel, .preferredName, .languagePreference] {
            card[tag] = fci.value(tag)
        }
    }

    /// Which answer of the card is awaited.
    enum Step: Equatable, Sendable {
        case processingOptions(Selection)
        case record([RecordLocation])
        case internalAuthenticate(values: [UInt8])
        case transactionCounter
        case lastOnlineCounter(atc: UInt16?)
        case firstCryptogram(CryptogramRequest)
        case externalAuthenticate
        case script(ScriptRun)
        case finalCryptogram(CryptogramRequest)

        var phase: ContactKernel.Phase {
            switch self {
            case .processingOptions: .initiating
            case .record: .reading
            case .internalAuthenticate: .authenticating
            case .transactionCounter, .lastOnlineCounter, .firstCryptogram: .deciding
            case .externalAuthenticate, .script, .finalCryptogram: .completing
            }
        }
    }

    mutating func receive(_ response: Response, for step: Step) throws(KernelFailure) -> ContactKernel.Next {
        switch step {
        case .processingOptions(let selection): try receiveProcessingOptions(response, otherwise: selection)
        case .record(let locations): try receiveRecord(response, locations)
        case .internalAuthenticate(let values): try receiveDynamicSignature(response, values)
        case .transactionCounter: try receiveTransactionCounter(response)
        case .lastOnlineCounter(let atc): try receiveLastOnlineCounter(response, atc)
        case .firstCryptogram(let request): try receiveFirstCryptogram(response, request)
        case .externalAuthenticate: try receiveIssuerAuthentication(response)
        case .script(let run): try receiveScript(response, run)
        case .finalCryptogram(let request): try receiveFinalCryptogram(response, request)
        }
    }

    func transmit(_ command: CommandAPDU, _ step: Step) -> ContactKernel.Next {
        ContactKernel.Next(state: .running(self, step, Exchange(command)), action: .transmit(command))
    }

    var parameters: ApplicationParameters { application.parameters }

    /// Whether a request may have reached the issuer, or the last decision is made: too late to cancel.
    var isPastRequest: Bool { reply != nil || responseCode != nil || verdict != nil }
}

// Data objects.
extension Session {
    /// What goes into data object lists and field 55. The terminal's own objects cannot be set by the card.
    func value(_ tag: TLV.Tag) -> [UInt8]? {
        guard DataDictionary.element(tag)?.source == .card else { return terminalValue(tag) }
        return card[tag]
    }

    private func terminalValue(_ tag: TLV.Tag) -> [UInt8]? {
        switch tag {
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
        case .authorizationCode: reply?.authorizationCode.map { Array($0.utf8) }
        case .scriptResults, .unionPayScriptResults: scriptResults.isEmpty ? nil : scriptResults
        default: nil
        }
    }

    var unpredictableNumber: [UInt8] {
        (0..<4).map { UInt8(truncatingIfNeeded: transaction.unpredictableNumber >> (24 - 8 * $0)) }
    }

    /// Offline PIN is not built yet, so the card is not told that we had it.
    var capabilities: TerminalCapabilities { terminal.capabilities.subtracting([.plaintextPIN, .encipheredPIN]) }

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
        .iccRemainder, .iccExponent, .sdaTagList, .ddol, .signedDynamicData,
    ]

    func dataObjectList(_ tag: TLV.Tag, clause: String) throws(KernelFailure) -> DOL {
        guard let bytes = card[tag] else { throw KernelFailure(.badData, "\(tag) is missing", clause) }
        do throws(WireError) { return try DOL(bytes) } catch {
            throw KernelFailure(.badData, "\(tag) is no data object list", clause)
        }
    }
}
