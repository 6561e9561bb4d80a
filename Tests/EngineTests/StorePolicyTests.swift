import Engine
import Payments
import Testing

@Suite struct StorePolicyTests {
    static let policy: StorePolicy = {
        var policy = StorePolicy()
        policy.perPayment = 500
        policy.perCard = Tally(count: 2, amount: 800)
        policy.perDay = Tally(count: 3, amount: 1_200)
        policy.total = Tally(count: 4, amount: 2_000)
        return policy
    }()

    static let cases: [(amount: Int64, load: QueueLoad, refused: String?)] = [
        (500, QueueLoad(), nil),
        (501, QueueLoad(), "at most 5.00"),
        (500, QueueLoad(total: Tally(count: 3, amount: 1_500)), nil),
        (1, QueueLoad(total: Tally(count: 4, amount: 4)), "the queue"),
        (500, QueueLoad(total: Tally(count: 3, amount: 1_501)), "the queue"),
        (500, QueueLoad(today: Tally(count: 2, amount: 700)), nil),
        (1, QueueLoad(today: Tally(count: 3, amount: 3)), "today's queue"),
        (500, QueueLoad(today: Tally(count: 2, amount: 701)), "today's queue"),
        (500, QueueLoad(card: Tally(count: 1, amount: 300)), nil),
        (1, QueueLoad(card: Tally(count: 2, amount: 2)), "this card"),
        (500, QueueLoad(card: Tally(count: 1, amount: 301)), "this card"),
        (1, QueueLoad(total: Tally(count: 1, amount: .max)), "the queue"),
    ]

    @Test(arguments: cases) func `a limit that is reached is named`(amount: Int64, load: QueueLoad, refused: String?) {
        let refusal = Self.policy.refusal(of: Money(minorUnits: amount, .cny), beside: load)
        #expect((refusal == nil) == (refused == nil))
        if let refused {
            #expect(refusal?.reason == .queueFull)
            #expect(refusal?.detail.contains(refused) == true, "\(refusal?.detail ?? "")")
        }
    }

    @Test func `a shop that sets nothing stores nothing of its own`() {
        #expect(!StorePolicy().takesOffline && !StorePolicy().defers)
    }
}

@Suite struct BackoffTests {
    @Test func `waits double up to a minute and spread by a quarter`() {
        var least = Backoff()
        var most = Backoff()
        for nominal in [1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000] {
            #expect(least.next(random: 0) == nominal * 3 / 4)
            #expect(most.next(random: UInt32(nominal / 2)) == nominal * 5 / 4)
        }
        least.reset()
        #expect(least == Backoff())
    }

    @Test(arguments: [0, 1, 500, 501, .max - 1, .max] as [UInt32]) func `any random number will do`(random: UInt32) {
        var backoff = Backoff()
        for _ in 0..<20 { #expect((750...75_000).contains(backoff.next(random: random))) }
    }
}
