import Payments
import Testing

@testable import Engine

@Suite struct UploadPlanTests {
    static let comparisons = [(true, true), (false, true), (true, false), (false, false)].map {
        Settlement.Comparison(domesticAgrees: $0, foreignAgrees: $1)
    }

    @Test func `totals count what stands, once, with its last amount`() throws {
        let totals = Totals(of: try MixedBatch.payments())
        // A round: sale 11,000 with its tip, 2,000, a part 4,000, 700, 600, 400, 250 after its adjustment, 5,500, 70.
        let debit: Int64 = 11_000 + 2_000 + 4_000 + 700 + 600 + 400 + 250 + 5_500 + 70
        // Void, refund, completion void.
        let credit: Int64 = 2_000 + 100 + 70
        func sides(_ rounds: Int) -> Totals.Sides {
            Totals.Sides(
                debit: Tally(count: 9 * rounds, amount: debit * Int64(rounds)),
                credit: Tally(count: 3 * rounds, amount: credit * Int64(rounds)))
        }
        #expect(totals == Totals(domestic: sides(2), foreign: sides(1)))
    }

    /// Which messages each payment of a round is in when its class differs, and when it agrees.
    static let places: [(name: String, differing: [String], agreed: [String])] = [
        ("sale", ["detail 11000", "certificate 205"], ["certificate 203"]),
        ("tip", ["advice 11000"], []),
        ("voided", ["detail 2000", "certificate 205"], ["certificate 203"]),
        ("void", ["detail 2000"], []),
        ("part", ["detail 4000", "certificate 205"], ["certificate 203"]),
        ("declined", [], []),
        ("reversed", [], []),
        ("proofless", ["detail 700", "failure 206"], ["failure 204"]),
        ("offline", ["advice 600"], []),
        ("dead", ["failure 206"], ["failure 204"]),
        ("deferred", ["detail 400"], []),
        ("voice", ["advice 250"], []),
        ("adjust", ["advice 250"], []),
        ("refund", ["advice 100"], []),
        ("hold", [], []),
        ("told", ["advice 5500"], []),
        ("balance", [], []),
        ("completion", ["detail 70"], []),
        ("undone", ["detail 70"], []),
    ]

    @Test(arguments: comparisons) func `every payment is told where it belongs`(_ comparison: Settlement.Comparison)
        throws
    {
        var told: [RequestID: [String]] = [:]
        for message in UploadPlan.messages(try MixedBatch.payments(), comparison) {
            switch message {
            case .advice(let id, let amount): told[id, default: []].append("advice \(amount)")
            case .details(let details):
                for detail in details { told[detail.id, default: []].append("detail \(detail.amount)") }
            case .chipRecord(let id, let agreed): told[id, default: []].append("certificate \(agreed ? 203 : 205)")
            case .failedChipRecord(let id, let agreed): told[id, default: []].append("failure \(agreed ? 204 : 206)")
            case .end: break
            }
        }
        for round in 0..<3 {
            let agrees = round == 1 ? comparison.foreignAgrees : comparison.domesticAgrees
            for place in Self.places {
                let id = Samples.id("\(place.name)-\(round)")
                #expect(told[id] ?? [] == (agrees ? place.agreed : place.differing), "\(id)")
            }
        }
    }

    @Test(arguments: comparisons) func `the steps come in order and the end counts them`(
        _ comparison: Settlement.Comparison
    ) throws {
        let payments = try MixedBatch.payments()
        let messages = UploadPlan.messages(payments, comparison)
        func step(_ message: UploadMessage) -> Int {
            switch message {
            case .advice(let id, _):
                switch payments.first(where: { $0.request.id == id })?.request.kind {
                case .offlineSettlement, .adjustment, .tip: 1
                case .refund, .completionAdvice: 5
                default: 2
                }
            case .details: 4
            case .chipRecord: 6
            case .failedChipRecord: 7
            case .end: 10
            }
        }
        let steps = messages.map(step)
        #expect(steps == steps.sorted())
        #expect(steps.filter { $0 == 10 }.count == 1)
        let details = messages.compactMap { if case .details(let details) = $0 { details } else { nil } }
        #expect(details.allSatisfy { (1...8).contains($0.count) })
        #expect(details.dropLast().allSatisfy { $0.count == 8 })
        let records = messages.reduce(0) { $0 + $1.records }
        #expect(messages.last == .end(agreed: comparison.agrees, records: records))
    }

    /// M6: an acquirer that knows nothing of a class that differs and takes the upload for it has the terminal's totals.
    @Test(arguments: comparisons) func `the upload adds up to the totals`(_ comparison: Settlement.Comparison) throws {
        let payments = try MixedBatch.payments()
        let byID = Dictionary(payments.map { ($0.request.id, $0) }, uniquingKeysWith: { $1 })
        var amounts: [RequestID: Int64] = [:]
        for message in UploadPlan.messages(payments, comparison) {
            switch message {
            case .advice(let id, let amount):
                let original = byID[id]?.request.kind.side == nil ? byID[id]?.request.original?.id : id
                if let original { amounts[original] = amount }
            case .details(let details): for detail in details { amounts[detail.id] = detail.amount }
            case .chipRecord, .failedChipRecord, .end: break
            }
        }
        var rebuilt = Totals()
        for (id, amount) in amounts {
            guard let payment = byID[id], let side = payment.request.kind.side, let card = payment.authorization?.card
            else { continue }
            rebuilt.add(amount, side, card.origin)
        }
        let totals = Totals(of: payments)
        #expect(rebuilt.domestic == (comparison.domesticAgrees ? Totals.Sides() : totals.domestic))
        #expect(rebuilt.foreign == (comparison.foreignAgrees ? Totals.Sides() : totals.foreign))
    }

    @Test(arguments: comparisons) func `nothing to tell is told`(_ comparison: Settlement.Comparison) {
        #expect(UploadPlan.messages([], comparison) == [.end(agreed: comparison.agrees, records: 0)])
    }
}
