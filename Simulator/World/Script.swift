import Payments

/// What is going to happen in a world, drawn from its seed beforehand: the payments of a day and what goes wrong in it.
public struct Script: Sendable {
    /// A payment that a register is going to ask for.
    struct Order: Sendable {
        /// How the customer's card behaves.
        enum Card: Sendable {
            /// It asks its issuer and does as that says.
            case agrees
            /// It asks its issuer and declines an approval.
            case refusesLate
            /// It asks its issuer and is pulled out before it hears the answer.
            case pulledLate
            /// It declines at once.
            case declines
            /// It is pulled out while it is read.
            case pulledEarly
            /// It is never inserted.
            case absent
            /// The customer presses cancel on the PIN pad.
            case customerCancels
        }

        let id: RequestID
        let amount: Money
        /// Millisecond of the first question.
        let time: Int
        let card: Card
        /// Which of the shop's customers pays.
        let customer: Int
        /// The PIN that is typed; nil for none.
        let pin: PIN?
        /// Milliseconds that the card takes until it asks its issuer.
        let cardMilliseconds: Int
        /// Milliseconds after the question when the cashier wants it stopped.
        let cancelledAfter: Int?
        /// Milliseconds after the question when the register asks again.
        let repeatedAfter: [Int]
        /// Milliseconds after the question when a register uses its id for another amount.
        let abusedAfter: Int?

        enum PIN: Sendable { case right, wrong }
    }

    /// Where it all comes from.
    public let seed: UInt64
    let orders: [Order]
    /// The millisecond after which nothing goes wrong any more.
    let end: Int
    /// What goes wrong.
    public internal(set) var troubles: [Trouble]

    /// How often things go wrong: nothing ever, or so many times for a hundred payments.
    private struct Weather {
        let powerCuts: Int
        let messages: Int
        let outages: Int
        let journal: Int
        let acquirer: Int

        static let kinds = [
            Weather(powerCuts: 0, messages: 0, outages: 0, journal: 0, acquirer: 0),
            Weather(powerCuts: 10, messages: 10, outages: 4, journal: 1, acquirer: 2),
            Weather(powerCuts: 60, messages: 10, outages: 2, journal: 3, acquirer: 2),
            Weather(powerCuts: 5, messages: 80, outages: 5, journal: 1, acquirer: 5),
            Weather(powerCuts: 40, messages: 60, outages: 15, journal: 15, acquirer: 10),
        ]
    }

    /// The day of `seed` with this many payments.
    public init(seed: UInt64, payments: Int) {
        var random = Randomness(seed: seed)
        let weather = random.one(of: Weather.kinds)
        var time = 1_000
        var orders: [Order] = []
        for index in 0..<payments {
            time += random.happens(70) ? random.number(5_000...60_000) : random.number(100...4_000)
            if let order = Order(index, at: time, &random) { orders.append(order) }
        }
        let end = time + 120_000
        var troubles: [Trouble] = []
        func times(_ percent: Int) -> Int { (payments * percent + random.below(100)) / 100 }
        for _ in 0..<times(weather.powerCuts) {
            troubles.append(.powerCut(step: random.number(1...payments * 16), seconds: random.one(of: [0, 1, 5, 90])))
        }
        for _ in 0..<times(weather.messages) {
            troubles.append(.message(random.number(1...payments * 2 + 2), OnTheWay(&random)))
        }
        for _ in 0..<times(weather.outages) {
            let start = random.below(end)
            troubles.append(.outage(from: start, to: start + random.number(500...180_000)))
        }
        for _ in 0..<times(weather.journal) {
            troubles.append(.journalFull(commit: random.number(1...payments * 4), times: random.number(1...4)))
        }
        for _ in 0..<times(weather.acquirer) {
            let moment = random.below(end)
            troubles.append(random.happens(70) ? .acquirerForgets(at: moment) : .acquirerOpensBatch(at: moment))
        }
        self.seed = seed
        self.orders = orders
        self.end = end
        self.troubles = troubles
    }

    private typealias OnTheWay = Trouble.OnTheWay
}

extension Trouble.OnTheWay {
    fileprivate init(_ random: inout Randomness) {
        let delay = random.one(of: [50, 2_000, 40_000, 70_000, 120_000]) + random.below(1_000)
        self = random.one(of: [
            .requestLost, .requestLost, .requestLate(delay), .requestTwice(after: delay), .copyAnswered(after: delay),
            .requestCorrupt(bit: random.below(4_096)), .replyLost, .replyLost, .replyLate(delay),
            .replyTwice(after: delay), .replyCorrupt(bit: random.below(4_096)), .wrongMAC, .otherSTAN, .malformedReply,
        ])
    }
}

extension Script.Order {
    fileprivate init?(_ index: Int, at time: Int, _ random: inout Randomness) {
        guard let id = RequestID(rawValue: "R\(index + 1)") else { return nil }
        self.id = id
        self.time = time
        amount = Money(minorUnits: Int64(random.number(1...60_000)), .cny)
        card =
            random.happens(70)
            ? .agrees
            : random.one(of: [
                .refusesLate, .pulledLate, .refusesLate, .pulledLate, .declines, .pulledEarly, .absent,
                .customerCancels,
            ])
        customer = random.below(3)
        pin = random.happens(60) ? (random.happens(90) ? .right : .wrong) : nil
        cardMilliseconds = random.number(500...9_000)
        cancelledAfter = random.happens(10) ? random.number(0...15_000) : nil
        repeatedAfter = random.happens(25) ? (0..<random.number(1...3)).map { _ in random.number(1...90_000) } : []
        abusedAfter = random.happens(3) ? random.number(1...90_000) : nil
    }
}
