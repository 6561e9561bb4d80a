import EMV
import Payments
import Testing
import Wire

@Suite struct SelectionTests {
    static let second: [UInt8] = TestCard.rid + [0x01, 0x01, 0x02]
    static let third: [UInt8] = TestCard.rid + [0x01, 0x01, 0x03]

    /// A card with these applications in this order of names, and their priorities.
    static func offer(_ run: inout Run, _ names: [[UInt8]], _ priorities: [UInt8]) {
        run.card.names = names
        run.card.priorities = priorities
    }

    /// What the card answers to SELECT, by the number of the command; nil for its own answer.
    static func select(_ run: inout Run, _ answers: [Int: Response]) {
        run.card.overrides[0xA4] = { count, _ in answers[count] }
    }

    static func chosen(_ name: [UInt8], choices: Int = 0) -> ContactCase.Check {
        .init { run, _ in
            #expect(run.kernel.application?.aid == Hex.encode(name))
            #expect(run.choices.count == choices)
        }
    }

    static let notFound = Response([], .fileNotFound)

    // The payment system environment.
    static let directory: [ContactCase] = [
        ContactCase(
            "Book 1, 12.3.2",
            "the directory's records are read until 6A83, then the application is selected by its name",
            verdict: .approvedOnline, sends: "A4 B2 B2 A4 A8", also: chosen(TestCard.aid)),
        ContactCase("Book 1, 12.3.2", "6A81 to the directory: the card is blocked", failure: .cardBlocked) {
            select(&$0, [0: Response([], .functionNotSupported)])
        },
        ContactCase(
            "Book 1, 12.3.2", "6A82 to the directory: the list of AIDs is tried", verdict: .approvedOnline,
            sends: "A4 A4"
        ) {
            select(&$0, [0: notFound])
            $0.terminal.applications[0].aid = TestCard.aid
        },
        ContactCase(
            "Book 1, 12.3.2", "6283, a blocked directory: the list of AIDs is tried", verdict: .approvedOnline,
            sends: "A4 A4"
        ) {
            select(&$0, [0: Response([], .fileInvalidated)])
            $0.terminal.applications[0].aid = TestCard.aid
        },
        ContactCase(
            "Book 1, 12.3.2", "any other status to the directory: the list of AIDs is tried", verdict: .approvedOnline,
            sends: "A4 A4"
        ) {
            select(&$0, [0: Response([], .instructionNotSupported)])
            $0.terminal.applications[0].aid = TestCard.aid
        },
        ContactCase(
            "Book 1, 12.3.2", "a directory without a short file identifier is replaced by the list",
            verdict: .approvedOnline,
            sends: "A4 A4 A4 A8"
        ) {
            select(&$0, [0: Response(TestCard.fci(Array("1PAY.SYS.DDF01".utf8), []))])
            $0.terminal.applications[0].aid = TestCard.aid
        },
        ContactCase(
            "Book 1, 12.3.2", "a directory whose file is not one of 1 to 10 is replaced by the list",
            verdict: .approvedOnline,
            sends: "A4 A4 A4 A8"
        ) {
            select(&$0, [0: Response(TestCard.fci(Array("1PAY.SYS.DDF01".utf8), [TLV(.shortFileIdentifier, [11])]))])
            $0.terminal.applications[0].aid = TestCard.aid
        },
        ContactCase(
            "Book 1, 12.3.2", "an empty directory is replaced by the list", verdict: .approvedOnline,
            sends: "A4 B2 A4 A4 A8"
        ) {
            try $0.answer(0xB2, 0, "", status: 0x6A83)
            $0.terminal.applications[0].aid = TestCard.aid
        },
        ContactCase(
            "Book 1, 12.3.2", "a status other than 9000 and 6A83 to a record of the directory discards what was found",
            verdict: .approvedOnline, sends: "A4 B2 B2 A4 A4 A8"
        ) {
            try $0.answer(0xB2, 1, "", status: 0x6985)
            $0.terminal.applications[0].aid = TestCard.aid
        },
        ContactCase(
            "Book 1, 12.3.2", "a directory that names nothing of the terminal's is replaced by the list",
            verdict: .approvedOnline, sends: "A4 B2 B2 A4 A4 A8"
        ) {
            try $0.answer(0xB2, 0, "700F610D4F07A00000000310105002" + "5649")
            $0.terminal.applications[0].aid = TestCard.aid
        },
        ContactCase(
            "Book 1, 12.2.3", "a record of the directory that is no template 70 discards it", verdict: .approvedOnline,
            sends: "B2 A4 A4"
        ) {
            try $0.answer(0xB2, 0, "6102 0000")
            $0.terminal.applications[0].aid = TestCard.aid
        },
        ContactCase(
            "Book 1, 12.2.3", "a record of the directory cut short discards it", verdict: .approvedOnline,
            sends: "B2 A4 A4"
        ) {
            try $0.answer(0xB2, 0, "7002615A")
            $0.terminal.applications[0].aid = TestCard.aid
        },
        ContactCase(
            "Book 1, 12.2.3", "an empty answer to a record of the directory discards it", verdict: .approvedOnline,
            sends: "B2 A4 A4"
        ) {
            try $0.answer(0xB2, 0, "")
            $0.terminal.applications[0].aid = TestCard.aid
        },
        ContactCase(
            "Book 1, 12.2.3", "an entry without a name of 5 to 16 bytes is passed over, the next one counts",
            verdict: .approvedOnline, sends: "A4 B2 B2 A4 A8",
            also: .init { run, _ in
                #expect(run.kernel.application?.label == Hex.encode(TestCard.aid))
            }
        ) {
            try $0.answer(0xB2, 0, "7014" + "6104 4F02A000" + "610C 4F08A000000333010101 5000".filter { $0 != " " })
        },
        ContactCase(
            "Book 1, 12.2.3",
            "an entry for a further directory (9D) is passed over: directories are not nested any more",
            verdict: .approvedOnline, sends: "A4 B2 B2 A4 A8"
        ) {
            try $0.answer(
                0xB2, 0, "7019" + "6109 9D07A0000003330101" + "610C 4F08A000000333010101 5000".filter { $0 != " " })
        },
        ContactCase(
            "Book 1, 12.2.3", "a record of the directory holds several entries", verdict: .approvedOnline,
            also: chosen(second, choices: 1)
        ) {
            try $0.answer(0xB2, 0, "701C" + "610C4F08A0000003330101015000" + "610C4F08A0000003330101025000")
            offer(&$0, [TestCard.aid, second], [1, 1])
            $0.choice = 1
        },
        ContactCase(
            "Book 1, 12.2.3", "an application that the directory names twice is offered once", verdict: .approvedOnline,
            also: chosen(TestCard.aid)
        ) {
            try $0.answer(0xB2, 0, "701C" + "610C4F08A0000003330101015000" + "610C4F08A0000003330101015000")
        },
    ]

