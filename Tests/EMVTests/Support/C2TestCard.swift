import PaymentCryptography
import Payments
import Testing
import Wire

@testable import EMV

/// A card of Mastercard's kind for kernel C-2: the records and certificates of `TestCard`, cryptograms that are signed where
/// that is asked for, and recovery of the last one.
struct C2TestCard {
    static let rid: [UInt8] = [0xA0, 0x00, 0x00, 0x00, 0x04]
    static let aid: [UInt8] = rid + [0x10, 0x10]

    var base: TestCard
    /// The type it answers; nil for what it is asked for.
    var type: ChipResult.CryptogramType?
    /// POS cardholder interaction information (DF4B).
    var interaction: [UInt8]?
    var usesFormat1 = false
    /// Objects in the file control information (BF0C).
    var discretionary: [TLV] = []
    /// Whether the signature is left out where it was asked for.
    var leavesOutSignature = false
    /// Changes the hash under the signature.
    var spoilsHash = false
    /// Replaces the answer to a command, by its instruction.
    var overrides: [UInt8: Response] = [:]

    private(set) var log: [CommandAPDU] = []
    private var pdolValues: [UInt8] = []
    /// The last unpredictable number that a cryptogram was made for, and the answer to it.
    private var last: (number: [UInt8], answer: Response)?
    private var counter: UInt16 = 5

    /// A card with CDA and a CVM list: PIN for the issuer, signature, none; each where the terminal supports it.
    init(_ keys: TestKeys) throws {
        base = try TestCard(keys, pan: Self.pan)
        base.aip = AIP([.cardholderVerification, .terminalRiskManagement, .cda, .chipMode]).rawValue
        base.set(.cvmList, try Hex.decode("0000271000001388 4203 5E03 1F03"))
        base.set(.cdol1, try Hex.decode("9F0206 9F0306 9F1A02 9505 5F2A02 9A03 9C01 9F3704 9F3501 9F3403 9F3303"))
        base.set(.drdol, [0x9F, 0x37, 0x04])
        try certify()
    }

    static let pan = "5413330012345678"

    /// Certificates over what the card has now.
    mutating func certify(_ certificates: TestCertificates = .init()) throws {
        try base.certify(certificates, Self.pan)
    }

    mutating func answer(_ bytes: [UInt8]) -> [UInt8] {
        guard let command = CommandAPDU(bytes: bytes) else { return StatusWord.wrongLength.bytes }
        log.append(command)
        if let replaced = overrides[command.ins] { return replaced.bytes }
        switch command.ins {
        case 0xA4: return select(command.data).bytes
        case 0xA8:
            pdolValues = Array(command.data.dropFirst(2))
            return base.answer(bytes)
        case 0xAE: return generate(command).bytes
        case 0xD0:
            guard let last, last.number == command.data else { return StatusWord.conditionsNotSatisfied.bytes }
            return last.answer.bytes
        default: return base.answer(bytes)
        }
    }

    private func select(_ name: [UInt8]) -> Response {
        guard name != Self.aid else { return Response(TestCard.fci(name, fciObjects)) }
        guard name == Array("2PAY.SYS.DDF01".utf8) else { return Response([], .fileNotFound) }
        let entry = TLV(.applicationTemplate, TLV.encode([TLV(.aid, Self.aid), TLV(.applicationPriority, [0x01])]))
        return Response(TestCard.fci(name, [TLV(.fciDiscretionary, entry.encoded)]))
    }

    /// What the application's file control information holds beside its name.
    var fciObjects: [TLV] {
        (base.pdol.isEmpty ? [] : [TLV(.pdol, base.pdol)]) + [TLV(.fciDiscretionary, TLV.encode(discretionary))]
    }

