import Control
import Engine
import Payments
import SimulatedAcquirer
import SimulatedCards
import SimulatedDevices
import SimulatedShop
import Terminal
import Testing

extension WholeTerminal {
    /// Every kind of payment, from the register's order to the ledger; each scene ends with the audit of the books.
    @Suite struct TransactionTests {
        /// A sale is taken back whole, once, in its own batch, by its id or by its receipt.
        @Test func voided() async throws {
            try await Scene.play { scene in
                try await scene.daemon { daemon in
                    try await daemon.setUpOperators()
                    try await scene.insert()
                    let sale = try await daemon.sale("88.80", id: "sale")
                    let void = try await daemon.approved(.follow(.void, "void", of: "sale"))
                    #expect(void.amount == "88.80" && void.original == "sale")
                    #expect(scene.entry(void)?.state == .approved)
                    #expect(scene.captured(sale) == 0)
                    // The same question has the same answer, another one none.
                    #expect(try await daemon.pay(.follow(.void, "void", of: "sale")) == void)
                    try await daemon.refused(.follow(.void, "again", of: "sale"), .conflict, "original")

                    let other = try await daemon.approved(.mail(.sale, "other", "10.00", scene.typedCard))
                    let receipt = PaymentOrder.OriginalReceipt(date: "0101", batch: other.batch, stan: other.stan)
                    let byReceipt = try await daemon.approved(.follow(.void, "by-receipt", receipt: receipt))
                    #expect(byReceipt.original == "other" && byReceipt.amount == "10.00")
                    #expect(try await daemon.pay(.follow(.void, "by-receipt", receipt: receipt)) == byReceipt)
                    try await scene.receipts(8)
                }
                #expect(scene.shop.host.ledger.openCaptures().isEmpty)
            }
        }

        /// In parts, up to what was paid, and never more; also by the reference on the receipt.
        @Test func refunded() async throws {
            try await Scene.play { scene in
                try await scene.daemon { daemon in
                    try await daemon.setUpOperators()
                    try await scene.insert("unionpay-debit")
                    let sale = try await daemon.sale("100.00", id: "sale")
                    try await daemon.approved(.follow(.refund, "first", of: "sale", "30.00"))
                    try await daemon.refused(
                        .follow(.refund, "more", of: "sale", "70.01"), .conflict, "original", "70.00")
                    let receipt = PaymentOrder.OriginalReceipt(date: "0101", rrn: sale.rrn)
                    let second = try await daemon.approved(.follow(.refund, "second", receipt: receipt, "69.99"))
                    #expect(second.original == "sale")
                    try await daemon.refused(.follow(.void, "void", of: "sale"), .conflict, "original")
                    try await daemon.approved(.follow(.refund, "last", of: "sale", "0.01"))
                    try await daemon.refused(
                        .follow(.refund, "nothing-left", of: "sale", "0.01"), .conflict, "original")
                    #expect(scene.captured(sale) == 0)
                    let totals: TotalsReport = try await daemon.ask(.get, "/v1/totals")
                    #expect(totals.domestic.debit.isAll(1, "100.00"))
                    #expect(totals.domestic.credit.isAll(3, "100.00"))
                }
            }
        }

        /// A sale of another journal: the card says its number, the receipt the rest.
        @Test func refundOfAnotherJournal() async throws {
            try await Scene.play(audited: false) { scene in
                let sale = try await scene.daemon { daemon in
                    try await scene.insert("unionpay-debit")
                    return try await daemon.sale("50.00", id: "old")
                }.value
                let old = try #require(sale)
                let date = try #require(scene.entry(old)?.date)
                // The new journal's numbers must not meet the old ones.
                scene.forgetJournal()
                scene.shop.host.open(batch: "000002")
                scene.shop.host.forgetKeys()
                try await scene.daemon { daemon in
                    try await daemon.setUpOperators()
                    _ = try await daemon.ask(.post, "/v1/sign-in") as TerminalStatus
                    try await scene.insert("unionpay-debit")
                    let receipt = PaymentOrder.OriginalReceipt(date: date, rrn: old.rrn)
                    try await daemon.approved(.follow(.refund, "back", receipt: receipt, "20.00"))
                    #expect(scene.captured(old) == 3_000)
                    let wrong = try await daemon.pay(.follow(.refund, "too-much", receipt: receipt, "30.01"))
                    #expect(wrong.outcome == .declined && wrong.reason == "61", "\(wrong)")
                    #expect(scene.captured(old) == 3_000)
                }
            }
        }

