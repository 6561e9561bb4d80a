import EMV
import Payments
import Testing
import Wire

@Suite struct EntryPointTests {
    /// A payment and the reader's qualifiers that the card sees; nil where no application is offered at all.
    struct Qualified: CoveredCase, CustomTestStringConvertible {
        let clause: String
        let requirement: String
        let expected: String?
        let change: @Sendable (inout TapRun) throws -> Void

        init(
            _ clause: String, _ requirement: String, _ expected: String?,
            _ change: @escaping @Sendable (inout TapRun) throws -> Void
        ) {
            self.clause = clause
            self.requirement = requirement
            self.expected = expected
            self.change = change
        }

        var testDescription: String { requirement }
    }

    static let qualified: [Qualified] = [
        Qualified("Book B, 3.1.1.6", "An amount at the reader's floor limit may stay offline", "37004000") {
            $0.combine { $0.floorLimit = 8880 }
        },
        Qualified("Book B, 3.1.1.9", "An amount above the reader's floor limit needs an online cryptogram", "37804000")
        {
            $0.combine { $0.floorLimit = 8879 }
        },
        Qualified("Book B, 3.1.1.7", "Without a floor limit of the reader the application's own counts", "37004000") {
            $0.combine { $0.parameters.floorLimit = 8880 }
        },
        Qualified("Book B, 3.1.1.7", "The reader's floor limit comes before the application's", "37804000") {
            $0.combine {
                $0.floorLimit = 100
                $0.parameters.floorLimit = 100_000
            }
        },
        Qualified("Book B, 3.1.1.8", "An amount below the CVM limit needs no verification", "37804000") {
            $0.combine { $0.verificationLimit = 8881 }
        },
        Qualified("Book B, 3.1.1.12", "An amount at the CVM limit needs verification", "37C04000") {
            $0.combine { $0.verificationLimit = 8880 }
        },
        Qualified("Book B, 3.1.1.5", "An amount below the transaction limit is offered", "37804000") {
            $0.combine { $0.transactionLimit = 8881 }
        },
        Qualified("Book B, 3.1.1.5", "An amount at the transaction limit is not offered", nil) {
            $0.combine { $0.transactionLimit = 8880 }
        },
        Qualified("Book B, 3.1.1.11", "An amount of zero goes online", "37804000") {
            $0.transaction = try Run.sale(0)
            $0.combine { $0.floorLimit = 100 }
        },
        Qualified("Book B, 3.1.1.4", "An amount of zero is refused where the combination says so", nil) {
            $0.transaction = try Run.sale(0)
            $0.combine { $0.zeroAmount = .refused }
        },
        Qualified("Book B, 3.1.1.11", "An amount of zero is refused by a reader that never goes online", nil) {
            $0.transaction = try Run.sale(0)
            $0.terminal.terminalType = 0x23
        },
        Qualified("Book B, 3.1.1.10", "One unit of currency is a status check and goes online", "37804000") {
            $0.transaction = try Run.sale(100)
            $0.combine {
                $0.checksStatus = true
                $0.floorLimit = 1000
            }
        },
        Qualified(
            "Book B, 3.1.1.3", "One unit of currency is a usual amount where no status check is wanted", "37004000"
        ) {
            $0.transaction = try Run.sale(100)
            $0.combine { $0.floorLimit = 1000 }
        },
        Qualified("Book B, 3.1.1.3", "Two units of currency are no status check", "37004000") {
            $0.transaction = try Run.sale(200)
            $0.combine {
                $0.checksStatus = true
                $0.floorLimit = 1000
            }
        },
        Qualified("Book B, 3.1.1.3", "A currency without decimals has another unit", "37804000") {
            $0.transaction = try required(
                TransactionData(
                    amount: Money(minorUnits: 1, .jpy), time: $0.transaction.time, stan: .first,
                    unpredictableNumber: 1, randomPercent: 0))
            $0.combine {
                $0.checksStatus = true
                $0.floorLimit = 1000
            }
        },
        Qualified("Book B, 3.1.1.2", "What an earlier payment left in the qualifiers is cleared", "37004000") {
            $0.combine {
                $0.floorLimit = 10000
                $0.qualifiers.formUnion([.onlineRequired, .verificationRequired])
            }
        },
        Qualified("Book B, 3.1.1.9", "The merchant may want the issuer asked", "37804000") {
            $0.transaction = try Run.sale(forcedOnline: true)
            $0.combine { $0.floorLimit = 10000 }
        },
        Qualified("Book B, 3.1.1.9", "An online-only terminal always needs an online cryptogram", "37804000") {
            $0.terminal.terminalType = 0x21
            $0.combine { $0.floorLimit = 10000 }
        },
        Qualified("Book B, 3.1.1.2", "An offline-only terminal says so", "3F004000") {
            $0.terminal.terminalType = 0x23
            $0.combine { $0.floorLimit = 10000 }
        },
        Qualified("Book B, 3.1.1.13", "A limit of one application leaves the others", "37804000") {
            $0.terminal.combinations[1].transactionLimit = 1
        },
    ]

