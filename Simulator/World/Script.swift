import Engine
import Payments

/// What is going to happen in a world, drawn from its seed beforehand: the payments of its days, what else the shop wants,
/// and what goes wrong.
public struct Script: Sendable {
    /// Something that the shop wants beside payments.
    enum Errand: Sendable {
        /// The batch is closed, the running one if none is named: asked for by a supervisor, or by the clock.
        case settle(supervisor: String?, batch: BatchNumber? = nil)
        /// The terminal signs off.
        case signOff
        /// The terminal asks whether the acquirer is there.
        case echo
        /// A supervisor settles by other means what the acquirer has refused.
        case resolve
    }

    /// Where it all comes from.
    public let seed: UInt64
    /// How many days it takes.
    public let days: Int
    let orders: [Order]
    let errands: [(time: Int, errand: Errand)]
    /// What the shop takes without the acquirer.
    let policy: StorePolicy
    /// Batch and number before the first.
    let start: (batch: BatchNumber, stan: STAN?)
    /// The millisecond after which nothing goes wrong any more.
    let end: Int
    /// What goes wrong.
    public internal(set) var troubles: [Trouble]

    static let day = 86_400_000

    /// The days of `seed`, each with this many payments.
    public init(seed: UInt64, payments: Int) {
        var random = Randomness(seed: seed)
        let weather = random.one(of: Weather.kinds)
        days = random.happens(8) ? random.number(2...3) : 1
        start = random.happens(6) ? Self.lateStart : (.first, nil)
        policy = Self.policy(&random)
        var orders: [Order] = []
        var errands: [(time: Int, errand: Errand)] = []
        var time = 0
        for day in 0..<days {
            time = day * Self.day + 1_000
            for _ in 0..<payments {
                time += random.happens(70) ? random.number(5_000...60_000) : random.number(100...4_000)
                if let order = Order(after: orders, at: time, &random) { orders.append(order) }
                if random.happens(1) { errands.append((time + random.below(60_000), .signOff)) }
                if random.happens(1) { errands.append((time + random.below(60_000), .echo)) }
                if random.happens(1) { errands.append((time + random.below(60_000), .resolve)) }
            }
            if random.happens(15) {
                errands.append((day * Self.day + random.below(time % Self.day), .settle(supervisor: "00")))
            }
            errands.append((time + random.number(0...200_000), .settle(supervisor: random.happens(50) ? "00" : nil)))
        }
        let end = time + 300_000
        errands += [(end + 60_000, .resolve), (end + 120_000, .settle(supervisor: "00"))]
        self.seed = seed
        self.orders = orders
        self.errands = errands
        self.end = end
        troubles = weather.troubles(days: days, payments: payments, end: end, &random)
    }

    /// A few numbers before both counters begin anew.
    private static var lateStart: (batch: BatchNumber, stan: STAN?) {
        (BatchNumber(999_999) ?? .first, STAN(999_980))
    }

    private static func policy(_ random: inout Randomness) -> StorePolicy {
        var policy = StorePolicy()
        policy.takesOffline = random.happens(70)
        policy.defers = random.happens(50)
        if random.happens(30) {
            policy.perCard = Tally(count: 2, amount: 60_000)
            policy.total = Tally(count: random.number(1...6), amount: 150_000)
        }
        return policy
    }
}