        @Test func balance() async throws {
            try await Scene.play { scene in
                try await scene.daemon { daemon in
                    try await scene.insert("unionpay-debit")
                    let report = try await daemon.approved(.counter(.balance, "balance"))
                    #expect(report.balance == "10000.00" && report.amount == "0.00")
                    try await daemon.refused(.counter(.balance, "with-amount", "1.00"), .invalid, "amount")
                    // No answer: nothing is taken back, there is nothing.
                    scene.ask(.noReply)
                    try await scene.insert("unionpay-debit")
                    let lost = try await daemon.pay(.counter(.balance, "lost"))
                    #expect(lost.outcome == .failed && lost.reason == "noReply" && lost.reversal == .none)
                }
            }
        }

        /// Money is kept, let go, taken at most at 115 %, given back, taken again.
        @Test func preauthorized() async throws {
            try await Scene.play { scene in
                try await scene.daemon { daemon in
                    try await daemon.setUpOperators()
                    try await scene.insert("unionpay-debit")
                    try await daemon.approved(.counter(.preauthorization, "kept", "100.00"))
                    #expect(scene.shop.host.ledger.openHolds().map(\.amount) == [10_000])
                    try await daemon.approved(.follow(.preauthorizationCancel, "let-go", of: "kept"))
                    #expect(scene.shop.host.ledger.openHolds().isEmpty)
                    try await daemon.refused(
                        .follow(.completion, "too-late", of: "kept", "1.00"), .conflict, "original")

                    try await daemon.approved(.mail(.preauthorization, "by-mail", "100.00", scene.typedCard))
                    try await daemon.refused(
                        .follow(.completion, "above", of: "by-mail", "115.01"), .conflict, "original", "115.00")
                    let asked = try await daemon.approved(.follow(.completion, "asked", of: "by-mail", "115.00"))
                    #expect(scene.captured(asked) == 11_500)
                    #expect(scene.shop.host.ledger.openHolds().isEmpty)
                    try await daemon.approved(.follow(.completionVoid, "given-back", of: "asked"))
                    #expect(scene.captured(asked) == 0)
                    #expect(scene.shop.host.ledger.openHolds().count == 1)
                    let told = try await daemon.pay(.follow(.completionAdvice, "told", of: "by-mail", "60.00"))
                    #expect(told.outcome == .stored && told.reason == "advice")
                    try await daemon.settle()
                    #expect(try await daemon.payment("told").stored == .accepted)
                    #expect(scene.captured(told) == 6_000)
                }
            }
        }

        /// The number on the back is asked for, sent, and kept nowhere (the scene looks for it).
        @Test func mailOrder() async throws {
            try await Scene.play { scene in
                try await scene.daemon { daemon in
                    try await daemon.setUpOperators()
                    let account = CardLibrary.accounts[1]
                    let right = try await daemon.approved(.mail(.sale, "right", "12.00", scene.typedCard))
                    #expect(right.pan == "620000******0021" && right.aid == nil)
                    let wrong = try await daemon.pay(.mail(.sale, "wrong", "12.00", scene.types(account, cvn2: "123")))
                    #expect(wrong.outcome == .declined && wrong.reason == "05")
                    let none = try await daemon.pay(.mail(.sale, "none", "12.00", scene.types(account)))
                    #expect(none.outcome == .declined && none.reason == "05")
                    try await daemon.approved(.follow(.void, "void", of: "right"))
                    #expect(scene.card.commands == 0)
                }
            }
        }

        /// Card and terminal approve; the acquirer hears of it. Then a tip.
        @Test func offlineSale() async throws {
            try await Scene.play({
                $0.store.takesOffline = true
                $0.floorLimit = 10_000
            }) { scene in
                try await scene.daemon { daemon in
                    try await scene.insert("offline")
                    let sale = try await daemon.pay(.counter(.offlineSale, "offline", "30.00"))
                    #expect(sale.outcome == .stored && sale.reason == "offline", "\(sale)")
                    #expect(scene.card.payments.map(\.first) == [0x40])
                    try await daemon.settle()
                    #expect(try await daemon.payment("offline").stored == .accepted)
                    #expect(scene.entry(sale)?.kind == .offlineSale && scene.captured(sale) == 3_000)
                    let tip = try await daemon.pay(.follow(.tip, "tip", of: "offline", tip: "4.50"))
                    #expect(tip.outcome == .stored && tip.amount == "34.50", "\(tip)")
                    try await daemon.settle()
                    #expect(scene.captured(sale) == 3_450)
                    // A card that wants its issuer asked gets no offline sale.
                    try await scene.insert("static")
                    let asked = try await daemon.pay(.counter(.offlineSale, "asks", "150.00"))
                    #expect(asked.outcome == .declined && asked.stan == nil, "\(asked)")
                }
            }
        }

