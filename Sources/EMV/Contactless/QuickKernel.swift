import Payments
import Wire

/// Kernels C-3 and C-7: one GET PROCESSING OPTIONS brings the card's decision, records may follow, and the card may leave
/// (EMV Contactless Books C-3 and C-7; qVSDC, quickPass, qPBOC). Clauses are those of Book C-3; where C-7 differs the code says so.
struct QuickKernel: ContactlessKernel {
    var database: KernelDatabase
    let combination: Combination
    private(set) var step = Step.processingOptions
    /// How the customer is verified, once that is decided.
    var verification = ContactlessOutcome.Verification.notApplicable

    /// Which answer of the card is awaited.
    enum Step: Equatable, Sendable {
        case processingOptions
        case record([RecordLocation])
    }

    /// A kernel for a selected application. The combination's qualifiers are those of this payment.
    init(_ database: KernelDatabase, _ combination: Combination) {
        self.database = database
        self.combination = combination
        self.database.own = [
            .terminalTransactionQualifiers: combination.qualifiers.bytes, .posEntryMode: [0x07],
            // The card puts these results under its cryptogram, so the issuer must see them as the card did.
            .tvr: TVR().bytes,
        ]
    }

    var isUnionPay: Bool { combination.kernel == .c7 }
    /// What the card wants (9F6C); nil if it does not say.
    var cardQualifiers: CardTransactionQualifiers? {
        database.card[.cardTransactionQualifiers].flatMap { CardTransactionQualifiers(bytes: $0) }
    }
}

// Initiation (Book C-3, 5.2).
extension QuickKernel {
    /// GET PROCESSING OPTIONS. A card that does not ask for the reader's qualifiers and number is no card of these kernels.
    mutating func begin() throws(KernelFailure) -> ContactlessStep {
        guard let list = try? DOL(database.card[.pdol] ?? []), list.contains(.terminalTransactionQualifiers),
            list.contains(.unpredictableNumber)
        else { return .selectNext }
        database.pdolValues = list.values(database.value)
        guard let command = CommandAPDU.getProcessingOptions(database.pdolValues) else {
            throw KernelFailure(.badData, "the PDOL asks for too much", "Book C-3, 5.2")
        }
        return .transmit(command)
    }

    mutating func receive(_ response: Response) throws(KernelFailure) -> ContactlessStep {
        switch step {
        case .processingOptions: try receiveProcessingOptions(response)
        case .record(let locations): try receiveRecord(response, locations)
        }
    }

    /// The card left before it gave everything, or is mute: what it gave is worth nothing, for it did not finish either.
    mutating func lose(_ reason: KernelFailure.Reason) -> ContactlessStep { .finish(.tryAgain(.presentCardAgain)) }

    private mutating func receiveProcessingOptions(_ response: Response) throws(KernelFailure) -> ContactlessStep {
        let clause = "Book C-3, 5.2"
        switch response.status {
        case .success: break
        case .dataInvalidated: return .finish(.tryAnotherInterface)
        case .conditionsNotSatisfied: return .selectNext
        case .commandNotAllowed: return .finish(.seePhone)
        default: throw KernelFailure(.badStatus, "GET PROCESSING OPTIONS: \(response.status)", clause)
        }
        guard let templates = try? TLV.parse(response.data), templates.count == 1,
            templates[0].tag == .responseFormat2, let objects = try? templates[0].children()
        else { throw KernelFailure(.badData, "processing options of no known format", clause) }
        try database.storeAll(objects, clause: clause)
        guard let profile = database.card[.aip] else { throw KernelFailure(.badData, "82 is missing", clause) }
        database.aip = AIP(rawValue: UInt16(profile[0]) << 8 | UInt16(profile[1]))
        guard let locator = database.card[.afl] else { return try conclude() }
        guard let locations = RecordLocation.list(locator[...]) else {
            throw KernelFailure(.badData, "94 breaks the rules", clause)
        }
        return try read(locations)
    }

    private mutating func read(_ locations: [RecordLocation]) throws(KernelFailure) -> ContactlessStep {
        guard let next = locations.first else { return try conclude() }
        step = .record(locations)
        return .transmit(.readRecord(next.number, sfi: next.sfi))
    }

    private mutating func receiveRecord(
        _ response: Response, _ locations: [RecordLocation]
    ) throws(KernelFailure) -> ContactlessStep {
        guard let location = locations.first else { return try conclude() }
        try database.receiveRecord(response, location, signed: true)
        return try read(Array(locations.dropFirst()))
    }
}
