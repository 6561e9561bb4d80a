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

    /// Made once: a card is a value, and its certificates take their time.
    static let cards = Result { try CardLibrary.all.map { try SimulatedCard($0) } }

    @Test(arguments: Mutation.allCases)
    func `Every card of the library with one answer gone wrong`(mutation: Mutation) throws {
        var random = Seeded(state: Seeded.seed(mutation.rawValue))
        for card in try Self.cards.get() {
            let numbers = card.profile.applications.map(\.account.number)
            for header in Self.terminals {
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
        for round in 0..<400 {
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
}

/// One transaction with a card of the library.
struct Play {
    let objections: [String]
    let outcome: KernelOutcome?
    /// The account number that was read.
    let number: String?

    init(
        _ card: SimulatedCard, _ header: [UInt8], interferes: @escaping (Int, [[UInt8]], [UInt8]) -> [UInt8]
    ) throws {
        var session = LiveSession(card)
        var earlier: [[UInt8]] = []
        session.interferes = { number, _, answer in
            defer { earlier.append(answer) }
            return interferes(number, earlier, answer)
        }
        try self.init(session, header)
    }

    init(_ session: LiveSession, _ header: [UInt8]) throws {
        var tape = try required(ContactTape(header))
        var session = session
        let witness = tape.record { session.answer($0) }
        objections = witness.objections
        outcome = witness.outcome
        number = tape.kernel.card?.pan.digits
    }

    /// Whether offline data authentication was performed and held.
    var isProved: Bool {
        guard let result = outcome?.completion?.result, let tsi = try? Hex.decode(result.tsi).first,
            let tvr = try? Hex.decode(result.tvr).first
        else { return false }
        return tsi & 0x80 != 0 && tvr & 0xCC == 0
    }
}