        /// Agreed by voice, corrected, given back.
        @Test func offlineSettlement() async throws {
            try await Scene.play { scene in
                try await scene.daemon { daemon in
                    try await daemon.setUpOperators()
                    let sale = try await daemon.pay(.voice("voice", "40.00", scene.typedCard))
                    #expect(sale.outcome == .stored && sale.reason == "advice", "\(sale)")
                    let adjusted = try await daemon.pay(.follow(.adjustment, "less", of: "voice", "35.00"))
                    #expect(adjusted.outcome == .stored, "\(adjusted)")
                    try await daemon.settle()
                    #expect(try await daemon.payment("voice").stored == .accepted)
                    #expect(try await daemon.payment("less").stored == .accepted)
                    #expect(scene.entry(sale)?.authorizationCode == "V00042")
                    #expect(scene.captured(sale) == 3_500)
                    let totals: TotalsReport = try await daemon.ask(.get, "/v1/totals")
                    #expect(totals.domestic.debit.isAll(1, "35.00"))
                    try await daemon.approved(.follow(.refund, "back", of: "voice", "5.00"))
                    #expect(scene.captured(sale) == 3_000)
                }
            }
        }

        @Test func tipped() async throws {
            try await Scene.play { scene in
                try await scene.daemon { daemon in
                    try await daemon.setUpOperators()
                    try await scene.insert()
                    let sale = try await daemon.sale("100.00", id: "meal")
                    for (id, tip, total) in [("tip", "10.00", "110.00"), ("better", "12.00", "112.00")] {
                        let report = try await daemon.pay(.follow(.tip, id, of: "meal", tip: tip))
                        #expect(report.outcome == .stored && report.amount == total, "\(report)")
                        try await daemon.settle()
                    }
                    #expect(scene.captured(sale) == 11_200)
                    try await daemon.refused(.follow(.tip, "no-tip", of: "meal"), .invalid, "tip")
                    try await daemon.refused(.follow(.void, "void", of: "meal"), .conflict, "original")
                    try await daemon.approved(.follow(.refund, "back", of: "meal", "112.00"))
                }
            }
        }

        /// Wrong twice, then right: three numbers, three runs of the card, one capture. Wrong three times: declined.
        @Test func wrongPINs() async throws {
            try await Scene.play { scene in
                try await scene.daemon { daemon in
                    try await scene.insert("unionpay-debit")
                    scene.customer(first: .enters("000000"), .enters("111111"))
                    let report = try await daemon.sale("88.80", id: "third")
                    #expect(report.outcome == .approved, "\(report)")
                    let states = scene.shop.host.ledger.entries.map(\.state)
                    #expect(states == [.declined(code: "55"), .declined(code: "55"), .approved])
                    #expect(Set(scene.shop.host.ledger.entries.map(\.key.stan)).count == 3)
                    #expect(scene.card.payments.count == 3)
                    #expect(Set(scene.card.payments.map(\.counter)).count == 3)
                    scene.customer(first: .enters("000000"), .enters("000000"), .enters("000000"))
                    try await scene.insert("unionpay-debit")
                    let never = try await daemon.sale("88.80", id: "never")
                    #expect(never.outcome == .declined && never.reason == "55")
                    #expect(scene.shop.host.ledger.openCaptures().count == 1)
                }
            }
        }

        /// The acquirer pays a part, and a void takes back just that.
        @Test func partial() async throws {
            try await Scene.play(
                { $0.takesPartialApproval = true }, host: { $0.partialApprovals = [CardLibrary.accounts[0].number] }
            ) { scene in
                try await scene.daemon { daemon in
                    try await daemon.setUpOperators()
                    try await scene.insert("unionpay-debit")
                    let sale = try await daemon.sale("12000.00", id: "much")
                    #expect(sale.outcome == .approved && sale.reason == "10", "\(sale)")
                    #expect(sale.amount == "12000.00" && sale.approvedAmount == "10000.00")
                    #expect(scene.captured(sale) == 1_000_000)
                    let void = try await daemon.approved(.follow(.void, "void", of: "much"))
                    #expect(void.amount == "10000.00")
                }
            }
        }

