import EMV
import Payments
import Testing
import Wire

@Suite struct SelectionTests {
    static let other: [UInt8] = TestCard.rid + [0x01, 0x01, 0x02]

    @Test func `Without a directory the list of AIDs is tried, longer names included`() throws {
        var run = try Run.make {
            $0.card.hasDirectory = false
            // The card matches partial names: it answers the terminal's shorter name with its own.
            $0.card.overrides[0xA4] = { count, command in
                switch (count, command.p2) {
                case (1, 0x00): Response(TestCard.fci(TestCard.aid, []))
                case (2, 0x02): Response(TestCard.fci(Self.other, []))
                case (3, 0x02): Response([], .fileNotFound)
                default: nil
                }
            }
            $0.card.names = [TestCard.aid, Self.other]
            $0.card.priorities = [0x02, 0x01]
            $0.choice = 1
        }
        #expect(run.play()?.verdict == .approvedOnline)
        #expect(run.choices.first?.map(\.aid) == [TestCard.aid, Self.other])
        #expect(run.kernel.application?.aid == Hex.encode(Self.other))
        #expect(
            run.card.log.prefix(5).map { Hex.encode([$0.ins, $0.p2]) } == ["A400", "A400", "A402", "A402", "A400"])
    }

    @Test func `A card that repeats one name for ever is left`() throws {
        var run = try Run.make {
            $0.card.overrides[0xA4] = { count, _ in
                switch count {
                case 0: Response([], .fileNotFound)
                case 1...200: Response(TestCard.fci(TestCard.aid, []))
                default: nil
                }
            }
        }
        #expect(run.play()?.verdict == .approvedOnline)
        #expect(run.card.log.filter { $0.ins == 0xA4 }.count == 4)
    }

    @Test func `The longest list of wrong names ends`() throws {
        var run = try Run.make {
            $0.card.overrides[0xA4] = { count, _ in
                count == 0
                    ? Response([], .fileNotFound)
                    : Response(TestCard.fci(TestCard.aid + [UInt8(count >> 8), UInt8(count & 0xFF)], []))
            }
        }
        #expect(run.play()?.failure?.reason == .tooManyCommands)
        #expect(run.transmitted == ContactKernel.commandLimit)
    }

    @Test func `Candidates are offered by the card's priority, none last`() throws {
        var run = try Run.make {
            $0.card.names = [TestCard.aid, Self.other, TestCard.rid + [1, 1, 3]]
            $0.card.priorities = [0x00, 0x03, 0x02]
            $0.choice = 2
        }
        #expect(run.play()?.verdict == .approvedOnline)
        #expect(run.choices.first?.map(\.priority) == [2, 3, 0])
        #expect(run.kernel.application?.aid == Hex.encode(TestCard.aid))
        #expect(run.kernel.languages == ["zh", "en"])
    }

    @Test func `Where nobody can be asked, the priority decides`() throws {
        var run = try Run.make {
            $0.card.names = [TestCard.aid, Self.other, TestCard.rid + [1, 1, 3]]
            $0.card.priorities = [0x03, 0x81, 0x02]
            $0.terminal.asksForApplication = false
        }
        #expect(run.play()?.verdict == .approvedOnline)
        #expect(run.choices.isEmpty)
        #expect(run.kernel.application?.aid == "A000000333010103")
    }

    @Test func `A single application may ask for confirmation`() throws {
        var run = try Run.make { $0.card.priorities = [0x81] }
        #expect(run.play()?.verdict == .approvedOnline)
        #expect(run.choices.map(\.count) == [1])
        run = try Run.make {
            $0.card.priorities = [0x81]
            $0.terminal.asksForApplication = false
        }
        #expect(run.play()?.failure?.reason == .noApplication)
    }

    @Test(arguments: [
        (StatusWord.functionNotSupported, KernelFailure.Reason.cardBlocked), (.fileInvalidated, .applicationBlocked),
        (.fileNotFound, .noApplication), (.instructionNotSupported, .noApplication),
    ])
    func `A card without an application ends`(status: StatusWord, reason: KernelFailure.Reason) throws {
        var run = try Run.make {
            $0.card.overrides[0xA4] = { count, _ in
                let name = status == .fileInvalidated ? TestCard.fci(TestCard.aid, []) : []
                return Response(count == 0 && status != .functionNotSupported ? [] : name, status)
            }
        }
        let failure = try required(run.play()?.failure)
        #expect(failure.reason == reason)
        #expect(failure.clause.hasPrefix("Book 1, 12"))
    }

    @Test func `A blocked application gives way to the next`() throws {
        var run = try Run.make {
            $0.card.names = [TestCard.aid, Self.other]
            $0.card.priorities = [0x01, 0x02]
            $0.card.overrides[0xA4] = { count, _ in
                count == 1 ? Response(TestCard.fci(TestCard.aid, []), .fileInvalidated) : nil
            }
        }
        #expect(run.play()?.verdict == .approvedOnline)
        #expect(run.kernel.application?.aid == Hex.encode(Self.other))
    }

    @Test func `An application whose conditions are not satisfied gives way to the next`() throws {
        var run = try Run.make {
            $0.card.names = [TestCard.aid, Self.other]
            $0.card.priorities = [0x01, 0x02]
            $0.card.overrides[0xA8] = { count, _ in count == 0 ? Response([], .conditionsNotSatisfied) : nil }
        }
        #expect(run.play()?.verdict == .approvedOnline)
        #expect(run.kernel.application?.aid == Hex.encode(Self.other))
        run = try Run.make { $0.card.overrides[0xA8] = { _, _ in Response([], .conditionsNotSatisfied) } }
        #expect(run.play()?.failure?.reason == .noApplication)
    }

    @Test(arguments: [
        "", "6F00", "70", "6F108407A0000003330101A5055003", "6F098407A0000003330101",
        "6F128407A0000003330101A50750055455535401", "6F148407A0000003330199A5095007554E494F4E5041",
    ])
    func `An unreadable file control information ends`(hex: String) throws {
        let bytes = try Hex.decode(hex)
        var run = try Run.make { $0.card.overrides[0xA4] = { $0 == 1 ? Response(bytes) : ($1.p1 == 0 ? nil : nil) } }
        run.card.names = [TestCard.aid]
        let failure = try required(run.play()?.failure)
        #expect(failure.reason == .badData)
        #expect(failure.clause == "Book 1, 11.3.4")
    }

    @Test func `A directory that cannot be read is replaced by the list`() throws {
        for bytes in ["", "7003", "7002615A", "61020000", "700661044F02A000"] {
            let answer = Response(try Hex.decode(bytes))
            var run = try Run.make {
                $0.terminal.applications[0].aid = TestCard.aid
                $0.card.overrides[0xB2] = { count, _ in count == 0 ? answer : nil }
            }
            #expect(run.play()?.verdict == .approvedOnline, "\(bytes)")
        }
    }

    @Test func `Exact match is required where partial is not allowed`() throws {
        var run = try Run.make { $0.terminal.applications[0].allowsPartialMatch = false }
        #expect(run.play()?.failure?.reason == .noApplication)
    }
}
