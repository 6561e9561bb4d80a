import Control
import Journaling
import Payments
import SimulatedAcquirer
import SimulatedCards
import SimulatedShop
import Terminal

/// The queue of stored payments worked off by the real daemon, against the real acquirer's server over TLS on loopback:
/// each advice is taken from the journal, sent, answered, and its answer made durable.
struct DrainBenchmark {
    /// The daemon.
    let program: String
    /// A folder for the shops' files.
    let folder: String
    /// How many advices wait.
    let advices: Int

    private static let rounds = 5

    func run() async throws -> [Figure] {
        var rates: [Double] = []
        var processor: [Double] = []
        for round in 1...Self.rounds {
            let (seconds, milliseconds) = try await drain("drain-\(round)")
            rates.append(Double(advices) / seconds)
            processor.append(milliseconds * 1e3 / Double(advices))
        }
        return [
            Figure(
                "saf_per_second", "store-and-forward: advices delivered, \(advices) queued", "/s", rates, atLeast: 1000),
            Figure("saf_processor_us", "… processor time of tenderd for each", "µs", processor),
        ]
    }

    /// The line is cut while the daemon starts, so that nothing leaves before the clock runs.
    private func drain(_ name: String) async throws -> (seconds: Double, processorMilliseconds: Double) {
        let shop = try Shop.forBenchmark(in: "\(folder)/\(name)")
        defer { shop.close() }
        try fill(shop)
        shop.faults.ask(.connectionRefused)
        let (value, end) = try await Daemon.run(program, in: shop) { daemon in
            _ = try await daemon.ask(.post, "/v1/queue/pause") as QueueReport
            shop.faults.withdraw(.connectionRefused)
            let before: TerminalStatus = try await daemon.ask(.post, "/v1/sign-in")
            let process = ProcessFigures(daemon.processID)
            let processor = try process.processorMilliseconds
            let start = Stopwatch.clock.now
            let queue: QueueReport = try await daemon.ask(.post, "/v1/queue/send")
            let seconds = (Stopwatch.clock.now - start).inMilliseconds / 1000
            let captures = shop.host.ledger.openCaptures().count
            guard before.stored == advices, queue.count == 0, queue.refused.isEmpty, captures == advices else {
                throw BenchmarkFailure(
                    "of \(before.stored) advices \(captures) arrived, \(queue.count) wait, "
                        + "\(queue.refused.count) were refused")
            }
            return (seconds, try process.processorMilliseconds - processor)
        }
        guard let value, end.isClean else { throw BenchmarkFailure("tenderd did not end well:\n\(end.log)") }
        return value
    }

    /// Offline settlements of one account, as a shop enters them after the acquirer's word by telephone.
    private func fill(_ shop: Shop) throws {
        let account = CardLibrary.accounts[0]
        guard let pan = PAN(account.number) else { throw BenchmarkFailure(account.number) }
        let journal = try shop.journal()
        for start in stride(from: 1, through: advices, by: 250) {
            let records = try (start...min(start + 249, advices)).flatMap { number throws -> [Record] in
                guard let id = RequestID(rawValue: "advice-\(number)"), let stan = STAN(number) else {
                    throw BenchmarkFailure("advice \(number)")
                }
                let request = PaymentRequest(
                    id: id, kind: .offlineSettlement, amount: Money(minorUnits: 8880, .cny),
                    original: Original(date: "", authorizationCode: "V00042"))
                let card = CardSummary(
                    maskedPAN: pan.masked, expiry: ExpiryDate(yearMonth: account.expiry), sequenceNumber: nil,
                    entryMode: .manual, pinEntry: .none, application: nil)
                let authorization = Authorization(
                    request: request, stan: stan, batch: .first, time: SampleSale.time, card: card, chipData: [])
                return [
                    .accepted(request), .authorization(authorization),
                    .finished(id, .stored(.advice, nil), reversal: nil, scriptNumber: nil),
                ]
            }
            try journal.append(records, pan: pan, at: SampleSale.time)
        }
    }
}
