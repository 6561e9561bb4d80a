import Control
import Engine
import ISO8583
import Payments
import SimulatedAcquirer
import SimulatedCards
import SimulatedShop
import SystemDriver
import Terminal
import Testing

extension WholeTerminal {
    /// The batch is closed with totals that both sides agree on in the end (M6, M7).
    @Suite struct SettlementTests {
        /// A few payments of every kind that counts: two sales by chip, one of them approved offline.
        private static func fill(_ scene: Scene, _ daemon: Daemon) async throws {
            try await daemon.setUpOperators()
            try await scene.insert("unionpay-debit")
            try await daemon.approved(.counter(.sale, "chip", "10.00"))
            try await scene.insert("offline")
            #expect(try await daemon.pay(.counter(.offlineSale, "offline", "20.00")).outcome == .stored)
            try await daemon.approved(.mail(.sale, "mail", "30.00", scene.typedCard))
            try await daemon.approved(.mail(.sale, "gone", "40.00", scene.typedCard))
            try await daemon.approved(.follow(.void, "void", of: "gone"))
            try await daemon.approved(.follow(.refund, "back", of: "chip", "4.00"))
            #expect(try await daemon.pay(.voice("voice", "50.00", scene.typedCard)).outcome == .stored)
            #expect(try await daemon.pay(.follow(.adjustment, "less", of: "voice", "45.00")).outcome == .stored)
            #expect(try await daemon.pay(.follow(.tip, "tip", of: "mail", tip: "3.00")).outcome == .stored)
        }

        private static func takesOffline(_ settings: inout ShopConfiguration) {
            settings.store.takesOffline = true
            settings.floorLimit = 10_000
        }

        private static let totals = Totals(
            domestic: .init(debit: Tally(count: 5, amount: 14_800), credit: Tally(count: 2, amount: 4_400)))

