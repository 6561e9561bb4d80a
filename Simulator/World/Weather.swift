/// How often things go wrong in a world: nothing ever, or so many times for a hundred payments.
struct Weather {
    let powerCuts: Int
    let messages: Int
    let outages: Int
    let journal: Int
    let acquirer: Int
    let devices: Int

    static let kinds = [
        Weather(powerCuts: 0, messages: 0, outages: 0, journal: 0, acquirer: 0, devices: 0),
        Weather(powerCuts: 10, messages: 10, outages: 4, journal: 1, acquirer: 8, devices: 5),
        Weather(powerCuts: 60, messages: 10, outages: 2, journal: 3, acquirer: 4, devices: 5),
        Weather(powerCuts: 5, messages: 80, outages: 5, journal: 1, acquirer: 20, devices: 5),
        Weather(powerCuts: 5, messages: 20, outages: 25, journal: 1, acquirer: 10, devices: 5),
        Weather(powerCuts: 40, messages: 60, outages: 15, journal: 15, acquirer: 30, devices: 20),
    ]

    /// What goes wrong in so many days of so many payments, until the millisecond `end`.
    func troubles(days: Int, payments: Int, end: Int, _ random: inout Randomness) -> [Trouble] {
        let all = days * payments
        func times(_ percent: Int, _ random: inout Randomness) -> Int { (all * percent + random.below(100)) / 100 }
        /// A moment of the shop's hours, and one later.
        func span(_ random: inout Randomness) -> (from: Int, to: Int) {
            let opening = random.below(days) * Script.day
            let from = opening + random.below(max(1, end % Script.day))
            return (from, from + random.number(500...180_000))
        }
        var troubles: [Trouble] = []
        for _ in 0..<times(powerCuts, &random) {
            troubles.append(.powerCut(step: random.number(1...all * 20), seconds: random.one(of: [0, 1, 5, 90])))
        }
        for _ in 0..<times(messages, &random) {
            troubles.append(.message(random.number(1...all * 3 + 2), Trouble.OnTheWay(&random)))
        }
        for _ in 0..<times(outages, &random) {
            let (from, to) = span(&random)
            troubles.append(.outage(from: from, to: to))
        }
        for _ in 0..<times(journal, &random) {
            troubles.append(.journalFull(commit: random.number(1...all * 5), times: random.number(1...4)))
        }
        for _ in 0..<times(acquirer, &random) { troubles.append(Self.acquirer(span(&random), &random)) }
        for _ in 0..<times(devices, &random) {
            let (from, to) = span(&random)
            troubles.append(
                random.one(of: [
                    .shutdown(at: from, seconds: random.one(of: [1, 30])), .printerFails(from: from, to: to),
                    .padAbsent(from: from, to: to),
                ]))
        }
        return troubles
    }

    private static func acquirer(_ span: (from: Int, to: Int), _ random: inout Randomness) -> Trouble {
        let codes = [
            "05", "51", "55", "61", "91", "96", "98", "01", "04", "41", "75", "30", "68", "ZZ",
        ]
        switch random.below(100) {
        case 0..<25: return .acquirerForgets(at: span.from)
        case 25..<32: return .acquirerOpensBatch(at: span.from)
        case 32..<75: return .acquirerDeclines(at: span.from, code: random.one(of: codes))
        case 75..<83: return .acquirerLoses(at: span.from)
        case 83..<92: return .totalsDiffer(at: span.from)
        default: return .reversalsRefused(from: span.from, to: span.to)
        }
    }
}

extension Trouble.OnTheWay {
    fileprivate init(_ random: inout Randomness) {
        let delay = random.one(of: [50, 2_000, 40_000, 70_000, 120_000]) + random.below(1_000)
        self = random.one(of: [
            .requestLost, .requestLost, .requestLate(delay), .requestTwice(after: delay), .copyAnswered(after: delay),
            .requestCorrupt(bit: random.below(4_096)), .replyLost, .replyLost, .replyLate(delay),
            .replyTwice(after: delay), .replyCorrupt(bit: random.below(4_096)), .wrongMAC, .otherSTAN, .malformedReply,
            .restart, .restartForgetful,
        ])
    }
}
