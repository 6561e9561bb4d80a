import EMV
import Payments
import SimulatedCards
import Testing
import Wire

@Suite struct MutatedTranscriptTests {
    /// Terminals that differ in what they may do without the issuer: an everyday one, one with a floor limit and no action
    /// codes of its own, one that cannot ask the issuer, an unattended one without CDA.
    static let terminals: [[UInt8]] = [
        [0x00, 0x00, 0x00, 0, 0], [0x18, 0x00, 0x00, 0, 0], [0x1A, 0x00, 0x05, 0, 0], [0x0C, 0x80, 0x08, 0, 0],
    ]

    /// Every card with contacts. Made once: a card is a value, and its certificates take their time.
    static let cards = Result {
        try CardLibrary.all.filter { $0.interfaces.contains(.contact) }.map { try SimulatedCard($0) }
    }
    /// Every card for the field, and every bad habit with one of them.
    static let taps = Result {
        let good = CardLibrary.all.filter { $0.interfaces.contains(.contactless) }
        let bad = CardLibrary.habits.enumerated().map { good[$0.offset % good.count].with($0.element) }
        return try (good + bad).map { profile in
            var card = try SimulatedCard(profile)
            card.reset(.contactless)
            return card
        }
    }

    /// Readers: an everyday one, one with a floor limit, one with every limit and the rule for small amounts, an unattended
    /// one.
    static let readers: [[UInt8]] = [
        [0x00, 0x00, 0x00, 0, 0], [0x18, 0x00, 0x00, 0, 0], [0x08, 0x00, 0x05, 0, 0x3C], [0x0D, 0x80, 0x08, 0, 0x84],
    ]

    @Test(arguments: Mutation.allCases)
    func `Every card of the library with one answer gone wrong`(mutation: Mutation) throws {
        var random = Seeded(state: Seeded.seed(mutation.rawValue))
        for card in try Self.cards.get() where Bool.random(using: &random) {
            let numbers = card.profile.applications.map(\.account.number)
            if let header = Self.terminals.randomElement(using: &random) {
                let seed = random.next()
                let position = Int.random(in: 0..<16, using: &random)
                let play = try Play(card, header) { number, earlier, answer in
                    guard number == position else { return answer }
                    var own = Seeded(state: seed)
                    return mutation.apply(answer, earlier: earlier, &own)
                }
                #expect(play.objections.isEmpty, "\(card.profile.name), \(header), answer \(position), seed \(seed)")
                // What a card proved is what its issuer signed.
                if play.isProved { #expect(numbers.contains(play.number ?? "")) }
            }
        }
    }

    @Test func `Cards with most answers gone wrong`() throws {
        var random = Seeded(state: 5)
        let cards = try Self.cards.get()
        for round in 0..<300 {
            let card = cards[round % cards.count]
            let seed = random.next()
            let rate = UInt64(round % 6 + 1)
            let play = try Play(card, Self.terminals[round % Self.terminals.count]) { number, earlier, answer in
                var own = Seeded(state: seed &+ UInt64(number))
                guard own.next() % rate == 0, let mutation = Mutation.allCases.randomElement(using: &own) else {
                    return answer
                }
                return mutation.apply(answer, earlier: earlier, &own)
            }
            #expect(play.objections.isEmpty, "\(card.profile.name), seed \(seed), rate \(rate)")
        }
    }

    @Test(arguments: MutatedTap.allCases)
    func `Every tap with one answer gone wrong`(row: MutatedTap) throws {
        var random = Seeded(state: Seeded.seed(row.mutation.rawValue) &+ 1)
        for card in try Self.taps.get() where Bool.random(using: &random) {
            let numbers = card.profile.applications.map(\.account.number)
            if let header = Self.readers.randomElement(using: &random) {
                let seed = random.next()
                let position = Int.random(in: 0..<10, using: &random)
                let play = try Play(tap: card, header) { number, earlier, answer in
                    guard number == position else { return answer }
                    var own = Seeded(state: seed)
                    return row.mutation.apply(answer, earlier: earlier, &own)
                }
                #expect(play.objections.isEmpty, "\(card.profile.name), \(header), answer \(position), seed \(seed)")
                // The reader approves by itself only what the issuer signed.
                if play.outcome?.verdict == .approvedOffline { #expect(numbers.contains(play.number ?? "")) }
            }
        }
    }

    @Test func `Taps with most answers gone wrong`() throws {
        var random = Seeded(state: 6)
        let cards = try Self.taps.get()
        for round in 0..<300 {
            let card = cards[round % cards.count]
            let seed = random.next()
            let rate = UInt64(round % 6 + 1)
            let play = try Play(tap: card, Self.readers[round % Self.readers.count]) { number, earlier, answer in
                var own = Seeded(state: seed &+ UInt64(number))
                guard own.next() % rate == 0, let mutation = Mutation.allCases.randomElement(using: &own) else {
                    return answer
                }
                return mutation.apply(answer, earlier: earlier, &own)
            }
            #expect(play.objections.isEmpty, "\(card.profile.name), seed \(seed), rate \(rate)")
        }
    }
}