        @Test func agreed() async throws {
            try await Scene.play(Self.takesOffline) { scene in
                try await scene.daemon { daemon in
                    try await Self.fill(scene, daemon)
                    // No payment while it goes on.
                    scene.shop.faults.ask(.lateReply) { Scene.isMessage($0, 0x0500) }
                    async let closing = daemon.closeBatch()
                    try await daemon.until { scene.shop.faults.lateReplies == 1 }
                    #expect(try await daemon.status().isSettling)
                    try await daemon.refused(.mail(.sale, "meanwhile", "1.00", scene.typedCard), .busy, nil, "settled")
                    scene.shop.faults.releaseLateReplies()
                    let report = try await closing
                    #expect(
                        report.comparison?.agrees == true && report.settled != nil && report.refused.isEmpty,
                        "\(report)")
                    #expect(report.totals == TotalsReport(Self.totals, of: .first, .cny), "\(report.totals)")
                    #expect(report.supervisor == "00")

                    let batch = try #require(
                        scene.shop.host.ledger.batch("000001", terminal: ShopConfiguration.terminal))
                    #expect(batch.isSettled && batch.differences.isEmpty)
                    #expect(batch.uploads.filter { $0.step == .certificate }.count == 1, "\(batch.uploads)")
                    let status = try await daemon.status()
                    #expect(status.batch == "000002" && scene.shop.host.batch == "000002" && !status.isSettling)
                    try await daemon.refused(
                        .follow(.tip, "late", of: "mail", tip: "1.00"), .conflict, "original", "000001")
                    try await daemon.approved(.follow(.refund, "later", of: "mail", "1.00"))
                    let second = try await daemon.closeBatch()
                    #expect(second.batch == "000002" && second.comparison?.agrees == true)
                    // An empty one too.
                    #expect(try await daemon.closeBatch().batch == "000003")
                }
            }
        }

        /// What the host has lost is uploaded, what it alone has is given back, and both sides come to the same.
        @Test func differences() async throws {
            try await Scene.play(Self.takesOffline) { scene in
                try await scene.daemon { daemon in
                    try await Self.fill(scene, daemon)
                    try await daemon.settle()
                    for id in ["mail", "offline"] {
                        let key = try #require(scene.entry(try await daemon.payment(id))?.key)
                        scene.shop.host.lose(key)
                    }
                    let report = try await daemon.closeBatch()
                    #expect(report.comparison?.agrees == false && report.settled != nil, "\(report)")
                    #expect(report.refused.isEmpty, "\(report.refused)")
                    let ledger = scene.shop.host.ledger
                    let batch = try #require(ledger.batch("000001", terminal: ShopConfiguration.terminal))
                    #expect(batch.isSettled && !batch.differences.isEmpty, "\(batch.differences)")
                    #expect(
                        batch.totals.domestic.debitAmount == 14_800 && batch.totals.domestic.debitCount == 5,
                        "\(batch.totals) \(batch.differences)")
                    #expect(
                        batch.totals.domestic.creditAmount == 4_400 && batch.totals.domestic.creditCount == 2,
                        "\(batch.totals)")
                    try await daemon.approved(.mail(.sale, "next", "1.00", scene.typedCard))
                }
            }
        }

        /// Three thousand payments of all kinds and both classes of cards; the acquirer has lost some of them and has one
        /// that the terminal does not know. In the end both sides come to the same.
        @Test func threeThousand() async throws {
            try await Scene.play { scene in
                let lost = try await scene.open(journal: "\(scene.folder)/journal.db") { journal in
                    var batch = try await LargeBatch(scene, journal)
                    for round in 0..<200 {
                        let account = round % 2 == 0 ? CardLibrary.accounts[1] : CardLibrary.foreign
                        _ = scene.types(account)
                        try await batch.add(account, round: round)
                    }
                    try await batch.addUnknown(CardLibrary.accounts[1])
                    #expect(batch.count == 3_000)
                    return batch.alone.enumerated().filter { $0.offset % 17 < 2 }.map(\.element)
                }
                for key in lost { scene.shop.host.lose(key) }
                #expect(lost.count == 24)
                try await scene.daemon(isWatched: false) { daemon in
                    try await daemon.setUpOperators()
                    let report = try await daemon.closeBatch()
                    #expect(report.settled != nil && report.comparison?.agrees == false)
                    #expect(report.refused.isEmpty, "\(report.refused)")
                    // Each side of each class as the terminal counted it.
                    let side = Totals.Sides(
                        debit: Tally(count: 700, amount: 500_000), credit: Tally(count: 300, amount: 120_000))
                    #expect(
                        report.totals == TotalsReport(Totals(domestic: side, foreign: side), of: .first, .cny),
                        "\(report.totals)")
                    let batch = try #require(
                        scene.shop.host.ledger.batch("000001", terminal: ShopConfiguration.terminal))
                    #expect(batch.isSettled && batch.differences.count == 25, "\(batch.differences.count)")
                    for part in [batch.totals.domestic, batch.totals.foreign] {
                        #expect((part.debitCount, part.debitAmount) == (700, 500_000), "\(part)")
                        #expect((part.creditCount, part.creditAmount) == (300, 120_000), "\(part)")
                    }
                    try await daemon.approved(.mail(.sale, "next", "1.00", scene.typedCard))
                }
            }
        }

        /// At its time, and when the machine was off then, as soon as it is on; never before.
        @Test(arguments: [true, false]) func byItself(isDue: Bool) async throws {
            let now = SystemClock().localTime()
            let minute = now.advanced(seconds: isDue ? -120 : 7_200)
            func digits(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
            try await Scene.play({ $0.settleAt = "\(digits(minute.hour)):\(digits(minute.minute))" }) { scene in
                try scene.store(3, at: now.advanced(seconds: isDue ? -80_000 : -60))
                try await scene.daemon { daemon in
                    try await daemon.settle()
                    if isDue { try await daemon.until { try await daemon.status().batch == "000002" } }
                    #expect(try await daemon.status().batch == (isDue ? "000002" : "000001"))
                    guard isDue else { return }
                    let report: SettlementReport = try await daemon.ask(.get, "/v1/settlement")
                    #expect(report.supervisor == nil && report.comparison?.agrees == true, "\(report)")
                    let debit = report.totals.domestic.debit
                    #expect(debit.count == 3 && debit.amount == "3.00")
                    try await daemon.approved(.mail(.sale, "next", "1.00", scene.typedCard))
                }
            }
        }

        /// A line that dies in the middle of an upload: it goes on with the message it had come to.
        @Test(arguments: [Fault.noReply, .closeBeforeReply, .noRequest, .corruptReply, .duplicateRequest])
        func lineDies(_ fault: Fault) async throws {
            try await Scene.play({ $0.replyMilliseconds = 300 }) { scene in
                try await scene.daemon { daemon in
                    try await daemon.setUpOperators()
                    try await daemon.approved(.mail(.sale, "sale", "10.00", scene.typedCard))
                    try await daemon.approved(.follow(.refund, "back", of: "sale", "4.00"))
                    _ = try await daemon.pay(.voice("voice", "50.00", scene.typedCard))
                    try await daemon.settle()
                    scene.shop.faults.ask(.differingTotals)
                    let tap = Tap(scene.shop.faults)
                    for place in 1...4 {
                        scene.shop.faults.ask(fault) { _ in
                            tap.messages.filter { $0 == 0x0500 || $0 == 0x0320 }.count == place * 2
                        }
                    }
                    do { _ = try await daemon.closeBatch() } catch is Refusal {}
                    try await daemon.settle()
                    let report: SettlementReport = try await daemon.ask(.get, "/v1/settlement")
                    #expect(report.settled != nil && report.refused.isEmpty, "\(report)")
                    #expect(try await daemon.status().batch == "000002")
                    try await daemon.approved(.mail(.sale, "next", "1.00", scene.typedCard))
                }
                let batch = scene.shop.host.ledger.batch("000001", terminal: ShopConfiguration.terminal)
                #expect(batch?.isSettled == true && batch?.differences.isEmpty == true)
            }
        }
    }
}
