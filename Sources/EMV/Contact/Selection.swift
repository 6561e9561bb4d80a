import Payments
import Wire

/// Finding an application that card and terminal know (EMV 4.4 Book 1, 12).
struct Selection: Equatable, Sendable {
    let terminal: TerminalData
    let transaction: TransactionData
    private var candidates: [CandidateApplication] = []
    private var codeTable: UInt8?
    /// The customer's languages, as the directory gives them (5F2D).
    private(set) var languages: [UInt8] = []
    private var seenNames: [[UInt8]] = []
    private var sawBlockedApplication = false
    private var failure: KernelFailure?

    enum Step: Equatable, Sendable {
        case environment
        case directory(sfi: UInt8, record: UInt8)
        case listed(Int, next: Bool)
        case final(CandidateApplication)
    }

    init(terminal: TerminalData, transaction: TransactionData) {
        self.terminal = terminal
        self.transaction = transaction
    }

    /// Opens the card's directory, which a terminal need not use (Book 1, 12.3.1); else it tries its list.
    func begin() throws(KernelFailure) -> ContactKernel.Next {
        guard terminal.usesDirectory else { return try selectListed(0) }
        return transmit(.select(Array("1PAY.SYS.DDF01".utf8)), .environment)
    }

    mutating func receive(_ response: Response, for step: Step) throws(KernelFailure) -> ContactKernel.Next {
        switch step {
        case .environment: try openDirectory(response)
        case .directory(let sfi, let record): try readDirectory(response, sfi, record)
        case .listed(let index, let next): try tryListed(response, index, isNext: next)
        case .final(let candidate): try open(candidate, response)
        }
    }

    private func transmit(_ command: CommandAPDU, _ step: Step) -> ContactKernel.Next {
        ContactKernel.Next(state: .selecting(self, step, Exchange(command)), action: .transmit(command))
    }
}

// The payment system environment (Book 1, 12.3.2).
extension Selection {
    private mutating func openDirectory(_ response: Response) throws(KernelFailure) -> ContactKernel.Next {
        switch response.status {
        case .functionNotSupported: throw KernelFailure(.cardBlocked, "the card is blocked", "Book 1, 12.3.2")
        case .success: break
        default: return try beginList()
        }
        guard let fci = FileControlInformation(response.data), let sfi = fci.shortFileIdentifier else {
            return try beginList()
        }
        codeTable = fci.codeTable
        languages = fci.value(.languagePreference) ?? []
        return transmit(.readRecord(1, sfi: sfi), .directory(sfi: sfi, record: 1))
    }

    private mutating func readDirectory(
        _ response: Response, _ sfi: UInt8, _ record: UInt8
    ) throws(KernelFailure) -> ContactKernel.Next {
        if response.status == .recordNotFound { return try candidates.isEmpty ? beginList() : choose() }
        guard response.status == .success, let entries = try? DirectoryEntry.entries(in: response.data) else {
            candidates = []
            return try beginList()
        }
        for entry in entries {
            add(entry.name, entry.label, entry.preferredName, codeTable, entry.priority)
        }
        guard record < 255 else { return try candidates.isEmpty ? beginList() : choose() }
        return transmit(.readRecord(record + 1, sfi: sfi), .directory(sfi: sfi, record: record + 1))
    }

    private mutating func add(
        _ name: [UInt8], _ label: [UInt8], _ preferredName: [UInt8], _ table: UInt8?, _ priority: UInt8
    ) {
        let exact = terminal.applications.first { $0.aid == name }
        let matching = terminal.applications.filter { $0.matches(name) }.max { $0.aid.count < $1.aid.count }
        guard let parameters = exact ?? matching, !candidates.contains(where: { $0.aid == name }) else { return }
        let shown = PrintableText.decode(label)
        candidates.append(
            CandidateApplication(
                application: CardApplication(
                    aid: Hex.encode(name), label: shown.isEmpty ? Hex.encode(name) : shown,
                    preferredName: PrintableText.decode(preferredName, table: table)),
                aid: name, priority: Int(priority & 0x0F), requiresConfirmation: priority & 0x80 != 0,
                parameters: parameters))
    }
}

// The list of AIDs (Book 1, 12.3.3).
extension Selection {
    private mutating func beginList() throws(KernelFailure) -> ContactKernel.Next { try selectListed(0) }

