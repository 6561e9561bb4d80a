import EMV
import Payments
import SimulatedCards
import Testing
import Wire

/// What comes into the field after a card was lost at one of its commands.
enum ChangeInField: String, CaseIterable, CoveredCase {
    case same, another, none, two

    var clause: String {
        switch self {
        case .same, .another: "Book B, 3.5.3"
        case .none: "Book A, 6.2"
        case .two: "Book B, 3.2"
        }
    }

    var requirement: String {
        switch self {
        case .same: "Any card that is lost at any command and comes back: an end that the books allow"
        case .another: "Any card that is lost at any command, and another one in its place: nothing of the first counts"
        case .none: "Any card that is lost at any command and does not come back: the payment can be cancelled"
        case .two: "Any card that is lost at any command and comes back with a second one: one is asked for"
        }
    }
}

@Suite struct ChangingTapTests {
    @Test(arguments: ChangeInField.allCases)
    func `A card that is lost at any command`(change: ChangeInField) throws {
        let cards = try MutatedTranscriptTests.taps.get()
        var random = Seeded(state: Seeded.seed(change.rawValue))
        for card in cards {
            guard let other = cards.randomElement(using: &random) else { return }
            let header = MutatedTranscriptTests.readers.randomElement(using: &random) ?? []
            // Most taps are over after eight commands.
            for lost in [Int.random(in: 0..<8, using: &random), Int.random(in: 1..<5, using: &random)] {
                var tape = try required(ContactlessTape(header))
                var session = LiveSession(card)
                var (commands, isLost, isSettled) = (0, false, false)
                let witness = tape.record { action in
                    if case .transmit = action {
                        commands += 1
                        if commands == lost + 1, !isLost {
                            isLost = true
                            return .cardRemoved
                        }
                    }
                    guard case .finish(let outcome) = action, outcome.result == .tryAgain, isLost, !isSettled else {
                        return session.answer(action)
                    }
                    isSettled = true
                    switch change {
                    case .same: break
                    case .another: session = LiveSession(other)
                    case .none: return .cancelled
                    case .two: return .collision
                    }
                    return session.answer(action)
                }
                #expect(witness.objections.isEmpty, "\(card.profile.name), \(other.profile.name), \(header), \(lost)")
                guard let verdict = witness.outcome?.verdict, isSettled else { continue }
                #expect(change != .none)
                // Whoever pays is in the field.
                let payer = (change == .another ? other : card).profile.applications.map(\.account.number)
                if verdict == .approvedOnline || verdict == .approvedOffline {
                    #expect(payer.contains(tape.entryPoint.card?.pan.digits ?? ""))
                }
            }
        }
    }
}