    private mutating func generate(_ command: CommandAPDU) -> Response {
        let type = type ?? ChipResult.CryptogramType(cryptogramInformation: command.p1) ?? .aac
        let number = value(.unpredictableNumber, in: command.data)
        let cryptogram: [UInt8] = [0xC2, 0xDE, UInt8(counter & 0xFF), 4, 5, 6, 7, 8]
        let atc = [UInt8(counter >> 8), UInt8(counter & 0xFF)]
        counter += 1
        let application: [UInt8] = [0x01, 0x10, 0xA0, 0x00, 0x03, 0x24, 0x00, 0x00]
        var objects = [
            TLV(.cryptogramInformation, [type.controlBits]), TLV(.atc, atc), TLV(.issuerApplicationData, application),
        ]
        if let interaction { objects.append(TLV(.cardholderInteraction, interaction)) }
        let answer: Response
        if usesFormat1 {
            let fields = [type.controlBits] + atc + cryptogram + application
            answer = Response(TLV(.responseFormat1, fields).encoded)
        } else if command.p1 & 0x10 == 0 || type == .aac || leavesOutSignature {
            objects.append(TLV(.cryptogram, cryptogram))
            answer = Response(TLV(.responseFormat2, TLV.encode(objects)).encoded)
        } else {
            var hash = (try? Digest.sha1(pdolValues + command.data + TLV.encode(objects))) ?? []
            if spoilsHash { hash[0] ^= 1 }
            let data = [0x08, 1, 2, 3, 4, 5, 6, 7, 8, type.controlBits] + cryptogram + hash
            objects.append(TLV(.signedDynamicData, sign(data, number)))
            answer = Response(TLV(.responseFormat2, TLV.encode(objects)).encoded)
        }
        last = (number, answer)
        return answer
    }

    private func sign(_ data: [UInt8], _ number: [UInt8]) -> [UInt8] {
        let size = base.keys.card.publicKey.modulus.count
        let body = [0x05, 0x01, UInt8(data.count)] + data
        let padding = [UInt8](repeating: 0xBB, count: size - 22 - body.count)
        return (try? base.dynamicSignature.sign(body + padding, number, base.keys.card)) ?? []
    }

    /// The object of CDOL1 with this tag in the values of a command.
    func value(_ tag: TLV.Tag, in values: [UInt8]) -> [UInt8] {
        let list = base.records.flatMap(\.objects).first { $0.tag == .cdol1 }?.value ?? []
        var rest = values[...]
        for entry in (try? DOL(list))?.entries ?? [] {
            if entry.tag == tag { return Array(rest.prefix(entry.length)) }
            rest = rest.dropFirst(entry.length)
        }
        return []
    }
}

/// One or several presentations of a card to kernel C-2.
struct C2Run {
    var terminal: TerminalData
    var transaction: TransactionData
    var combination: Combination
    var card: C2TestCard
    var torn: [TornTransaction] = []
    /// The card leaves at the command with this number; it may have got it, or not.
    var removal: (number: Int, isReached: Bool)?
    /// Changes an answer on its way, by the number of its command.
    var interferes: (Int, [UInt8]) -> [UInt8] = { $1 }
    private(set) var kernel: C2Kernel?
    private(set) var transmitted = 0

    enum Ending: Equatable {
        case selectNext
        case finished(ContactlessOutcome)
        case failed(KernelFailure)
    }

    /// A sale of 88.80 at a terminal that goes online above 100.00, verifies above 200.00, and takes cards up to 500.00
    /// and phones up to 800.00.
    static func make(
        _ keys: Result<TestKeys, any Error> = TestKeys.small, _ change: (inout C2Run) throws -> Void = { _ in }
    ) throws -> C2Run {
        let keys = try keys.get()
        var parameters = ApplicationParameters(
            aid: C2TestCard.aid, tacDenial: [], tacOnline: TVR(rawValue: 0xFC_509C_8800),
            tacDefault: TVR(rawValue: 0xFC_509C_8800))
        parameters.version = 0x0020
        let terminal = TerminalData(
            applications: [parameters], caKeys: [try keys.authorityKey(rid: C2TestCard.rid, index: 0x80)],
            countryCode: 156, serialNumber: "TENDER01", terminalID: "12345678", merchantID: "123456789012345")
        var combination = Combination(parameters: parameters, kernel: .c2)
        combination.floorLimit = 10000
        combination.verificationLimit = 20000
        combination.transactionLimit = 50000
        combination.onDeviceTransactionLimit = 80000
        var run = C2Run(
            terminal: terminal, transaction: try Run.sale(), combination: combination, card: try C2TestCard(keys))
        try change(&run)
        return run
    }

    init(terminal: TerminalData, transaction: TransactionData, combination: Combination, card: C2TestCard) {
        self.terminal = terminal
        self.transaction = transaction
        self.combination = combination
        self.card = card
    }