    // The list of AIDs, and how names match.
    static let list: [ContactCase] = [
        ContactCase(
            "Book 1, 12.3.3", "an exact name is selected once, and no next occurrence is asked for",
            verdict: .approvedOnline,
            also: .init { run, _ in
                #expect(run.card.log.prefix(3).map { Hex.encode([$0.ins, $0.p2]) } == ["A400", "A400", "A400"])
            }
        ) {
            $0.card.hasDirectory = false
            $0.terminal.applications[0].aid = TestCard.aid
        },
        ContactCase(
            "Book 1, 12.3.3", "a longer name matches in part, and the next occurrence is asked for until there is none",
            verdict: .approvedOnline,
            also: .init { run, _ in
                #expect(run.choices.first?.map(\.aid) == [TestCard.aid, second])
                #expect(run.kernel.application?.aid == Hex.encode(second))
                let sent = run.card.log.prefix(5).map { Hex.encode([$0.ins, $0.p2]) }
                #expect(sent == ["A400", "A400", "A402", "A402", "A400"])
            }
        ) {
            $0.card.hasDirectory = false
            select(
                &$0,
                [
                    1: Response(TestCard.fci(TestCard.aid, [])), 2: Response(TestCard.fci(second, [])), 3: notFound,
                ])
            offer(&$0, [TestCard.aid, second], [0x02, 0x01])
            $0.choice = 1
        },
        ContactCase(
            "Book 1, 12.3.3", "a longer name is left alone where only exact names count", failure: .noApplication,
            place: "Book 1, 12.4",
            also: .init { run, _ in
                #expect(run.instructions == "A4 A4")
            }
        ) {
            $0.card.hasDirectory = false
            $0.terminal.applications[0].allowsPartialMatch = false
            select(&$0, [1: Response(TestCard.fci(TestCard.aid, []))])
        },
        ContactCase(
            "Book 1, 12.3.1", "the directory's longer name is left alone where only exact names count",
            failure: .noApplication, place: "Book 1, 12.4"
        ) {
            $0.terminal.applications[0].allowsPartialMatch = false
        },
        ContactCase(
            "Book 1, 12.3.1", "the directory's exact name counts where only exact names do", verdict: .approvedOnline
        ) {
            $0.terminal.applications[0].allowsPartialMatch = false
            $0.terminal.applications[0].aid = TestCard.aid
        },
        ContactCase(
            "Book 1, 12.3.1", "the terminal's longest name that matches gives the parameters", verdict: .approvedOnline,
            also: .init { run, _ in
                #expect(run.kernel.findings?.tvr.contains(.versionsDiffer) == false)
            }
        ) {
            var special = $0.terminal.applications[0]
            special.aid = TestCard.aid
            special.version = 0x0021
            $0.terminal.applications.append(special)
            $0.card.set(.cardVersion, [0x00, 0x21])
        },
        ContactCase("Book 1, 12.3.3", "6A81 to a name of the list: the card is blocked", failure: .cardBlocked) {
            select(&$0, [0: notFound, 1: Response([], .functionNotSupported)])
        },
        ContactCase(
            "Book 1, 12.3.3", "any other refusal of a name goes on with the next name", verdict: .approvedOnline,
            sends: "A4 A4 A4 A4 A8"
        ) {
            select(&$0, [0: notFound, 1: Response([], .conditionsNotSatisfied)])
            var other = $0.terminal.applications[0]
            other.aid = [0xA0, 0, 0, 0, 9]
            $0.terminal.applications[0].aid = TestCard.aid
            $0.terminal.applications.insert(other, at: 0)
        },
        ContactCase(
            "Book 1, 12.3.3", "a warning to the next occurrence is looked at and not offered", verdict: .approvedOnline,
            also: chosen(TestCard.aid)
        ) {
            select(
                &$0,
                [
                    0: notFound, 1: Response(TestCard.fci(TestCard.aid, [])),
                    2: Response(TestCard.fci(second, []), StatusWord(rawValue: 0x6310)), 3: notFound,
                ])
        },
        ContactCase(
            "Book 1, 12.3.3", "6283 keeps a blocked application off the list", failure: .applicationBlocked,
            place: "Book 1, 12.4"
        ) {
            $0.card.hasDirectory = false
            $0.terminal.applications[0].aid = TestCard.aid
            select(&$0, [1: Response(TestCard.fci(TestCard.aid, []), .fileInvalidated)])
        },
        ContactCase(
            "Book 1, 12.3.3", "6283 without file control information is a blocked application too",
            failure: .applicationBlocked, place: "Book 1, 12.4"
        ) {
            select(&$0, [0: notFound, 1: Response([], .fileInvalidated)])
        },
        ContactCase(
            "Book 1, 12.3.3", "a card that repeats one name for ever is left", verdict: .approvedOnline,
            also: .init { run, _ in
                #expect(run.card.log.filter { $0.ins == 0xA4 }.count == 4)
            }
        ) {
            $0.card.overrides[0xA4] = { count, _ in
                count == 0 ? notFound : count < 200 ? Response(TestCard.fci(TestCard.aid, [])) : nil
            }
        },
        ContactCase(
            "Book 3, 7.5", "the longest list of ever new names ends", failure: .tooManyCommands,
            also: .init { run, _ in
                #expect(run.transmitted == ContactKernel.commandLimit)
            }
        ) {
            $0.card.overrides[0xA4] = { count, _ in
                let name = TestCard.aid + [UInt8(count >> 8), UInt8(count & 0xFF)]
                return count == 0 ? notFound : Response(TestCard.fci(name, []))
            }
        },
        ContactCase("Book 1, 12.4", "no application in common ends", failure: .noApplication) {
            $0.card.overrides[0xA4] = { _, _ in notFound }
        },
    ]

