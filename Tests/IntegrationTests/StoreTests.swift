import Control
import Engine
import Payments
import SimulatedAcquirer
import SimulatedCards
import SimulatedShop
import SystemDriver
import Terminal
import Testing
import Wire

extension WholeTerminal {
    /// Store and forward: what is taken without the acquirer reaches it once, in order, whatever happens to the line (M5).
    @Suite struct StoreTests {
        private static func takesAll(_ settings: inout ShopConfiguration) {
            settings.store.takesOffline = true
            settings.store.defers = true
            settings.floorLimit = 10_000
            settings.replyMilliseconds = 700
        }

        /// An offline approval and a deferred sale wait while the line is cut, paused or not, and reach the acquirer once
        /// although replies are lost.
        @Test func lineCut() async throws {
            try await Scene.play(Self.takesAll) { scene in
                let tap = Tap(scene.shop.faults)
                try await scene.daemon { daemon in
                    _ = try await daemon.ask(.post, "/v1/sign-in") as TerminalStatus
                    scene.shop.faults.ask(.connectionRefused)
                    try await scene.insert("offline")
                    let offline = try await daemon.sale("30.00", id: "offline")
                    #expect(offline.outcome == .stored && offline.reason == "offline", "\(offline)")
                    try await scene.insert("static")
                    let deferred = try await daemon.sale("150.00", id: "deferred")
                    #expect(deferred.outcome == .stored && deferred.reason == "deferred", "\(deferred)")
                    // Its issuer must see a PIN, which is not kept: neither offline nor later.
                    try await scene.insert("online-only")
                    let impossible = try await daemon.sale("20.00", id: "impossible")
                    #expect(
                        impossible.outcome == .failed && impossible.reason == "acquirerUnreachable", "\(impossible)")
                    #expect(scene.shop.host.ledger.entries.isEmpty)

                    let queue: QueueReport = try await daemon.ask(.post, "/v1/queue/pause")
                    #expect(queue.isPaused && queue.count == 2 && queue.amount == "180.00")
                    #expect(queue.waiting.map(\.id.rawValue) == ["offline", "deferred"])
                    scene.shop.faults.withdraw(.connectionRefused)
                    // Payments go on; what is stored is held back.
                    try await daemon.approved(.mail(.sale, "online", "1.00", scene.typedCard))
                    #expect(try await daemon.status().stored == 2)
                    #expect(scene.shop.host.ledger.entries.count == 1)

                    // The first reply is lost, and the one to the deferred sale.
                    tap.clear()
                    scene.ask(.noReply)
                    await #expect(throws: Refusal.self) {
                        _ = try await daemon.ask(.post, "/v1/queue/send") as QueueReport
                    }
                    scene.shop.faults.ask(.closeBeforeReply) { frame in
                        Scene.isMessage(frame, 0x0200) && scene.shop.host.ledger.entries.count == 2
                            && tap.messages.count > 2
                    }
                    await #expect(throws: Refusal.self) {
                        _ = try await daemon.ask(.post, "/v1/queue/send") as QueueReport
                    }
                    let sent: QueueReport = try await daemon.ask(.post, "/v1/queue/send")
                    #expect(sent.count == 0 && sent.isPaused)
                    let resumed: QueueReport = try await daemon.ask(.post, "/v1/queue/resume")
                    #expect(!resumed.isPaused)
                    #expect(tap.messages == [0x0200, 0x0200, 0x0200, 0x0400, 0x0200])
                    #expect(try await daemon.payment("offline").stored == .accepted)
                    let later = try await daemon.payment("deferred")
                    #expect(later.stored == .accepted && later.stan != deferred.stan && later.reversal == .none)
                    #expect(scene.captured(try await daemon.payment("offline")) == 3_000)
                    #expect(scene.captured(later) == 15_000)
                }
                #expect(scene.shop.host.ledger.openCaptures().count == 3)
            }
        }

        /// What is stored goes out by itself once the line is back, also after another start, and twice is once.
        @Test(arguments: [Fault.duplicateRequest, .noReply, .duplicateReply, .closeBeforeReply, .corruptReply])
        func drains(_ fault: Fault) async throws {
            try await Scene.play({ $0.replyMilliseconds = 300 }) { scene in
                try scene.store(5, at: SystemClock().localTime())
                scene.shop.faults.ask(fault, times: 2) { Scene.isMessage($0, 0x0220) }
                try await scene.daemon { daemon in
                    try await daemon.settle()
                    for index in 0..<5 { #expect(try await daemon.payment("stored-\(index)").stored == .accepted) }
                }
                let entries = scene.shop.host.ledger.entries
                #expect(entries.map(\.key.stan) == ["000001", "000002", "000003", "000004", "000005"])
                #expect(entries.allSatisfy { $0.state == .approved })
            }
        }

        /// A full queue is told before the card is asked for anything.
        @Test(arguments: ["perPayment", "perCard", "perDay", "total"]) func limits(_ limit: String) async throws {
            try await Scene.play({ settings in
                Self.takesAll(&settings)
                let one = Tally(count: 1, amount: 100_000)
                switch limit {
                case "perPayment": settings.store.perPayment = 2_999
                case "perCard": settings.store.perCard = one
                case "perDay": settings.store.perDay = one
                default: settings.store.total = one
                }
            }) { scene in
                scene.shop.faults.ask(.connectionRefused)
                try await scene.daemon { daemon in
                    if limit != "perPayment" {
                        try await scene.insert("offline")
                        let fits = try await daemon.sale("10.00", id: "fits")
                        #expect(fits.outcome == .stored, "\(fits)")
                    }
                    try await scene.insert("offline")
                    scene.card.count()
                    let full = try await daemon.sale("30.00", id: "full")
                    #expect(full.outcome == .failed && full.reason == "queueFull", "\(full)")
                    if limit != "perCard" { #expect(scene.card.commands == 0) }
                    #expect(full.stan == nil && full.detail?.isEmpty == false)
                    scene.shop.faults.withdraw(.connectionRefused)
                    if limit != "perPayment" { _ = try await daemon.ask(.post, "/v1/queue/send") as QueueReport }
                    try await scene.insert("offline")
                    #expect(try await daemon.sale("30.00", id: "again").outcome != .failed)
                    try await daemon.settle()
                }
            }
        }

        /// What the acquirer refuses is on the list, with the reason, until a supervisor takes it off.
        @Test func deadList() async throws {
            try await Scene.play { scene in
                try await scene.daemon { daemon in
                    try await daemon.setUpOperators()
                    scene.shop.host.declineNext("05")
                    _ = try await daemon.pay(.voice("dead", "40.00", scene.typedCard))
                    try await daemon.settle()
                    #expect(try await daemon.payment("dead").stored == .refused)
                    let queue: QueueReport = try await daemon.ask(.get, "/v1/queue")
                    #expect(queue.count == 0 && queue.refused.map(\.id.rawValue) == ["dead"])
                    #expect(queue.refused.first?.refusal?.hasPrefix("05") == true)
                    try await daemon.approved(.mail(.sale, "next", "1.00", scene.typedCard))
                    let totals: TotalsReport = try await daemon.ask(.get, "/v1/totals")
                    #expect(totals.domestic.debit.isAll(1, "1.00"))
                    #expect(try await daemon.resolve("dead").stored == .resolved)
                    let empty: QueueReport = try await daemon.ask(.get, "/v1/queue")
                    #expect(empty.refused.isEmpty)
                    await #expect(throws: Refusal.self) { _ = try await daemon.resolve("dead") }
                    await #expect(throws: Refusal.self) { _ = try await daemon.resolve("nobody") }
                }
            }
        }

        /// What waits for too long is an alarm, in the log and in the report.
        @Test func growsOld() async throws {
            let clock = SystemClock()
            try await Scene.play { scene in
                try scene.store(1, at: clock.localTime().advanced(seconds: -25 * 3_600))
                scene.shop.faults.ask(.connectionRefused)
                let (_, end) = try await scene.daemon { daemon in
                    let queue: QueueReport = try await daemon.ask(.get, "/v1/queue")
                    #expect(queue.isOverdue && queue.count == 1)
                    scene.shop.faults.withdraw(.connectionRefused)
                    let sent: QueueReport = try await daemon.ask(.post, "/v1/queue/send")
                    #expect(!sent.isOverdue && sent.oldest == nil)
                }
                #expect(end.log.contains("stored payments grow old"))
            }
        }

        /// While two hundred go out, a payment waits for one of them at most.
        @Test func paymentGoesFirst() async throws {
            try await Scene.play { scene in
                try scene.store(200, at: SystemClock().localTime())
                scene.shop.faults.ask(.lateReply, times: 200, milliseconds: 5) { Scene.isMessage($0, 0x0220) }
                try await scene.daemon { daemon in
                    for round in 1...3 {
                        try await daemon.until { scene.shop.host.ledger.entries.count >= 20 * round }
                        let before = scene.shop.host.ledger.entries.count
                        try await daemon.approved(.mail(.sale, "now-\(round)", "1.00", scene.typedCard))
                        let entries = scene.shop.host.ledger.entries
                        let behind = try #require(entries.lastIndex { $0.kind == .sale }) - before
                        #expect(behind <= 2, "it waited for \(behind) messages")
                        #expect(try await daemon.status().stored > 0, "the queue was empty before")
                    }
                    try await daemon.settle()
                }
                #expect(scene.shop.host.ledger.openCaptures().count == 203)
            }
        }

        /// The issuer's script runs on the card, and what came of it is told before the next payment.
        @Test func scriptResult() async throws {
            try await Scene.play { scene in
                try await scene.daemon { daemon in
                    scene.shop.host.sendScript([.unblockPIN, .setUpperOfflineLimit(7)])
                    try await scene.insert("unionpay-debit")
                    let tap = Tap(scene.shop.faults)
                    let sale = try await daemon.approved(.counter(.sale, "scripted", "10.00"))
                    try await daemon.approved(.mail(.sale, "next", "1.00", scene.typedCard))
                    let messages = tap.messages
                    #expect(messages.filter { $0 == 0x0620 }.count == 1, "\(messages)")
                    #expect(messages.last == 0x0200)
                    let key = try #require(scene.entry(sale)?.key)
                    let result = try #require(scene.shop.host.ledger.scriptResults[key])
                    #expect(result.first == 0x20, "\(result)")
                    let rows: [JournalRow] = try await daemon.ask(.get, "/v1/journal?limit=1000")
                    #expect(rows.contains { $0.kind == "scriptAnswered" && $0.summary == "00" })
                    // One that declines brings a script as well.
                    scene.shop.host.sendScript([.setLowerOfflineLimit(1)], template: 0x71)
                    scene.shop.host.declineNext("51")
                    try await scene.insert("unionpay-credit")
                    #expect(try await daemon.sale("10.00", id: "declined").outcome == .declined)
                    try await daemon.until { scene.shop.host.ledger.scriptResults.count == 2 }
                }
            }
        }
    }
}