    /// Presents the card once, from the selected application to the outcome; the torn log goes on to the next presentation.
    mutating func tap() throws -> Ending {
        let application = CandidateApplication(
            application: CardApplication(aid: Hex.encode(C2TestCard.aid), label: "Mastercard"), aid: C2TestCard.aid,
            priority: 1, requiresConfirmation: false, parameters: combination.parameters)
        let fci = TestCard.fci(C2TestCard.aid, card.fciObjects)
        let information = try required(FileControlInformation(fci))
        var kernel = C2Kernel(
            KernelDatabase(terminal, transaction, application, information), combination, torn: torn)
        transmitted = 0
        defer {
            self.kernel = kernel
            torn = kernel.torn
        }
        do throws(KernelFailure) {
            var step = try kernel.begin()
            while case .transmit(let command) = step {
                transmitted += 1
                if let removal, removal.number == transmitted {
                    if removal.isReached { _ = card.answer(command.bytes) }
                    step = kernel.lose(.cardRemoved)
                } else {
                    let bytes = interferes(transmitted, card.answer(command.bytes))
                    step = try kernel.receive(Response(bytes: bytes) ?? Response([], .wrongLength))
                }
                guard transmitted < 300 else { throw KernelFailure(.tooManyCommands, "no end", "Book B, 3") }
            }
            if case .finish(let outcome) = step { return .finished(outcome) }
            return .selectNext
        } catch {
            return .failed(error)
        }
    }

    /// The issuer answers, or does not.
    mutating func complete(_ reply: OnlineReply?) throws -> ContactlessOutcome {
        var kernel = try required(kernel)
        defer { self.kernel = kernel }
        return kernel.complete(reply)
    }

    /// Terminal verification results and CVM results as the last cryptogram has them.
    var results: String {
        guard let database = kernel?.database else { return "" }
        return Hex.encode(database.tvr.bytes) + " " + Hex.encode(database.cvmResults)
    }

    /// The last command of this instruction.
    func last(_ ins: UInt8) throws -> CommandAPDU { try required(card.log.last { $0.ins == ins }) }

    /// What the card was told in its last GENERATE AC.
    func told(_ tag: TLV.Tag) throws -> String { Hex.encode(card.value(tag, in: try last(0xAE).data)) }

    /// The instructions sent, in order, two hexadecimal digits each, reading apart.
    var instructions: String { card.log.map { Hex.encode([$0.ins]) }.filter { $0 != "B2" }.joined(separator: " ") }

    /// Sets a card's object, and signs the card anew.
    mutating func set(_ tag: TLV.Tag, _ hex: String) throws {
        card.base.set(tag, hex.isEmpty ? nil : try Hex.decode(hex))
        try card.certify()
    }

    /// Changes the card's profile, and signs the card anew.
    mutating func setProfile(_ change: (inout AIP) -> Void) throws {
        var profile = AIP(rawValue: card.base.aip)
        change(&profile)
        card.base.aip = profile.rawValue
        try card.certify()
    }
}

extension C2Run.Ending: CustomStringConvertible {
    /// In one line: what came out, who verified, what the customer reads.
    var description: String {
        switch self {
        case .selectNext: "select next"
        case .failed(let failure): "failed: \(failure.reason)"
        case .finished(let outcome): outcome.line
        }
    }
}

extension ContactlessOutcome {
    var line: String {
        let word =
            switch result {
            case .completed(let verdict, _): "\(verdict)"
            case .online: "online"
            case .tryAgain: "try again"
            case .tryAnotherInterface: "another interface"
            case .ended(let failure): "ended: \(failure.reason)"
            }
        return "\(word), \(verification), \(request.message)"
    }
}

/// One case of kernel C-2: what is special, and what comes of it.
struct C2Case: CoveredCase, CustomTestStringConvertible {
    let clause: String
    let requirement: String
    let expected: String
    let change: @Sendable (inout C2Run) throws -> Void

    init(
        _ clause: String, _ requirement: String, _ expected: String,
        _ change: @escaping @Sendable (inout C2Run) throws -> Void = { _ in }
    ) {
        self.clause = "Book C-2, " + clause
        self.requirement = requirement
        self.expected = expected
        self.change = change
    }

    var testDescription: String { requirement }

    func run() throws -> C2Run { try C2Run.make { try change(&$0) } }
}