    // The choice, and what follows when it cannot be opened.
    static let choice: [ContactCase] = [
        ContactCase(
            "Book 1, 12.4", "candidates are offered by the card's priority, those without one last",
            verdict: .approvedOnline,
            also: .init { run, _ in
                #expect(run.choices.first?.map(\.priority) == [2, 3, 0])
                #expect(run.kernel.application?.aid == Hex.encode(TestCard.aid))
            }
        ) {
            offer(&$0, [TestCard.aid, second, third], [0x00, 0x03, 0x02])
            $0.choice = 2
        },
        ContactCase(
            "Book 1, 12.4", "candidates of equal priority stay in the card's order", verdict: .approvedOnline,
            also: .init { run, _ in
                #expect(run.choices.first?.map(\.aid) == [second, TestCard.aid, third])
            }
        ) { offer(&$0, [second, TestCard.aid, third], [0x02, 0x02, 0x02]) },
        ContactCase(
            "Book 1, 12.4", "where nobody can be asked, the highest priority is taken that needs no confirmation",
            verdict: .approvedOnline, also: chosen(third)
        ) {
            offer(&$0, [TestCard.aid, second, third], [0x03, 0x81, 0x02])
            $0.terminal.asksForApplication = false
        },
        ContactCase(
            "Book 1, 12.4", "a single application that needs no confirmation is not asked about",
            verdict: .approvedOnline, also: chosen(TestCard.aid)),
        ContactCase(
            "Book 1, 12.4", "a single application that wants confirmation is asked about", verdict: .approvedOnline,
            also: chosen(TestCard.aid, choices: 1)
        ) {
            $0.card.priorities = [0x81]
        },
        ContactCase(
            "Book 1, 12.4", "an application that wants confirmation is no candidate where nobody can be asked",
            failure: .noApplication
        ) {
            $0.card.priorities = [0x81]
            $0.terminal.asksForApplication = false
        },
        ContactCase(
            "Book 1, 12.4", "6283 to the final SELECT takes the application off the list", verdict: .approvedOnline,
            also: chosen(second, choices: 1)
        ) {
            offer(&$0, [TestCard.aid, second], [1, 2])
            select(&$0, [1: Response(TestCard.fci(TestCard.aid, []), .fileInvalidated)])
        },
        ContactCase(
            "Book 1, 12.4", "6283 to the final SELECT of the only application: the application is blocked",
            failure: .applicationBlocked
        ) {
            select(&$0, [1: Response(TestCard.fci(TestCard.aid, []), .fileInvalidated)])
        },
        ContactCase(
            "Book 1, 12.4", "6A82 to the final SELECT takes the application off the list", verdict: .approvedOnline,
            also: chosen(second, choices: 1)
        ) {
            offer(&$0, [TestCard.aid, second], [1, 2])
            select(&$0, [1: notFound])
        },
        ContactCase("Book 1, 12.4", "6A81 to the final SELECT: the card is blocked", failure: .cardBlocked) {
            select(&$0, [1: Response([], .functionNotSupported)])
        },
        ContactCase(
            "Book 1, 12.4", "the final SELECT must answer the very name that was chosen", failure: .badData,
            place: "Book 1, 11.3.4"
        ) {
            select(&$0, [1: Response(TestCard.fci(second, []))])
        },
        ContactCase(
            "Book 3, 10.1", "6985 to GET PROCESSING OPTIONS goes back to the directory's other candidates",
            verdict: .approvedOnline, sends: "A8 A4 A8", also: chosen(second, choices: 1)
        ) {
            offer(&$0, [TestCard.aid, second], [1, 2])
            try $0.answer(0xA8, 0, "", status: 0x6985)
        },
        ContactCase(
            "Book 3, 10.1", "6985 to GET PROCESSING OPTIONS goes back to the list's other candidates",
            verdict: .approvedOnline, sends: "A8 A4 A8", also: chosen(second, choices: 1)
        ) {
            offer(&$0, [TestCard.aid, second], [1, 2])
            $0.card.hasDirectory = false
            var other = $0.terminal.applications[0]
            other.aid = second
            $0.terminal.applications[0].aid = TestCard.aid
            $0.terminal.applications.append(other)
            try $0.answer(0xA8, 0, "", status: 0x6985)
        },
        ContactCase(
            "Book 3, 10.1", "6985 to GET PROCESSING OPTIONS of the last candidate: none is left",
            failure: .noApplication, place: "Book 1, 12.4"
        ) {
            $0.card.overrides[0xA8] = { _, _ in Response([], .conditionsNotSatisfied) }
        },
        ContactCase(
            "Book 3, 10.1", "an application begun after a refused one starts with clean results",
            verdict: .approvedOnline, tvr: "0000048000", tsi: "E800"
        ) {
            offer(&$0, [TestCard.aid, second], [1, 2])
            try $0.answer(0xA8, 0, "", status: 0x6985)
        },
    ]