    @Test(arguments: qualified) func `Pre-processing sets the qualifiers of a payment`(_ row: Qualified) throws {
        var run = try TapRun.make(row.change)
        let words = run.played()
        #expect(run.qualifiers == row.expected)
        if row.expected == nil {
            #expect(words == "tryAnotherInterface/insertOrSwipe")
            #expect(run.transmitted == 0)
        }
    }

    /// A card and the names that the reader selects on it, in order.
    struct Selected: CoveredCase, CustomTestStringConvertible {
        let clause: String
        let requirement: String
        let expected: [[UInt8]]
        let change: @Sendable (inout TapRun) throws -> Void

        init(
            _ clause: String, _ requirement: String, _ expected: [[UInt8]],
            _ change: @escaping @Sendable (inout TapRun) throws -> Void
        ) {
            self.clause = clause
            self.requirement = requirement
            self.expected = expected
            self.change = change
        }

        var testDescription: String { requirement }
    }

    typealias Entry = TapCard.Entry

    /// A card that answers the directory with these bytes.
    static func directory(_ answer: [UInt8]) -> @Sendable (inout TapRun) throws -> Void {
        { $0.card.override = { _, command in command.data == TapCard.directory ? answer : nil } }
    }

    static let success: [UInt8] = [0x90, 0x00]

