import Payments
import Wire

/// Kernel C-2 (EMV Contactless Book C-2), chip mode: one presentation of a card or device. Left out, and not announced to the card:
/// stripe mode, integrated data storage, data exchange, balance reading and the relay resistance protocol, which needs a clock
/// between two answers.
struct C2Kernel: ContactlessKernel {
    var database: KernelDatabase
    /// Its qualifiers are those of this payment.
    let combination: Combination
    /// Transactions that may be recovered, the oldest first.
    private(set) var torn: [TornTransaction]
    var verification = ContactlessOutcome.Verification.notApplicable
    private var step = Step.selected

    /// Which answer is awaited.
    private enum Step: Equatable {
        case selected
        case processingOptions
        case record([RecordLocation])
        case recovery(TornTransaction)
        case cryptogram(CryptogramRequest)
        case online
        case finished
    }

    /// A kernel for the application of `database`. What is too old in `torn` is dropped.
    init(_ database: KernelDatabase, _ combination: Combination, torn: [TornTransaction]) {
        self.database = database
        self.combination = combination
        self.torn = torn.filter { $0.isFresh(at: database.transaction.time) }.suffix(TornTransaction.limit)
    }

    mutating func begin() throws(KernelFailure) -> ContactlessStep {
        announceTerminal()
        let clause = "Book C-2, 6.2"
        guard let pdol = try? DOL(database.card[.pdol] ?? []) else {
            throw KernelFailure(.badData, "the PDOL is no data object list", clause)
        }
        database.pdolValues = pdol.values(database.value)
        guard let command = CommandAPDU.getProcessingOptions(database.pdolValues) else {
            throw KernelFailure(.badData, "the PDOL asks for too much", clause)
        }
        return transmit(command, .processingOptions)
    }

    mutating func receive(_ response: Response) throws(KernelFailure) -> ContactlessStep {
        switch step {
        case .processingOptions: return try receiveProcessingOptions(response)
        case .record(let locations): return try receiveRecord(response, locations)
        case .recovery(let transaction): return try receiveRecovery(response, transaction)
        case .cryptogram(let request): return try receiveCryptogram(response, request)
        case .selected, .online, .finished:
            throw KernelFailure(.badData, "an answer that nobody waits for", "Book C-2, 6")
        }
    }

    /// Before its cryptogram was asked for a card may simply come again. After it, what was asked is kept for recovery, if the
    /// card can do that (Book C-2, S9.5 to S9.14).
    mutating func lose(_ reason: KernelFailure.Reason) -> ContactlessStep {
        let lost = step
        step = .finished
        switch lost {
        case .processingOptions, .record, .recovery: break
        case .cryptogram(let request):
            forget()
            if database.card[.drdol] != nil, let transaction = TornTransaction(database, request, verification) {
                torn = (torn + [transaction]).suffix(TornTransaction.limit)
            }
        case .selected, .online, .finished:
            return .finish(.ended(KernelFailure(reason, "the card is gone", "Book C-2, 6")))
        }
        return .finish(.tryAgain(.presentCardAgain))
    }

    mutating func complete(_ reply: OnlineReply?) -> ContactlessOutcome {
        guard step == .online else { return .ended(KernelFailure(.badData, "nothing to complete", "Book C-2, 6")) }
        step = .finished
        return decide(by: reply, clause: Self.outcomeClause)
    }

    private static let outcomeClause = "Book C-2, S910"

    private mutating func transmit(_ command: CommandAPDU, _ next: Step) -> ContactlessStep {
        step = next
        return .transmit(command)
    }

    mutating func selectNext() -> ContactlessStep {
        step = .finished
        return .selectNext
    }

    func exceeds(_ limit: Int64?) -> Bool { limit.map { database.transaction.amount.minorUnits > $0 } ?? false }
}

// Initiate and read application data (Book C-2, states 3 to 5).
extension C2Kernel {
    private mutating func receiveProcessingOptions(_ response: Response) throws(KernelFailure) -> ContactlessStep {
        guard response.status == .success else { return selectNext() }
        let locator = try database.receiveProcessingOptions(response.data)
        guard database.aip.contains(.chipMode) else { return selectNext() }
        guard let locations = RecordLocation.list(locator) else {
            throw KernelFailure(.badData, "a wrong application file locator", "Book C-2, S3")
        }
        database.tvr.insert(.relayResistanceNotPerformed)
        return try readRecords(locations)
    }