    // File control information: languages, names, forms.
    static let information: [ContactCase] = [
        ContactCase(
            "Book 4, 11.1", "the customer's languages come from the application", verdict: .approvedOnline,
            also: .init { run, _ in
                #expect(run.kernel.languages == ["zh", "en"])
            }),
        ContactCase(
            "Book 4, 11.1", "the customer's languages come from the directory where the application is silent",
            verdict: .approvedOnline,
            also: .init { run, _ in
                #expect(run.kernel.languages == ["fr", "de"])
            }
        ) {
            let objects = [TLV(.shortFileIdentifier, [1]), TLV(.languagePreference, Array("frde".utf8))]
            select(
                &$0,
                [
                    0: Response(TestCard.fci(Array("1PAY.SYS.DDF01".utf8), objects)),
                    1: Response(TestCard.fci(TestCard.aid, [])),
                ])
        },
        ContactCase(
            "Book 4, 11.1", "a language of one letter is left out", verdict: .approvedOnline,
            also: .init { run, _ in
                #expect(run.kernel.languages == ["en"])
            }
        ) { select(&$0, [1: Response(TestCard.fci(TestCard.aid, [TLV(.languagePreference, Array("enz".utf8))]))]) },
        named(
            "the preferred name is shown where its code table is the terminal's", [0x01],
            "Débit".unicodeScalars.map { UInt8($0.value) }, "Débit"),
        named("a preferred name of another code table gives way to the label", [0x05], Array("Debit".utf8), nil),
        named("a preferred name without a code table gives way to the label", nil, Array("Debit".utf8), nil),
        named(
            "control characters of a preferred name are not shown", [0x01], [0x07] + Array("Debit".utf8) + [0x1B],
            "Debit"),
        ContactCase(
            "Book 1, 12.5", "registered proprietary data (9F0A) in the issuer's part change nothing",
            verdict: .approvedOnline, tvr: "0000048000"
        ) {
            let registered = TLV(0x9F0A, [0x00, 0x01, 0x01, 0x05])
            select(&$0, [1: Response(TestCard.fci(TestCard.aid, [TLV(.fciDiscretionary, registered.encoded)]))])
        },
        broken("empty", ""), broken("an empty template", "6F00"), broken("another template", "70"),
        broken("without a proprietary template", "6F098407A0000003330101"),
        broken("with a length beyond its end", "6F108407A0000003330101A5055003"),
        broken("with a name of four bytes", "6F0A8404A0000003A5025000"),
        broken("with two names", "6F168407A00000033301018407A0000003330101A5025000"),
        broken("with an object cut short inside", "6F128407A0000003330101A507500554455354 01"),
    ]