    static let selected: [Selected] = [
        Selected("Book B, 3.3.2.2", "The directory names the application that is selected", [TapCard.credit]) { _ in },
        Selected("Book B, 3.3.2.7", "The application of the best priority is selected", [TapCard.visa]) {
            $0.card.entries = [Entry(aid: TapCard.credit, priority: 2), Entry(aid: TapCard.visa, priority: 1)]
        },
        Selected("Book B, 3.3.2.7", "No priority comes last", [TapCard.visa]) {
            $0.card.entries = [Entry(aid: TapCard.credit, priority: nil), Entry(aid: TapCard.visa, priority: 15)]
        },
        Selected("Book B, 3.3.2.7", "Of equal priorities the card's order counts", [TapCard.debit]) {
            $0.card.entries = [Entry(aid: TapCard.debit), Entry(aid: TapCard.credit)]
        },
        Selected("Book B, 3.3.2.7", "Only the low half of the priority counts", [TapCard.visa]) {
            $0.card.entries = [Entry(aid: TapCard.credit, priority: 0x02), Entry(aid: TapCard.visa, priority: 0xF1)]
        },
        Selected(
            "Book B, 3.3.2.5", "A longer name of the card matches where partial names are allowed",
            [TapCard.credit + [9]]
        ) {
            $0.card.entries = [Entry(aid: TapCard.credit + [9])]
        },
        Selected("Book B, 3.3.2.5", "A longer name of the card does not match where the whole name counts", []) {
            $0.combine { $0.parameters.allowsPartialMatch = false }
        },
        Selected("Book B, 3.3.2.5", "An application that the reader does not know is passed over", [TapCard.visa]) {
            $0.card.entries = [Entry(aid: [0xA0, 0, 0, 6, 0x66, 1]), Entry(aid: TapCard.visa)]
        },
        Selected("Book B, 3.3.2.5", "A short kernel identifier names the kernel", [TapCard.credit]) {
            $0.card.entries = [Entry(aid: TapCard.credit, kernel: [0x07])]
        },
        Selected("Book B, 3.3.2.5", "A kernel identifier of zero leaves the kernel to the reader", [TapCard.credit]) {
            $0.card.entries = [Entry(aid: TapCard.credit, kernel: [0x00, 0x00, 0x00])]
        },
        Selected("Book B, 3.3.2.5", "An empty kernel identifier counts as none", [TapCard.credit]) {
            $0.card.entries = [Entry(aid: TapCard.credit, kernel: [])]
        },
        Selected("Book B, 3.3.2.5", "A kernel that the reader lacks for this name is passed over", [TapCard.visa]) {
            $0.card.entries = [Entry(aid: TapCard.credit, kernel: [0x03]), Entry(aid: TapCard.visa, priority: 9)]
        },
        Selected("Book B, 3.3.2.5", "A kernel identifier of an unknown kind is passed over", []) {
            $0.card.entries = [Entry(aid: TapCard.credit, kernel: [0x47])]
        },
        Selected("Book B, 3.3.2.5", "A domestic kernel in its short form is passed over", []) {
            $0.card.entries = [Entry(aid: TapCard.credit, kernel: [0x81, 0x01, 0x56])]
        },
        Selected("Book B, 3.3.2.5", "A domestic kernel in its long form is passed over", [TapCard.visa]) {
            $0.card.entries = [
                Entry(aid: TapCard.credit, kernel: [0xC0, 0x01, 0x56, 1, 2, 3, 4, 5]), Entry(aid: TapCard.visa),
            ]
        },
        Selected("Book B, 3.3.2.5", "A kernel identifier that is too long is passed over", []) {
            $0.card.entries = [Entry(aid: TapCard.credit, kernel: [7, 0, 0, 0, 0, 0, 0, 0, 0])]
        },
        Selected(
            "Book B, 3.3.2.5", "A payment system without a default kernel leaves it to the reader",
            [[0xA0, 0, 0, 6, 0x66, 1]]
        ) {
            $0.card.entries = [Entry(aid: [0xA0, 0, 0, 6, 0x66, 1])]
            $0.terminal.combinations[0].parameters.aid = [0xA0, 0, 0, 6, 0x66]
        },
        Selected("Book B, 3.3.2.5", "Entries without a usable name are passed over", [TapCard.visa]) {
            $0.card.entries = [
                Entry(aid: Array(TapCard.credit.prefix(4))),
                Entry(aid: TapCard.credit + [UInt8](repeating: 1, count: 9)),
                Entry(aid: TapCard.visa),
            ]
        },
        Selected(
            "Book B, 3.3.3.3", "Extended selection is appended where the reader uses it",
            [TapCard.credit + [0xAB, 0xCD]]
        ) {
            $0.card.entries = [Entry(aid: TapCard.credit, extended: [0xAB, 0xCD])]
            $0.combine { $0.usesExtendedSelection = true }
        },
        Selected("Book B, 3.3.3.3", "Extended selection is left out where the reader does not use it", [TapCard.credit])
        {
            $0.card.entries = [Entry(aid: TapCard.credit, extended: [0xAB, 0xCD])]
        },
        Selected("Book B, 3.3.2.3", "A card without the directory has no candidate", [], directory([0x6A, 0x82])),
        Selected(
            "Book B, 3.3.2.3", "A directory that cannot be read has no candidate", [],
            directory([0x6F, 0x7F, 0x84] + success)),
        Selected(
            "Book B, 3.3.2.3", "An empty directory has no candidate", [], directory(TapCard.directory([]) + success)),
        Selected(
            "Book B, 3.3.2.3", "A directory without discretionary data has no candidate", [],
            directory(TestCard.fci(TapCard.directory, []) + success)),
        Selected(
            "Book B, 3.3.2.5", "An entry that cannot be read is passed over", [TapCard.credit],
            directory(
                TapCard.directory([[0x4F, 0x20, 0xA0], [0x4F, 0x08] + TapCard.credit]) + success)),
        Selected(
            "Book B, 3.3.3.6", "An application that cannot be selected gives way to the next",
            [TapCard.credit, TapCard.visa]
        ) {
            $0.card.entries = [Entry(aid: TapCard.credit), Entry(aid: TapCard.visa)]
            $0.card.override = { _, command in command.data == TapCard.credit ? [0x6A, 0x82] : nil }
        },
        Selected(
            "Book B, 3.3.3.6", "An answer to SELECT that cannot be read gives way to the next",
            [TapCard.credit, TapCard.visa]
        ) {
            $0.card.entries = [Entry(aid: TapCard.credit), Entry(aid: TapCard.visa)]
            $0.card.override = { _, command in command.data == TapCard.credit ? [0x6F, 0x10, 0x90, 0x00] : nil }
        },
        Selected(
            "Book B, 3.3.3.6", "An answer to SELECT with another name gives way to the next",
            [TapCard.credit, TapCard.visa]
        ) {
            $0.card.entries = [Entry(aid: TapCard.credit), Entry(aid: TapCard.visa)]
            let other = TestCard.fci(TapCard.debit, []) + success
            $0.card.override = { _, command in command.data == TapCard.credit ? other : nil }
        },
        Selected(
            "Book B, 3.5.2", "Select Next of the kernel opens the next application", [TapCard.credit, TapCard.visa]
        ) {
            $0.card.entries = [Entry(aid: TapCard.credit), Entry(aid: TapCard.visa)]
            $0.interferes = { number, answer in number == 3 ? [0x69, 0x85] : answer }
        },
        Selected(
            "Book C-3, 5.2", "A card that does not ask for the reader's qualifiers gives way to the next",
            [TapCard.credit]
        ) {
            $0.card.pdol = [0x9F, 0x37, 0x04]
        },
        Selected(
            "Book C-3, 5.2", "A card that does not ask for the reader's number gives way to the next", [TapCard.credit]
        ) {
            $0.card.pdol = [0x9F, 0x66, 0x04]
        },
        Selected("Book C-3, 5.2", "A card without a PDOL gives way to the next", [TapCard.credit]) {
            $0.card.pdol = []
        },
        Selected("Book C-3, 5.2", "A PDOL that cannot be read gives way to the next", [TapCard.credit]) {
            $0.card.pdol = [0x9F, 0x66, 0x04, 0x9F, 0x37]
        },
    ]