        /// Codes that ask for more than a decline: their own words, no money, and the next payment works.
        @Test(arguments: [["01", "02"], ["04", "07", "34", "43"], ["96", "ZZ"]]) func declined(_ codes: [String])
            async throws
        {
            try await Scene.play { scene in
                try await scene.daemon { daemon in
                    for code in codes {
                        scene.shop.host.declineNext(code)
                        let report = try await daemon.pay(.mail(.sale, "code-\(code)", "1.00", scene.typedCard))
                        #expect(report.outcome == .declined && report.reason == code, "\(report)")
                        #expect(report.text?.chinese.isEmpty == false && report.reversal == .none)
                    }
                    try await daemon.approved(.mail(.sale, "good", "1.00", scene.typedCard))
                }
                #expect(scene.shop.host.ledger.openCaptures().count == 1)
            }
        }

        /// The acquirer wants a new sign-in: what was asked is taken back, then it is done, and the next payment works.
        @Test(arguments: ["77", "99", "A0"]) func rejected(code: String) async throws {
            try await Scene.play { scene in
                try await scene.daemon { daemon in
                    try await daemon.approved(.mail(.sale, "before", "1.00", scene.typedCard))
                    switch code {
                    case "A0": scene.shop.host.forgetKeys()
                    case "77": scene.shop.host.open(batch: "000005")
                    default: scene.shop.host.declineNext(code)
                    }
                    let report = try await daemon.pay(.mail(.sale, "rejected", "1.00", scene.typedCard))
                    #expect(report.outcome == .declined && report.reason == code, "\(report)")
                    #expect(report.reversal == .pending)
                    try await daemon.settle()
                    #expect(try await daemon.payment("rejected").reversal == .settled)
                    #expect(try await daemon.status().isSignedIn)
                    let next = try await daemon.approved(.mail(.sale, "next", "1.00", scene.typedCard))
                    if code == "77" { #expect(next.batch == "000005") }
                }
                #expect(scene.shop.host.ledger.openCaptures().count == 2)
            }
        }

        /// The same id for every kind is one payment, also for another process; the numbers find it.
        @Test func askedTwice() async throws {
            try await Scene.play { scene in
                let orders: [PaymentOrder] = [
                    .mail(.sale, "sale", "100.00", scene.typedCard), .follow(.refund, "refund", of: "sale", "10.00"),
                    .mail(.preauthorization, "kept", "50.00", scene.typedCard),
                    .follow(.completionAdvice, "told", of: "kept", "40.00"),
                    .voice("voice", "9.00", scene.typedCard), .follow(.adjustment, "less", of: "voice", "8.00"),
                    .mail(.sale, "other", "20.00", scene.typedCard), .follow(.tip, "tip", of: "other", tip: "2.00"),
                    .mail(.sale, "third", "30.00", scene.typedCard), .follow(.void, "void", of: "third"),
                ]
                let first = try await scene.daemon { daemon in
                    try await daemon.setUpOperators()
                    var reports: [PaymentReport] = []
                    for order in orders {
                        let report = try await daemon.pay(order)
                        #expect(report.outcome == .approved || report.outcome == .stored, "\(report)")
                        try await daemon.settle()
                        reports.append(try await daemon.payment(order.id))
                    }
                    return reports
                }.value
                try await scene.daemon { daemon in
                    let ledger = scene.shop.host.ledger
                    for (order, report) in zip(orders, first ?? []) {
                        let again = try await daemon.pay(order)
                        #expect(again.outcome == report.outcome && again.stan == report.stan)
                        var other = order
                        if other.tip == nil { other.amount = "7.77" } else { other.tip = "7.77" }
                        try await daemon.refused(other, .conflict, "id")
                        let stan = try #require(report.stan)
                        let found: PaymentReport = try await daemon.ask(.get, "/v1/payments?stan=\(stan)")
                        #expect(found.id.rawValue == order.id)
                        guard let rrn = report.rrn else { continue }
                        let byReference: PaymentReport = try await daemon.ask(.get, "/v1/payments?rrn=\(rrn)")
                        #expect(byReference.id.rawValue == order.id)
                    }
                    #expect(scene.shop.host.ledger == ledger)
                    for query in ["stan=999999", "rrn=999999999999", "stan=000001&batch=000077"] {
                        await #expect(throws: Refusal.self) {
                            _ = try await daemon.ask(.get, "/v1/payments?\(query)") as PaymentReport
                        }
                    }
                }
            }
        }
    }
}
