import Control
import FoundationEssentials
import Payments
import SimulatedAcquirer
import SimulatedDevices
import SimulatedShop
import Terminal
import Testing

extension WholeTerminal {
    /// A sale from the card to the receipt.
    @Suite struct SaleTests {
        @Test(arguments: [
            "unionpay-credit", "unionpay-debit", "static", "online-only", "offline", "several-applications",
        ])
        func approved(card: String) async throws {
            try await Scene.play { scene in
                try await scene.insert(card)
                let (report, end) = try await scene.daemon { daemon in
                    let report = try await daemon.sale("88.80", id: "sale-1")
                    try await scene.receipts(2)
                    return report
                }
                let sale = try #require(report)
                #expect(sale.outcome == .approved, "\(sale)")
                #expect(sale.amount == "88.80")
                #expect(sale.currency == "CNY")
                #expect(sale.reversal == .none)
                let entry = try #require(scene.shop.host.ledger.openCaptures().first)
                #expect(scene.shop.host.ledger.entries.count == 1)
                #expect(entry.amount == 8880)
                #expect(entry.key.stan == sale.stan)
                #expect(entry.rrn == sale.rrn)
                #expect(entry.pan?.masked == sale.pan)
                #expect(scene.card.payments.map(\.second) == [0x40])
                let times = try #require(sale.milliseconds)
                #expect(times.card > 0 && times.acquirer > 0 && times.terminal > 0)
                let receipts = scene.shop.printer.receipts
                #expect(receipts.count == 2)
                for receipt in receipts {
                    for fact in ["88.80", sale.stan, sale.rrn, sale.authCode, "模拟便利店", ShopConfiguration.merchant] {
                        #expect(receipt.contains(try #require(fact)), "\(fact ?? "") in\n\(receipt)")
                    }
                }
                #expect(end.isClean)
            }
        }

        /// The same id is the same payment, whatever the register does.
        @Test func askedTwice() async throws {
            try await Scene.play { scene in
                try await scene.insert()
                try await scene.daemon { daemon in
                    let first = try await daemon.sale("88.80", id: "twice")
                    #expect(first.outcome == .approved)
                    #expect(try await daemon.sale("88.80", id: "twice") == first)
                    #expect(try await daemon.payment("twice").withoutReceipt == first.withoutReceipt)
                    await #expect(throws: Refusal.self) { _ = try await daemon.sale("88.81", id: "twice") }
                    let body = Array(#"{"id": "twice", "amount": "88.81"}"#.utf8)
                    #expect(try await daemon.client.send(.post, "/v1/payments", body: body).status == 409)
                }
                // It lasts longer than the process.
                try await scene.daemon { daemon in
                    let again = try await daemon.sale("88.80", id: "twice")
                    #expect(again.outcome == .approved)
                    #expect(try await daemon.payment("twice").withoutReceipt == again.withoutReceipt)
                }
                #expect(scene.shop.host.ledger.entries.count == 1)
            }
        }

        /// Two registers ask for the same payment at once, and a third for another one.
        @Test func askedAtOnce() async throws {
            try await Scene.play { scene in
                try await scene.daemon { daemon in
                    let (started, source) = AsyncStream.makeStream(of: Void.self)
                    async let steps: Void = daemon.followSteps(started: { source.yield() }) { report in
                        if report.step == .linkReady { source.yield() }
                        return report.step != .linkReady
                    }
                    var events = started.makeAsyncIterator()
                    _ = await events.next()
                    async let first = daemon.sale("10.00", id: "both")
                    _ = await events.next()
                    try await steps
                    async let second = daemon.sale("10.00", id: "both")
                    await #expect(throws: Refusal.self) { _ = try await daemon.sale("11.00", id: "other") }
                    try await scene.insert()
                    let reports = try await [first, second]
                    #expect(reports[0] == reports[1])
                    #expect(reports[0].outcome == .approved, "\(reports[0])\n\(scene.card.payments)")
                }
                #expect(scene.shop.host.ledger.entries.count == 1)
            }
        }

        @Test(arguments: ["51", "57", "61", "91"])
        func declined(code: String) async throws {
            try await Scene.play { scene in
                try await scene.insert()
                scene.shop.host.declineNext(code)
                try await scene.daemon { daemon in
                    let report = try await daemon.sale("88.80", id: "declined")
                    #expect(report.outcome == .declined)
                    #expect(report.reason == code)
                    #expect(report.reversal == .none)
                }
            }
        }
    }
}

extension Scene {
    /// Waits until the printer has cut this many receipts.
    func receipts(_ count: Int) async throws {
        if shop.printer.receipts.count >= count { return }
        for await _ in shop.printer.printed where shop.printer.receipts.count >= count { return }
    }
}