    @Test(arguments: selected) func `Combinations are found and selected`(_ row: Selected) throws {
        var run = try TapRun.make(row.change)
        run.play()
        #expect(run.selected == row.expected.map { Hex.encode($0) })
        #expect(run.card.log.first?.data == TapCard.directory)
        if row.expected.isEmpty { #expect(run.outcomes.map(\.words) == ["tryAnotherInterface/tryAnotherCard"]) }
    }

    static let usual = "online none/authorising, approvedOnline none/approved"
    static let again = "tryAgain/presentCardAgain, "

    static let presented: [TapCase] = [
        TapCase("Book B, 3.2.1.5", "Two cards: one only is asked for", "tryAgain/presentOneCard, " + usual) {
            $0.collides = true
        },
        TapCase("Book B, 3.5.1", "The card leaves before it names its applications", again + usual) {
            $0.removesAt = 1
        },
        TapCase("Book B, 3.5.1", "The card leaves before the application is open", again + usual) { $0.removesAt = 2 },
        TapCase("Book B, 3.5.1", "The card leaves before it decides", again + usual) { $0.removesAt = 3 },
        TapCase("Book B, 3.5.1", "The card leaves after its decision, before its records", again + usual) {
            $0.card.signsRequests = true
            $0.removesAt = 4
        },
        TapCase("Book B, 3.5.1", "The card leaves before its last record", again + "approvedOffline none/approved") {
            $0.approveOffline()
            $0.removesAt = 8
        },
        TapCase("Book B, 3.5.1", "A card that is mute at the directory is asked for again", again + usual) {
            ($0.removesAt, $0.isMute) = (1, true)
        },
        TapCase("Book B, 3.5.1", "A card that is mute at its application is asked for again", again + usual) {
            ($0.removesAt, $0.isMute) = (2, true)
        },
        TapCase("Book B, 3.5.1", "A card that is mute at its decision is asked for again", again + usual) {
            ($0.removesAt, $0.isMute) = (3, true)
        },
        TapCase(
            "Book A, 6.2", "A card that leaves at every presentation is to be inserted",
            String(repeating: again, count: EntryPoint.presentationLimit - 1) + "tryAnotherInterface/insertOrSwipe"
        ) { $0.alwaysLeaves = true },
        TapCase(
            "Book B, 3.5.2", "Without a next application the card is to be inserted",
            "tryAnotherInterface/tryAnotherCard"
        ) {
            $0.card.override = { _, command in command.ins == 0xA8 ? [0x69, 0x85] : nil }
        },
        TapCase(
            "Book A, 6.2", "A card that announces more for ever comes to an end", "ended tooManyCommands/tryAnotherCard"
        ) {
            $0.card.override = { _, _ in [0x61, 0x00] }
        },
        TapCase("Book 1, 9.3.1", "Answers in pieces are put together", usual) {
            $0.card.splitsAnswers = true
        },
        TapCase("Book 3, 6.3.3", "An answer without status bytes ends the application", "ended badData/tryAnotherCard")
        {
            $0.interferes = { number, answer in number == 3 ? [0x90] : answer }
        },
    ]

    @Test(arguments: presented) func `A presentation ends as the book says`(_ row: TapCase) throws {
        var run = try TapRun.make(row.change)
        #expect(run.played() == row.expected)
    }
}

// What no table shows.
extension EntryPointTests {
    @Test func `Each presentation has an unpredictable number of its own`() throws {
        var run = try TapRun.make {
            $0.removesAt = 4; $0.card.signsRequests = true
        }
        run.play()
        let numbers = run.card.pdolValues.map { Hex.encode($0.suffix(4)) }
        #expect(numbers.count == 2)
        #expect(numbers.first == "12345678")
        #expect(numbers.last != numbers.first)
        #expect(run.completion?.result.unpredictableNumber == numbers.last)
    }

