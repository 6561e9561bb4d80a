import Control
import Journaling
import Payments
import SimulatedAcquirer
import SimulatedShop
import SystemDriver
import Terminal
import Testing

extension WholeTerminal {
    /// What bad input gets: a refusal with the field and the reason, nothing written and nothing sent.
    @Suite struct RefusalTests {
        /// Amounts as registers get them wrong, by what the message says.
        static let amounts = [
            ("0", "more than zero"), ("0.00", "more than zero"), ("-1.00", "more than zero"),
            ("1.005", "amount such as"),
            ("50000.01", "at most 50000.00"), ("99999999999999999999", "amount such as"), ("", "amount such as"),
            ("1,00", "amount such as"), (" 1.00", "amount such as"), ("1.00 CNY", "amount such as"),
        ]

        @Test func badOrders() async throws {
            try await Scene.play { scene in
                try await scene.daemon { daemon in
                    try await daemon.setUpOperators()
                    for (amount, words) in Self.amounts {
                        try await daemon.refused(PaymentOrder(id: "bad", amount: amount), .invalid, "amount", words)
                    }
                    try await daemon.refused(PaymentOrder(id: "bad"), .invalid, "amount", "missing")
                    try await daemon.refused(
                        PaymentOrder(id: "bad", amount: "1", currency: "USD"), .invalid, "currency", "CNY")
                    try await daemon.refused(PaymentOrder(id: "bad id", amount: "1"), .invalid, "id")
                    try await daemon.refused(PaymentOrder(id: "", amount: "1"), .invalid, "id")
                    try await daemon.refused(
                        PaymentOrder(id: "bad", amount: "1", cashier: "1"), .invalid, "cashier")
                    try await daemon.refused(.counter(.void, "bad"), .invalid, "original")
                    try await daemon.refused(.follow(.sale, "bad", of: "bad", "1.00"), .invalid, "original")

                    var card = scene.typedCard
                    card.pan = "4000000000000001"
                    try await daemon.refused(.mail(.sale, "bad", "1.00", card), .invalid, "card.pan")
                    card = scene.typedCard
                    card.expiry = "4913"
                    try await daemon.refused(.mail(.sale, "bad", "1.00", card), .invalid, "card.expiry")
                    card = scene.typedCard
                    card.cvn2 = "32x"
                    try await daemon.refused(.mail(.sale, "bad", "1.00", card), .invalid, "card.cvn2")
                    var order = PaymentOrder.counter(.sale, "bad", "1.00")
                    order.card = scene.typedCard
                    try await daemon.refused(order, .invalid, "card")
                    order = .voice("bad", "1.00", scene.typedCard)
                    order.authCode = "12345"
                    try await daemon.refused(order, .invalid, "authCode")
                    for body in [
                        #"{"id": "x", "amount": "1", "curency": "USD"}"#, #"{"id": "x", "amount": 1}"#, "[]", "",
                    ] {
                        let response = try await daemon.client.send(.post, "/v1/payments", body: Array(body.utf8))
                        #expect(response.status == 400)
                    }
                    await #expect(throws: Refusal.self) { _ = try await daemon.payment("bad") }
                }
                #expect(scene.shop.host.ledger.entries.isEmpty)
                #expect(scene.card.commands == 0)
            }
        }

        /// A void of what is not there, already voided, of another amount or from another batch.
        @Test func badVoids() async throws {
            try await Scene.play { scene in
                try await scene.daemon { daemon in
                    try await daemon.setUpOperators()
                    try await daemon.approved(.mail(.sale, "sale", "10.00", scene.typedCard))
                    try await daemon.approved(.mail(.sale, "gone", "10.00", scene.typedCard))
                    try await daemon.approved(.follow(.void, "void", of: "gone"))
                    scene.shop.host.declineNext("51")
                    _ = try await daemon.pay(.mail(.sale, "declined", "10.00", scene.typedCard))
                    let ledger = scene.shop.host.ledger
                    try await daemon.refused(.follow(.void, "bad", of: "nobody"), .notFound, "original")
                    let receipt = PaymentOrder.OriginalReceipt(date: "0101", batch: "000001", stan: "000777")
                    try await daemon.refused(.follow(.void, "bad", receipt: receipt), .notFound, "originalReceipt")
                    try await daemon.refused(.follow(.void, "bad", of: "gone"), .conflict, "original")
                    try await daemon.refused(.follow(.void, "bad", of: "void"), .conflict, "original")
                    try await daemon.refused(.follow(.void, "bad", of: "declined"), .conflict, "original")
                    try await daemon.refused(.follow(.void, "bad", of: "sale", "9.99"), .conflict, "original", "10.00")
                    #expect(scene.shop.host.ledger == ledger)
                    // The acquirer has moved to another batch.
                    scene.shop.host.open(batch: "000009")
                    _ = try await daemon.ask(.post, "/v1/sign-in") as TerminalStatus
                    let before = scene.shop.host.ledger
                    try await daemon.refused(.follow(.void, "bad", of: "sale"), .conflict, "original", "000001")
                    #expect(scene.shop.host.ledger == before)
                    // A refund needs no batch.
                    try await daemon.approved(.follow(.refund, "refund", of: "sale", "10.00"))
                }
            }
        }

