import Payments
import Testing

@testable import World

/// What a terminal does with its journal, one step after another.
enum DiskHistory {
    enum Step {
        /// In one commit.
        case append([Record])
        case fold
        /// Closes the journal as a stop does, and opens it again.
        case reopen
        case cutPower
        case kill
    }

    static let time = LocalDateTime(year: 2026, month: 5, day: 20, hour: 13, minute: 14, second: 15)
    static let pan = "6228480402564890018"

    private static let reply = Reply(
        verdict: .approved, code: "00", text: BilingualText("交易成功", "Approved"), rrn: "123456789012",
        authorizationCode: "654321", chipData: [0x91, 0x02, 0x30, 0x30])

    private static func id(_ number: Int) throws -> RequestID { try #require(RequestID(rawValue: "R\(number)")) }

    private static func accepted(_ number: Int) throws -> Record {
        .accepted(PaymentRequest(id: try id(number), amount: Money(minorUnits: 8_880, .cny)))
    }

    private static func authorization(_ number: Int, batch: Int) throws -> Record {
        let card = CardSummary(
            maskedPAN: "622848*********0018", expiry: ExpiryDate(yearMonth: "3012"), sequenceNumber: 1,
            entryMode: .contactChip, pinEntry: .online,
            application: CardApplication(aid: "A000000333010101", label: "UnionPay Debit"))
        return .authorization(
            Authorization(
                request: PaymentRequest(id: try id(number), amount: Money(minorUnits: 8_880, .cny)),
                stan: try #require(STAN(number)), batch: try #require(BatchNumber(batch)), time: time, card: card,
                chipData: Array(0..<16)))
    }

    private static func approved(_ number: Int) throws -> Record {
        .finished(try id(number), .approved(reply, nil), reversal: nil, scriptNumber: nil)
    }

    private static func unanswered(_ number: Int) throws -> Record {
        .finished(try id(number), .failed(PaymentFailure(.noReply, "no reply")), reversal: .noReply, scriptNumber: nil)
    }

    private static func reversed(_ number: Int, settled: Bool) throws -> Record {
        .reversalAnswered(try id(number), code: settled ? "00" : "98", settled: settled)
    }

    private static func signedIn(_ batch: Int) throws -> Record { .signedIn(batch: try #require(BatchNumber(batch))) }

    private static func numberUsed(_ number: Int) throws -> Record { .numberUsed(try #require(STAN(number))) }

    /// Some of everything, with a stop and a folding in the middle.
    static func fixed() throws -> [Step] {
        [
            .append([.started(version: "1")]), .append([try numberUsed(1)]), .append([try signedIn(726)]),
            .append([try accepted(2)]), .append([try authorization(2, batch: 726)]), .append([try approved(2)]),
            .append([try accepted(3)]), .append([try authorization(3, batch: 726)]), .append([try unanswered(3)]),
            .append([try reversed(3, settled: false)]), .append([try reversed(3, settled: true)]), .fold,
            .append([try accepted(4), try authorization(4, batch: 726)]), .append([try approved(4)]), .reopen,
            .append([.started(version: "1")]), .append([try accepted(5)]), .append([try authorization(5, batch: 726)]),
        ]
    }

    /// Whatever may follow each other.
    static func random(steps: Int, _ random: inout Randomness) throws -> [Step] {
        var history: [Step] = []
        var next: [[Record]] = []
        var number = 0
        for _ in 0..<steps {
            switch random.below(100) {
            case 0..<4: history.append(.fold)
            case 4..<8: history.append(.reopen)
            case 8..<14: history.append(.cutPower)
            case 14..<18: history.append(.kill)
            case 18..<22: history.append(.append([.started(version: "1")]))
            default:
                if next.isEmpty {
                    number += 1
                    next = try sale(number, &random)
                    // Some records are written together.
                    if random.happens(20) { next = [Array(next.joined())] }
                }
                history.append(.append(next.removeFirst()))
            }
        }
        return history
    }

    private static func sale(_ number: Int, _ random: inout Randomness) throws -> [[Record]] {
        var records = [[try accepted(number)], [try authorization(number, batch: 1)]]
        guard random.happens(40) else { return records + [[try approved(number)]] }
        records.append([try unanswered(number)])
        for _ in 0..<random.below(3) { records.append([try reversed(number, settled: false)]) }
        return records + [[try reversed(number, settled: true)]]
    }
}
