import Payments
import Synchronization
import Testing

@testable import Journaling

/// Records of an imagined day.
enum Sample {
    static let key = SecretBytes((0..<32).map { UInt8($0) })
    static let time = LocalDateTime(year: 2026, month: 5, day: 20, hour: 13, minute: 14, second: 15)
    static let digits = "6228480402564890018"
    static let reply = Reply(
        verdict: .approved, code: "00", text: BilingualText("交易成功", "Approved"), rrn: "123456789012",
        authorizationCode: "654321", chipData: [0x91, 0x02, 0x30, 0x30])
    static let interrupted = Outcome.failed(PaymentFailure(.interrupted, "stopped in the middle"))

    static func id(_ name: String) throws -> RequestID { try #require(RequestID(rawValue: name)) }

    static func request(_ name: String) throws -> PaymentRequest {
        PaymentRequest(id: try id(name), amount: Money(minorUnits: 8880, .cny))
    }

    static func stan(_ value: Int) throws -> STAN { try #require(STAN(value)) }

    static func batch(_ value: Int) throws -> BatchNumber { try #require(BatchNumber(value)) }

    static func authorization(_ name: String, stan: Int, batch: Int = 1) throws -> Authorization {
        let application = CardApplication(aid: "A000000333010101", label: "UnionPay Debit")
        let card = CardSummary(
            maskedPAN: "622848*********0018", expiry: ExpiryDate(yearMonth: "3012"), sequenceNumber: 1,
            entryMode: .contactChip, pinEntry: .online, application: application)
        return Authorization(
            request: try request(name), stan: try Self.stan(stan), batch: try Self.batch(batch), time: time,
            card: card, chipData: Array(0..<140))
    }

    /// The records of one approved sale.
    static func sale(_ name: String, stan: Int) throws -> [Record] {
        [
            .accepted(try request(name)), .authorization(try authorization(name, stan: stan)),
            .finished(try id(name), .approved(reply, nil), reversal: nil),
        ]
    }
}

extension Journal {
    /// Writes records one by one, the card's number beside each authorization.
    func write(_ records: [Record]) throws {
        for record in records { try append(record, pan: PAN(Sample.digits), at: Sample.time) }
    }

    func pragma(_ name: String) throws -> String {
        try store.withLock { (store) throws(JournalError) in
            try store.database.row("PRAGMA \(name)", [], { $0.text(0) }) ?? ""
        }
    }

    func run(_ sql: String) throws {
        try store.withLock { (store) throws(JournalError) in _ = try store.database.run(sql) }
    }
}