        /// Counted, locked after five, in the journal; with the right PIN too late.
        @Test func wrongOperatorPIN() async throws {
            try await Scene.play { scene in
                try await scene.daemon { daemon in
                    try await daemon.setUpOperators()
                    try await daemon.approved(.mail(.sale, "sale", "10.00", scene.typedCard))
                    var order = PaymentOrder.follow(.void, "void", of: "sale")
                    order.supervisor = nil
                    try await daemon.refused(order, .notAllowed)
                    order.supervisor = OperatorPIN("111111".utf8).map { Supervisor(number: .supervisor, pin: $0) }
                    for left in [4, 3, 2, 1] { try await daemon.refused(order, .notAllowed, nil, "\(left) more") }
                    try await daemon.refused(order, .notAllowed, nil, "locked")
                    try await daemon.refused(.follow(.void, "void", of: "sale"), .notAllowed, nil, "locked")
                    let rows: [JournalRow] = try await daemon.ask(.get, "/v1/journal?limit=1000")
                    let acts = rows.filter { $0.kind == "operatorActed" }.suffix(5).map(\.summary)
                    #expect(acts == (1...4).map { "00: wrong PIN, number \($0)" } + ["00: wrong PIN, locked"])
                    await #expect(throws: Refusal.self) { _ = try await daemon.closeBatch() }
                }
                #expect(scene.shop.host.ledger.openCaptures().count == 1)
            }
        }

        /// A clock that was set is noted; order is kept by sequence.
        @Test(arguments: [3_600, -1]) func clockSet(seconds: Int) async throws {
            let clock = SystemClock()
            try await Scene.play { scene in
                // The journal's last record is from a later time: the clock was set back meanwhile.
                try scene.open(journal: "\(scene.folder)/journal.db") {
                    _ = try $0.append(.started(version: "0"), at: clock.localTime().advanced(seconds: seconds))
                }
                let (rows, end) = try await scene.daemon { daemon in
                    try await daemon.approved(.mail(.sale, "sale", "10.00", scene.typedCard))
                    return try await daemon.ask(.get, "/v1/journal?limit=1000") as [JournalRow]
                }
                let isNoted = rows?.contains { $0.kind == "clockMoved" }
                #expect(isNoted == (seconds > 0))
                #expect(end.log.contains("the shop's clock was set") == (seconds > 0))
                #expect(rows?.map(\.sequence) == Array(1...(rows?.count ?? 0)))
            }
        }

        /// After 999999 comes 000001, and numbers that the batch has used are passed over.
        @Test func numbersWrap() async throws {
            let clock = SystemClock()
            try await Scene.play(host: { $0.batch = "999999" }) { scene in
                try scene.open(journal: "\(scene.folder)/journal.db") { journal in
                    let batch = try #require(BatchNumber(999_999))
                    try journal.append(.signedIn(batch: batch), at: clock.localTime())
                    for number in [1, 2, 999_997] {
                        try journal.append(.numberUsed(try #require(STAN(number))), at: clock.localTime())
                    }
                }
                try await scene.daemon { daemon in
                    try await daemon.setUpOperators()
                    try await daemon.until { try await daemon.status().isSignedIn }
                    let last = try await daemon.approved(.mail(.sale, "last", "1.00", scene.typedCard))
                    #expect(last.stan == "999999" && last.batch == "999999", "\(last)")
                    let first = try await daemon.approved(.mail(.sale, "first", "1.00", scene.typedCard))
                    #expect(first.stan == "000003")
                    let report = try await daemon.closeBatch()
                    #expect(report.batch == "999999" && report.comparison?.agrees == true)
                    let next = try await daemon.approved(.mail(.sale, "next", "1.00", scene.typedCard))
                    #expect(next.batch == "000001")
                    #expect(scene.shop.host.batch == "000001")
                }
            }
        }
    }
}
