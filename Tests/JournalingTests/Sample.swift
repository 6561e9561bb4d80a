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

    static func request(
        _ name: String, _ kind: TransactionKind = .sale, amount: Int64 = 8880, original: String? = nil
    ) throws -> PaymentRequest {
        PaymentRequest(
            id: try id(name), kind: kind, amount: Money(minorUnits: amount, .cny),
            original: try original.map { Original(id: try id($0), date: "0520") })
    }

    static func stan(_ value: Int) throws -> STAN { try #require(STAN(value)) }

    static func batch(_ value: Int) throws -> BatchNumber { try #require(BatchNumber(value)) }

    static func authorization(_ name: String, stan: Int, batch: Int = 1, attempt: Int = 1) throws -> Authorization {
        try authorization(try request(name), stan: stan, batch: batch, attempt: attempt)
    }

    static func authorization(
        _ request: PaymentRequest, stan: Int, batch: Int = 1, attempt: Int = 1, time: LocalDateTime = time,
        foreign: Bool = false
    ) throws -> Authorization {
        let application = CardApplication(aid: "A000000333010101", label: "UnionPay Debit")
        let card = CardSummary(
            maskedPAN: foreign ? "411111******1111" : "622848*********0018", expiry: ExpiryDate(yearMonth: "3012"),
            sequenceNumber: 1, entryMode: .contactChip, pinEntry: .online, application: application)
        return Authorization(
            request: request, stan: try Self.stan(stan), batch: try Self.batch(batch), time: time, card: card,
            chipData: Array(0..<140), attempt: attempt)
    }

    /// The records of one approved payment.
    static func sale(
        _ name: String, _ kind: TransactionKind = .sale, stan: Int, batch: Int = 1, original: String? = nil,
        foreign: Bool = false
    ) throws -> [Record] {
        let request = try request(name, kind, original: original)
        return [
            .accepted(request),
            .authorization(try authorization(request, stan: stan, batch: batch, foreign: foreign)),
            .finished(request.id, .approved(reply, nil), reversal: nil, scriptNumber: nil),
        ]
    }

    /// The records of one sale that is to be reversed.
    static func reversed(_ name: String, stan: Int, _ reason: ReversalReason = .noReply) throws -> [Record] {
        try sale(name, stan: stan).prefix(2)
            + [.finished(try id(name), interrupted, reversal: reason, scriptNumber: nil)]
    }

    /// The records of one stored sale.
    static func stored(
        _ name: String, stan: Int, batch: Int = 1, amount: Int64 = 8880, time: LocalDateTime = time,
        how: Outcome.Stored = .offline
    ) throws -> [Record] {
        let request = try request(name, amount: amount)
        return [
            .accepted(request), .authorization(try authorization(request, stan: stan, batch: batch, time: time)),
            .finished(request.id, .stored(how, nil), reversal: nil, scriptNumber: nil),
        ]
    }

    /// The records of a settlement whose upload is one message, with two numbers from `stan`.
    static func settlement(_ batch: Int, stan: Int) throws -> [Record] {
        let number = try Self.batch(batch)
        return [
            .settlementBegun(
                Settlement(batch: number, stan: try Self.stan(stan), totals: Totals(), supervisor: "00")),
            .settlementCompared(agreed), .uploading(index: 0, try Self.stan(stan + 1)), .settled(number),
        ]
    }

    static let agreed = Settlement.Comparison(domesticAgrees: true, foreignAgrees: true)
    static let declined = Reply(verdict: .declined, code: "51", text: BilingualText("余额不足", "No funds"))
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

    /// The first column of every row, as text.
    func strings(_ sql: String) throws -> [String] {
        try store.withLock { (store) throws(JournalError) in try store.database.rows(sql, [], { $0.text(0) }) }
    }
}