    /// A preferred name in a code table, and what is shown of it.
    static func named(_ requirement: String, _ table: [UInt8]?, _ name: [UInt8], _ shown: String?) -> ContactCase {
        ContactCase(
            "Book 1, 12.4", requirement, verdict: .approvedOnline,
            also: .init { run, _ in
                #expect(run.choices.first?.first?.application.preferredName == shown)
                #expect(run.choices.first?.first?.application.label == "UnionPay")
            }
        ) {
            var objects = [
                TLV(.applicationLabel, Array("UnionPay".utf8)), TLV(.preferredName, name),
                TLV(.applicationPriority, [0x81]),
            ]
            if let table { objects.append(TLV(.issuerCodeTable, table)) }
            let information = Response(TestCard.fci(TestCard.aid, objects))
            select(&$0, [0: notFound, 1: information, 2: notFound])
        }
    }

    static func broken(_ how: String, _ hex: String) -> ContactCase {
        ContactCase("Book 1, 11.3.4", "file control information is of no use \(how)", failure: .badData) {
            let bytes = try Hex.decode(hex)
            select(&$0, [1: Response(bytes)])
        }
    }

    @Test(arguments: directory)
    func `The payment system environment`(_ row: ContactCase) throws { try row.check() }

    @Test(arguments: list)
    func `The list of AIDs`(_ row: ContactCase) throws { try row.check() }

    @Test(arguments: choice)
    func `Final selection`(_ row: ContactCase) throws { try row.check() }

    @Test(arguments: information)
    func `File control information`(_ row: ContactCase) throws { try row.check() }

    @Test func `While the customer chooses, the directory's languages are known`() throws {
        let run = try Run.make { $0.card.priorities = [0x81] }
        var (kernel, card) = (run.kernel, run.card)
        let objects = [TLV(.shortFileIdentifier, [1]), TLV(.languagePreference, Array("zhen".utf8))]
        Self.override(&card, objects)
        var action = kernel.handle(.begin)
        while case .transmit(let command) = action { action = kernel.handle(.response(card.answer(command.bytes))) }
        guard case .chooseApplication(let offered) = action else { throw Missing() }
        #expect(kernel.languages == ["zh", "en"])
        // A number outside the list asks again.
        #expect(kernel.handle(.applicationChosen(7)) == .chooseApplication(offered))
        #expect(kernel.handle(.applicationChosen(-1)) == .chooseApplication(offered))
    }

    private static func override(_ card: inout TestCard, _ objects: [TLV]) {
        card.overrides[0xA4] = { count, _ in
            count == 0 ? Response(TestCard.fci(Array("1PAY.SYS.DDF01".utf8), objects)) : nil
        }
    }
}