    @Test func `A customer may cancel until the issuer is asked`() throws {
        let run = try TapRun.make()
        var entryPoint = run.entryPoint
        var card = run.card
        #expect(entryPoint.phase == .idle)
        guard case .transmit(let command) = entryPoint.handle(.begin) else { throw Missing() }
        #expect(entryPoint.phase == .selecting)
        var cancelled = entryPoint
        guard case .finish(let outcome) = cancelled.handle(.cancelled) else { throw Missing() }
        #expect(outcome.words == "ended cancelled/clearDisplay")
        #expect(cancelled.handle(.begin) == .ignore)
        var action = entryPoint.handle(.response(card.answer(command.bytes)))
        while case .transmit(let command) = action { action = entryPoint.handle(.response(card.answer(command.bytes))) }
        #expect(entryPoint.phase == .online)
        for event in [
            EntryPoint.Event.cancelled, .cardRemoved, .cardMute, .collision, .begin, .response([0x90, 0x00]),
        ] {
            #expect(entryPoint.handle(event) == .ignore)
        }
        guard case .finish(let last) = entryPoint.handle(.unableToGoOnline) else { throw Missing() }
        #expect(last.words == "declinedOffline/declined")
        #expect(entryPoint.phase == .finished)
        #expect(entryPoint.handle(.reply(OnlineReply(approved: true, code: "00", chipData: []))) == .ignore)
        #expect("\(entryPoint)" == "EntryPoint(finished)")
    }

    @Test func `Nothing happens before a card is in the field`() throws {
        var entryPoint = try TapRun.make().entryPoint
        for event in [EntryPoint.Event.cardRemoved, .response([0x90, 0x00]), .unableToGoOnline] {
            #expect(entryPoint.handle(event) == .ignore)
        }
        guard case .finish(let outcome) = entryPoint.handle(.cardMute) else { throw Missing() }
        #expect(outcome.words == "tryAgain/presentCardAgain")
    }
}

// Removal at every command, and what outlives a presentation.
extension EntryPointTests {
    @Test(arguments: [TapCard.credit, TapCard.visa], [ChipResult.CryptogramType.arqc, .tc])
    func `A card that leaves or is mute at any command may come again`(
        aid: [UInt8], type: ChipResult.CryptogramType
    ) throws {
        let whole = try TapRun.make {
            if type == .tc { $0.approveOffline(aid) }
            $0.card.entries = [Entry(aid: aid)]
            $0.card.signsRequests = true
        }
        var undisturbed = whole
        let expected = undisturbed.played()
        #expect(expected == (type == .tc ? "approvedOffline none/approved" : Self.usual))
        for number in 1...undisturbed.transmitted {
            for isMute in [false, true] {
                var run = whole
                (run.removesAt, run.isMute) = (number, isMute)
                #expect(run.played() == Self.again + expected, "command \(number)")
            }
        }
    }

