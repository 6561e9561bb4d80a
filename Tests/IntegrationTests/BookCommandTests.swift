import Control
import FoundationEssentials
import Payments
import SimulatedAcquirer
import SimulatedCards
import SimulatedShop
import Terminal
import Testing

extension WholeTerminal {
    /// Settlement, session, queue and journal by the technician's tool.
    @Suite struct BookCommandTests {
        private static let supervisor = "246810\n"
        private static let card = CardLibrary.accounts[1]
        private static let typed = "\(card.number)\n\(card.expiry)\n\(card.cvn2)\n"

        @Test func aBatchIsClosed() async throws {
            try await Scene.play { scene in
                try await scene.daemon { daemon in
                    try await daemon.setUpOperators()
                    try await scene.says(["status"], "settlement: none yet", "queue: empty")
                    try await scene.says(["mail-order", "88.80", "--id", "m1"], input: Self.typed, "approved")
                    try await scene.says(["mail-order", "11.20", "--id", "m2"], input: Self.typed, "approved")
                    try await scene.says(["void", "m2"], input: Self.supervisor, "approved")
                    try await scene.says(
                        ["totals"], "batch 000001, so far",
                        "UnionPay cards: 2 payments, 100.00 CNY; 1 given back, 11.20 CNY",
                        "other cards: 0 payments, 0.00 CNY; 0 given back, 0.00 CNY")
                    let totals = try await scene.tenderctl(["totals", "--json"]).json(TotalsReport.self)
                    #expect(totals.domestic.debit.amount == "100.00" && totals.currency == "CNY")

                    try await scene.refuses(["settle"], "111111\n", "wrong PIN")
                    try await scene.refuses(["settle", "--supervisor", "99"], "975310\n", "may not do this (settle)")
                    try await scene.says(
                        ["settle"], input: Self.supervisor, "batch 000001: closed on", "the acquirer's totals agree",
                        "asked for by operator 00")
                    try await scene.says(["settlement"], "batch 000001: closed on", "1 given back, 11.20 CNY")
                    let settlement = try await scene.tenderctl(["settlement", "--json"]).json(SettlementReport.self)
                    #expect(settlement.batch == "000001" && settlement.settled != nil && settlement.totals == totals)
                    try await scene.says(["status"], "settlement: the last on", "batch 000002")
                    try await scene.says(["totals"], "batch 000002", "0 payments")
                    try await scene.says(
                        ["payment", "--stan", "000002", "--batch", "000001"], "m1: approved 88.80 CNY")
                }
            }
        }

        @Test func totalsThatDiffer() async throws {
            try await Scene.play { scene in
                try await scene.daemon { daemon in
                    try await daemon.setUpOperators()
                    try await scene.says(["mail-order", "5.00"], input: Self.typed, "approved")
                    scene.shop.faults.ask(.differingTotals)
                    try await scene.says(
                        ["settle"], input: Self.supervisor, "the acquirer's totals differ (UnionPay cards",
                        "messages uploaded:")
                }
            }
        }

        @Test func theSession() async throws {
            try await Scene.play { scene in
                var offer = Downloads()
                offer.blacklist = [Array("166200000000000021".utf8)]
                scene.shop.host.offer(offer)
                try await scene.daemon { _ in
                    try await scene.says(["sign-in"], "\nsigned in, batch 000001")
                    try await scene.says(["echo"], "the acquirer answered after")
                    try await scene.says(["download", "blacklist"], "blacklist: 1 entries are in force")
                    try await scene.says(["sign-off"], "not signed in")
                    scene.shop.faults.ask(.connectionRefused)
                    for arguments in [["sign-in"], ["echo"], ["sign-off"], ["download", "applications"]] {
                        try await scene.refuses(arguments, "", "connection refused", "could not do it now. Try again")
                    }
                    try await scene.says(["status"], "acquirer unreachable: connection refused")
                    scene.shop.faults.withdraw(.connectionRefused)
                }
            }
        }

        /// Through the daemon and from the file: the same records, the same verdict; a turned bit is found.
        @Test func theJournal() async throws {
            try await Scene.play(audited: false) { scene in
                let file = ["--file", "\(scene.folder)/journal.db", "--config", scene.shop.configurationFile]
                let (exported, _) = try await scene.daemon { _ in
                    try await scene.says(["mail-order", "88.80", "--id", "m1"], input: Self.typed, "approved")
                    try await scene.says(["journal", "verify"], "every record is as it was written")
                    try await scene.refuses(["journal", "verify"] + file, "", code: 3, "inUse")
                    let records = try await scene.tenderctl(["status", "--json"]).json(TerminalStatus.self).records
                    let export = try await scene.tenderctl(["journal", "export"])
                    #expect(export.code == 0 && export.output.split(separator: "\n").count == records)
                    #expect(export.output.contains("620000******0021"))
                    #expect(!export.output.contains(Self.card.number))
                    let tail = try await scene.tenderctl(["journal", "export", "--after", "\(records - 1)"])
                    #expect(export.output.hasSuffix(tail.output))
                    return export.output
                }
                let journal = try #require(FileManager.default.contents(atPath: "\(scene.folder)/journal.db"))
                try await scene.says(["journal", "verify"] + file, "every record is as it was written")
                let verdict = try await scene.tenderctl(["journal", "verify", "--json"] + file)
                #expect(try verdict.json(JournalVerification.self).damage == nil)
                let again = try await scene.tenderctl(["journal", "export"] + file)
                #expect(again.code == 0 && again.output == exported)
                #expect(FileManager.default.contents(atPath: "\(scene.folder)/journal.db") == journal)

                var damaged = journal
                let amount = try #require(
                    damaged.firstRange(of: Data("88.80".utf8)) ?? damaged.firstRange(of: Data("8880".utf8)))
                damaged[amount.lowerBound] ^= 1
                try damaged.write(to: URL(filePath: "\(scene.folder)/journal.db"))
                let found = try await scene.tenderctl(["journal", "verify"] + file)
                #expect(found.code == 3, "\(found)")
                try await scene.refuses(
                    ["journal", "verify", "--file", "/nowhere", "--config", scene.shop.configurationFile], "", code: 3,
                    "notFound")
                try await scene.refuses(
                    ["journal", "export", "--file", "/nowhere", "--config", "/nowhere"], "", code: 78, "/nowhere")
            }
        }
    }
}
