import EMV
import SimulatedCards
import Testing

/// Bad cards: the kernel comes to an end with the right reason, and never approves.
struct CardHabitTests {
    @Test(arguments: [
        ("mute", [KernelFailure.Reason.cardMute]),
        ("removed", [.cardRemoved]),
        ("more-data", [.tooManyCommands, .badData]),
        ("endless-records", [.tooManyCommands, .badData]),
        ("nonsense", [.badData, .badStatus, .noApplication]),
    ])
    func badCardsEndWithTheirReason(_ name: String, _ reasons: [KernelFailure.Reason]) throws {
        for seed in 1...20 {
            var sale = try ChipSale(try #require(CardLibrary.card(named: name)), seed: UInt64(seed))
            let outcome = try sale.run()
            guard case .ended(let failure) = outcome else { throw TestFailure("\(outcome)") }
            #expect(reasons.contains(failure.reason), "\(failure)")
            #expect(sale.commands < 1000)
        }
    }

    @Test(arguments: ["unionpay-debit", "unionpay-credit"], [1, 2, 5])
    func aCardThatMisbehavesAtAnyCommandIsNeverApproved(_ name: String, _ seed: UInt64) throws {
        var good = try ChipSale(try #require(CardLibrary.card(named: name)))
        _ = try good.run()
        for command in 1...good.commands {
            for habit in ["mute", "removed", "nonsense", "more-data"] {
                var sale = try ChipSale(
                    try #require(CardLibrary.card(named: "\(name)+\(habit)@\(command)")), seed: seed)
                switch try sale.run() {
                case .completed(.approvedOnline, _), .completed(.approvedOffline, _):
                    Issue.record("\(habit)@\(command) approved")
                case .ended(let failure) where habit == "removed": #expect(failure.reason == .cardRemoved)
                case .ended(let failure) where habit == "mute": #expect(failure.reason == .cardMute)
                default: break
                }
            }
        }
    }

    @Test func aCardMayDecline() throws {
        var early = try ChipSale(try #require(CardLibrary.card(named: "declines")))
        guard case .completed(.declinedOffline, _) = try early.run() else { throw TestFailure("approved") }
        #expect(early.request == nil)
        var late = try ChipSale(try #require(CardLibrary.card(named: "declines-late")))
        guard case .completed(.declinedByCard, _) = try late.run() else { throw TestFailure("approved") }
        #expect(late.request != nil)
    }

    @Test(arguments: [
        ("good", CardHabit.good), ("mute", .mute(fromCommand: 1)), ("removed@7", .removed(atCommand: 7)),
        ("nonsense@2", .nonsense(fromCommand: 2)),
    ])
    func habitsHaveNames(_ name: String, _ habit: CardHabit) {
        #expect(CardHabit(name: name) == habit)
        #expect(CardLibrary.card(named: "static+\(name)")?.habit == habit)
    }

    @Test func everyHabitCanBeAddedToACard() {
        for habit in CardLibrary.habits {
            // Where a number can follow, it does.
            guard !["mute", "nonsense", "more-data", "removed"].contains(habit.name) else { continue }
            #expect(CardLibrary.card(named: "static+\(habit.name)")?.habit == habit)
        }
        #expect(CardLibrary.habits.count >= 40)
        #expect(Set(CardLibrary.all.map(\.name)).count == CardLibrary.all.count)
    }

    @Test(arguments: ["", "mute@", "mute@0", "mute@x", "declines@2", "polite", "removed@-1"])
    func otherWordsAreNoHabits(_ name: String) {
        #expect(CardHabit(name: name) == nil)
        #expect(CardLibrary.card(named: "nobody+\(name)") == nil)
    }
}