    private mutating func readRecords(_ locations: [RecordLocation]) throws(KernelFailure) -> ContactlessStep {
        guard let next = locations.first else { return try decideTerminal() }
        return transmit(.readRecord(next.number, sfi: next.sfi), .record(locations))
    }

    private mutating func receiveRecord(
        _ response: Response, _ locations: [RecordLocation]
    ) throws(KernelFailure) -> ContactlessStep {
        guard let location = locations.first else { return try readRecords([]) }
        try database.receiveRecord(response, location)
        return try readRecords(Array(locations.dropFirst()))
    }

    /// All that lies between the records and the cryptogram (Book C-2, S456).
    private mutating func decideTerminal() throws(KernelFailure) -> ContactlessStep {
        guard !exceeds(usesOwnDevice ? combination.onDeviceTransactionLimit : combination.transactionLimit) else {
            return selectNext()
        }
        try database.checkRecords(requiring: [.pan, .expirationDate, .cdol1])
        try prepareAuthentication()
        chooseCapabilities()
        try database.applyRestrictions()
        selectVerification()
        manageRisk()
        return try requestCryptogram()
    }
}

// Cryptogram (Book C-2, states 9 to 11).
extension C2Kernel {
    /// GENERATE AC, or RECOVER AC where the same card was torn from the same payment (S456.43 to S456.49).
    private mutating func requestCryptogram() throws(KernelFailure) -> ContactlessStep {
        if database.card[.drdol] != nil, let transaction = torn.last(where: { $0.matches(database) }) {
            let list = try database.dataObjectList(.drdol, clause: "Book C-2, S456")
            let values = list.values { transaction.values[$0] ?? database.value($0) }
            guard let command = CommandAPDU.recoverAC(values) else {
                throw KernelFailure(.badData, "the DRDOL asks for too much", "Book C-2, 5.5")
            }
            return transmit(command, .recovery(transaction))
        }
        return try generateCryptogram()
    }

    private mutating func generateCryptogram() throws(KernelFailure) -> ContactlessStep {
        let list = try database.dataObjectList(.cdol1, clause: "Book C-2, 7.6")
        database.cdol1Values = database.values(list)
        let (command, request) = try database.cryptogramCommand(proposedCryptogram, database.cdol1Values)
        return transmit(command, .cryptogram(request))
    }

    /// A recovered cryptogram is over what the torn presentation told the card; that holds from here on. A card that cannot
    /// recover is asked anew (S10).
    private mutating func receiveRecovery(
        _ response: Response, _ transaction: TornTransaction
    ) throws(KernelFailure) -> ContactlessStep {
        guard response.status == .success else { return try generateCryptogram() }
        database.own.merge(transaction.values) { $1 }
        database.tvr = transaction.tvr
        database.cvmResults = transaction.cvmResults
        database.pdolValues = transaction.pdolValues
        database.cdol1Values = transaction.cdol1Values
        verification = transaction.verification
        return try receiveCryptogram(response, transaction.request)
    }

    private mutating func receiveCryptogram(
        _ response: Response, _ request: CryptogramRequest
    ) throws(KernelFailure) -> ContactlessStep {
        step = .finished
        if response.status == .success { forget() }
        let type = try database.receiveCryptogram(response, request, allowed: request.allowed)
        // This kernel keeps no status information; the database notes it for the contacts.
        database.tsi = []
        if request.isCombined, database.tvr.contains(.cdaFailed) {
            throw KernelFailure(.badData, "the card's signature does not hold", "Book C-2, S910")
        }
        database.signatureRequired = verification == .signature
        if try CryptogramAnswer(response.data).asksForSecondTap {
            return .finish(.seePhone)
        }
        switch type {
        case .tc: return .finish(decide(.approvedOffline, code: "Y1", clause: Self.outcomeClause))
        case .arqc:
            step = .online
            return .finish(try askIssuer(clause: Self.outcomeClause))
        case .aac where isOtherInterfaceBetter:
            return .finish(ContactlessOutcome(.tryAnotherInterface, UserInterfaceRequest(.insertCard)))
        case .aac: return .finish(decide(.declinedOffline, code: "Z1", clause: Self.outcomeClause))
        }
    }

    /// What was torn from this card is settled, or replaced.
    private mutating func forget() {
        let read = database
        torn.removeAll { $0.isOfCard(in: read) }
    }
}