    private func selectListed(_ index: Int) throws(KernelFailure) -> ContactKernel.Next {
        guard index < terminal.applications.count else { return try choose() }
        return transmit(.select(terminal.applications[index].aid), .listed(index, next: false))
    }

    private mutating func tryListed(
        _ response: Response, _ index: Int, isNext: Bool
    ) throws(KernelFailure) -> ContactKernel.Next {
        let status = response.status
        if status == .functionNotSupported, !isNext {
            throw KernelFailure(.cardBlocked, "the card is blocked", "Book 1, 12.3.3")
        }
        let isWarning = status == .fileInvalidated || (isNext && (status.sw1 == 0x62 || status.sw1 == 0x63))
        guard status == .success || isWarning else { return try selectListed(index + 1) }
        guard let fci = FileControlInformation(response.data) else {
            // Under T=0 a blocked application may keep its file control information to itself.
            if isWarning {
                sawBlockedApplication = true
            } else {
                failure = KernelFailure(.badData, "unreadable file control information", "Book 1, 11.3.4")
            }
            return try selectListed(index + 1)
        }
        let application = terminal.applications[index]
        let isExact = fci.name == application.aid
        // A card that answers the same name again and again would never come to its last occurrence.
        guard isExact || application.matches(fci.name), !isNext || !seenNames.contains(fci.name) else {
            return try selectListed(index + 1)
        }
        seenNames.append(fci.name)
        if status == .success {
            add(fci.name, fci.label, fci.preferredName, fci.codeTable, fci.priority)
        } else {
            sawBlockedApplication = true
        }
        if isExact { return try selectListed(index + 1) }
        return transmit(.select(application.aid, next: true), .listed(index, next: true))
    }
}

// Final selection (Book 1, 12.4).
extension Selection {
    private func choose() throws(KernelFailure) -> ContactKernel.Next {
        let ordered = candidates.inPreference(\.self)
        guard let best = ordered.first else {
            if let failure { throw failure }
            throw sawBlockedApplication
                ? KernelFailure(.applicationBlocked, "the application is blocked", "Book 1, 12.4")
                : KernelFailure(.noApplication, "no common application", "Book 1, 12.4")
        }
        if ordered.count == 1, !best.requiresConfirmation { return selectFinally(best) }
        if terminal.asksForApplication {
            var asking = self
            asking.candidates = ordered
            return ContactKernel.Next(state: .choosing(asking), action: .chooseApplication(ordered))
        }
        guard let free = ordered.first(where: { !$0.requiresConfirmation }) else {
            throw KernelFailure(.noApplication, "the application needs the customer's confirmation", "Book 1, 12.4")
        }
        return selectFinally(free)
    }

    /// The customer's choice; an index outside the list asks again.
    func select(_ index: Int) -> ContactKernel.Next {
        guard candidates.indices.contains(index) else {
            return ContactKernel.Next(state: .choosing(self), action: .chooseApplication(candidates))
        }
        return selectFinally(candidates[index])
    }

    private func selectFinally(_ candidate: CandidateApplication) -> ContactKernel.Next {
        transmit(.select(candidate.aid), .final(candidate))
    }

    private mutating func open(
        _ candidate: CandidateApplication, _ response: Response
    ) throws(KernelFailure) -> ContactKernel.Next {
        switch response.status {
        case .success: break
        case .functionNotSupported: throw KernelFailure(.cardBlocked, "the card is blocked", "Book 1, 12.4")
        case .fileInvalidated:
            sawBlockedApplication = true
            return try chooseAnother(than: candidate)
        default: return try chooseAnother(than: candidate)
        }
        guard let fci = FileControlInformation(response.data), fci.name == candidate.aid else {
            failure = KernelFailure(.badData, "unreadable file control information", "Book 1, 11.3.4")
            return try chooseAnother(than: candidate)
        }
        var database = KernelDatabase(terminal, transaction, candidate, fci)
        if database.card[.languagePreference] == nil { database.card[.languagePreference] = languages }
        return try Session(database).initiate(otherwise: self)
    }

    /// Goes on without `candidate`: it cannot be selected, or its conditions of use are not satisfied.
    mutating func chooseAnother(than candidate: CandidateApplication) throws(KernelFailure) -> ContactKernel.Next {
        candidates.removeAll { $0.aid == candidate.aid }
        return try choose()
    }
}