    @Test func `A second card in the middle begins the payment anew`() throws {
        let run = try TapRun.make()
        var entryPoint = run.entryPoint
        _ = entryPoint.handle(.begin)
        guard case .finish(let outcome) = entryPoint.handle(.collision) else { throw Missing() }
        #expect(outcome.words == "tryAgain/presentOneCard")
        #expect(entryPoint.phase == .idle)
        guard case .transmit(let command) = entryPoint.handle(.begin) else { throw Missing() }
        #expect(command.data == TapCard.directory)
    }

    /// Kernel C-2's limits, and whether its application is offered for 88.80.
    static let limits: [(without: Int64?, onDevice: Int64?, isOffered: Bool)] = [
        (nil, nil, true), (100, nil, true), (nil, 100, true), (8879, 8880, true), (8880, 8879, true),
        (8879, 8879, false),
    ]

    @Test(arguments: limits)
    func `Kernel C-2 is offered up to the higher of its limits`(
        without: Int64?, onDevice: Int64?, isOffered: Bool
    ) throws {
        var run = try TapRun.make { $0.terminal.combinations = [try Self.mastercard] }
        run.combine {
            $0.transactionLimit = without
            $0.onDeviceTransactionLimit = onDevice
        }
        run.play()
        #expect((run.transmitted > 0) == isOffered)
    }

    static var mastercard: Combination {
        get throws {
            Combination(
                parameters: ApplicationParameters(
                    aid: C2TestCard.aid, tacDenial: [], tacOnline: TVR(rawValue: 0xFC_509C_8800),
                    tacDefault: TVR(rawValue: 0xFC_509C_8800)),
                kernel: .c2)
        }
    }

    /// The instructions of one presentation of a Mastercard, and how it ended.
    private static func present(
        _ card: inout C2TestCard, _ entryPoint: inout EntryPoint, leavesAt lost: UInt8? = nil
    ) throws -> (instructions: String, ContactlessOutcome) {
        let directory = TapCard.directory([TLV(.aid, C2TestCard.aid).encoded])
        let information = TestCard.fci(C2TestCard.aid, [TLV(.applicationLabel, Array("MC".utf8))])
        var instructions: [String] = []
        var action = entryPoint.handle(.begin)
        while case .transmit(let command) = action {
            instructions.append(Hex.encode([command.ins]))
            let isDirectory = command.data == TapCard.directory
            let answer =
                command.ins == 0xA4
                ? (isDirectory ? directory : information) + success : card.answer(command.bytes)
            action = entryPoint.handle(command.ins == lost ? .cardRemoved : .response(answer))
        }
        guard case .finish(let outcome) = action else { throw Missing() }
        return (instructions.filter { $0 != "B2" }.joined(separator: " "), outcome)
    }

    @Test func `What was torn goes from one presentation to the next, and to the next payment`() throws {
        let keys = try TestKeys.small.get()
        var terminal = try TapRun.terminal(keys)
        terminal.caKeys = [try keys.authorityKey(rid: C2TestCard.rid, index: 0x80)]
        terminal.combinations = [try Self.mastercard]
        terminal.combinations[0].floorLimit = 10000
        let transaction = try Run.sale()
        for isNextPayment in [false, true] {
            var card = try C2TestCard(keys)
            var entryPoint = EntryPoint(terminal: terminal, transaction: transaction)
            let (first, torn) = try Self.present(&card, &entryPoint, leavesAt: 0xAE)
            #expect(first == "A4 A4 A8 AE")
            #expect(torn.words == "tryAgain/presentCardAgain")
            #expect(entryPoint.torn.count == 1)
            if isNextPayment {
                entryPoint = EntryPoint(terminal: terminal, transaction: transaction, torn: entryPoint.torn)
            }
            let (second, recovered) = try Self.present(&card, &entryPoint)
            #expect(second == "A4 A4 A8 D0")
            #expect(recovered.words == "approvedOffline none/approved")
            #expect(entryPoint.torn.isEmpty)
        }
    }
}
