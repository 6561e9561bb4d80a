import Control
import FoundationEssentials
import PaymentCryptography
import Payments
import SimulatedAcquirer
import SimulatedDevices
import SimulatedShop
import Terminal
import Testing
import Wire

extension WholeTerminal {
    /// The technician's tool, every command of it, with its JSON and its exit codes.
    @Suite struct TenderctlTests {
        @Test func everyCommandOfADay() async throws {
            try await Scene.play { scene in
                try await scene.insert()
                try await scene.daemon { daemon in
                    func ctl(_ arguments: [String]) async throws -> Answer { try await scene.tenderctl(arguments) }

                    let sale = try await ctl(["sale", "88.80", "--id", "day-1", "--json"])
                    #expect(sale.code == 0)
                    let report = try sale.json(PaymentReport.self)
                    #expect(report.outcome == .approved)
                    try await scene.receipts(2)
                    // Asked again, in words.
                    let again = try await ctl(["sale", "88.80", "--id", "day-1"])
                    #expect(again.code == 0)
                    #expect(again.output.contains("day-1: approved 88.80 CNY"))
                    let other = try await ctl(["sale", "88.81", "--id", "day-1", "--json"])
                    #expect(other.code == 4)
                    #expect(try other.json(Refusal.self).kind == .conflict)
                    #expect(scene.shop.host.ledger.entries.count == 1)

                    let payment = try await ctl(["payment", "day-1", "--json"])
                    #expect(payment.code == 0)
                    #expect(try payment.json(PaymentReport.self).withoutReceipt == report)
                    let unknown = try await ctl(["payment", "nobody"])
                    #expect(unknown.code == 4)
                    #expect(unknown.output.isEmpty && unknown.complaint.contains("nothing was charged"))

                    let status = try await ctl(["status", "--json"])
                    #expect(status.code == 0)
                    let found = try status.json(TerminalStatus.self)
                    #expect(found.mode == "simulation" && found.isSignedIn && found.openReversals.isEmpty)
                    #expect(found.devices.map(\.role) == ["reader", "PIN pad", "printer"])
                    #expect(found.devices.allSatisfy { $0.isReady }, "\(found.devices)")
                    #expect(try await ctl(["status"]).output.contains(ShopConfiguration.merchant))

                    let list = try await ctl(["journal", "list", "--json"])
                    #expect(list.code == 0)
                    let rows = try list.json([JournalRow].self)
                    #expect(rows.map(\.sequence) == Array(1...rows.count))
                    #expect(rows.count == found.records)
                    let some = try await ctl(["journal", "list", "--after", "2", "--limit", "1", "--json"])
                    #expect(try some.json([JournalRow].self) == [rows[2]])
                    let last = try #require(rows.last)
                    #expect(last.kind == "finished" && last.id == "day-1")
                    for arguments in [
                        ["journal", "show", "\(last.sequence)"], ["journal", "show", "\(last.sequence)", "--json"],
                    ] {
                        let show = try await ctl(arguments)
                        #expect(show.code == 0)
                        #expect(show.output.contains(last.hash) && show.output.contains(report.rrn ?? "no RRN"))
                    }
                    #expect(try await ctl(["journal", "show", "999"]).code == 4)

                    for copy in ["merchant", "customer"] {
                        let text = try await ctl(["receipt", "show", "day-1", "--copy", copy])
                        #expect(text.code == 0)
                        #expect(text.output.contains("88.80") && text.output.contains("模拟便利店"))
                        let json = try await ctl(["receipt", "show", "day-1", "--copy", copy, "--json"])
                        #expect(try json.json([String: String].self)["text"]?.contains("88.80") == true)
                    }
                    #expect(try await ctl(["receipt", "show", "nobody"]).code == 4)
                    let printed = try await ctl(["receipt", "print", "day-1", "--json"])
                    #expect(printed.code == 0)
                    #expect(try printed.json(PaymentReport.self).withoutReceipt == report)
                    try await scene.receipts(4)

                    let signIn = try await ctl(["sign-in", "--json"])
                    #expect(signIn.code == 0)
                    #expect(try signIn.json(TerminalStatus.self).isSignedIn)
                    #expect(try await ctl(["cancel"]).code == 4)
                    #expect(try await ctl(["sale", "12.345"]).code == 4)
                    #expect(try await ctl(["sale"]).code == 64)
                    #expect(try await ctl(["sale", "1.00", "--currency", "USD"]).code == 4)
                }
                let away = try await scene.tenderctl(["status"])
                #expect(away.code == 69)
                #expect(away.complaint.contains("Is it running"))
            }
        }

        /// Declined 1, cancelled 2, failed 3.
        @Test func exitCodes() async throws {
            try await Scene.play({ $0.cardSeconds = 1 }) { scene in
                try await scene.daemon { daemon in
                    let failed = try await scene.tenderctl(["sale", "1.00", "--id", "failed", "--json"])
                    #expect(failed.code == 3)
                    #expect(try failed.json(PaymentReport.self).reason == "noCard")
                    #expect(try await scene.tenderctl(["payment", "failed"]).code == 3)

                    scene.shop.host.declineNext("51")
                    try await scene.insert()
                    let declined = try await scene.tenderctl(["sale", "1.00", "--id", "declined"])
                    #expect(declined.code == 1)
                    #expect(declined.output.contains("declined"))

                    scene.customer(does: .hangs)
                    try await scene.insert()
                    let (started, source) = AsyncStream.makeStream(of: Void.self)
                    async let step: Void = daemon.followSteps(started: { source.yield() }) {
                        $0.step != .applicationSelected
                    }
                    _ = await started.first { true }
                    async let sale = scene.tenderctl(["sale", "1.00", "--id", "cancelled"])
                    try await step
                    let cancel = try await scene.tenderctl(["cancel", "cancelled", "--json"])
                    #expect(cancel.code == 0)
                    #expect(try cancel.json(PaymentReport.self).id.rawValue == "cancelled")
                    let cancelled = try await sale
                    #expect(cancelled.code == 2)
                    #expect(cancelled.output.contains("cancelled"))
                }
            }
        }

        /// The master key enters in components and is told by its check value alone.
        @Test(arguments: [2, 3]) func keys(components: Int) async throws {
            try await Scene.play { scene in
                let file = ["--config", scene.shop.configurationFile]
                try FileManager.default.removeItem(atPath: "\(scene.folder)/keys.json")
                let before = try await tenderctl(["keys", "status", "--json"] + file)
                #expect(before.code == 0)
                #expect(try before.json(KeyStatus.self).masterKey == nil)

                var parts = try (1..<components).map { _ in try RandomBytes.make(16) }
                let key = TestKeys.terminalMasterKey.withBytes { Array($0) }
                parts.append(parts.reduce(key) { sum, part in zip(sum, part).map { $0 ^ $1 } })
                let typed = parts.map { Hex.encode($0) }
                let value = Hex.encode(try CipherKey(TestKeys.terminalMasterKey).checkValue())
                let input = typed.joined(separator: "\n") + "\n"
                let load = try await tenderctl(["keys", "load", "--components", "\(components)"] + file, input: input)
                #expect(load.code == 0, "\(load.complaint)")
                #expect(load.output.split(separator: "\n").count == components + 1)
                #expect(load.output.contains(value))
                for part in typed { #expect(!load.output.contains(part) && !load.complaint.contains(part)) }

                let status = try await tenderctl(["keys", "status", "--json"] + file)
                #expect(try status.json(KeyStatus.self).masterKey?.checkValue == value)
                #expect(try status.json(KeyStatus.self).isPublishedTestKey)
                let words = try await tenderctl(["keys", "status"] + file)
                #expect(words.code == 0 && words.output.contains(value))
                scene.evidence.add("keys status", words.output + status.output)

                try await scene.insert()
                let (running, _) = try await scene.daemon { daemon in
                    let report = try await daemon.sale("88.80", id: "loaded")
                    #expect(report.outcome == .approved)
                    return try await tenderctl(["keys", "load"] + file, input: input)
                }
                #expect(running?.code == 4)
                #expect(running?.complaint.contains("tenderd is running") == true)
                let after = try await tenderctl(["keys", "status", "--json"] + file)
                #expect(try after.json(KeyStatus.self).macKey != nil)
            }
        }

        @Test(arguments: ["zz", "00112233", String(repeating: "0", count: 32), ""])
        func wrongComponent(typed: String) async throws {
            try await Scene.play { scene in
                let keys = try Data(contentsOf: URL(filePath: "\(scene.folder)/keys.json"))
                let load = try await tenderctl(
                    ["keys", "load", "--config", scene.shop.configurationFile], input: "\(typed)\n\(typed)\n")
                #expect(load.code != 0)
                #expect(typed.isEmpty || !load.complaint.contains(typed))
                #expect(try Data(contentsOf: URL(filePath: "\(scene.folder)/keys.json")) == keys)
            }
        }

        static let signIn =
            "003C600003000060310031130508000020000000C0001200000131323334353637383132333435363738393031323334350011"
            + "0000000700300003303120"

        /// The technician's page has every command there is.
        @Test func everyCommandIsExplained() async throws {
            struct Help: Decodable {
                struct Command: Decodable {
                    let commandName: String
                    let subcommands: [Command]?
                }
                let command: Command
            }
            let help = try await run(Programs.tenderctl, ["--experimental-dump-help"]).json(Help.self)
            let commands = try #require(help.command.subcommands).map(\.commandName)
            #expect(commands.contains("sale") && commands.contains("settle"))
            let page = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../docs/technician.md")
            let text = String(decoding: try Data(contentsOf: page), as: UTF8.self)
            for name in commands where name != "help" {
                #expect(text.contains("`\(name)") || text.contains("`tenderctl \(name)"), "\(name)")
            }
        }

        /// The decoders need no daemon.
        @Test func inspect() async throws {
            let message = try await tenderctl(["inspect", "iso8583", Self.signIn, "--json"])
            #expect(message.code == 0)
            #expect(message.output.contains(#""tpdu":"6000030000""#) && message.output.contains(#""mti":"0800""#))
            #expect(message.output.contains(#""41":"12345678""#))
            let encoded = try await tenderctl(["inspect", "iso8583", "--encode", "-"], input: message.output)
            #expect(encoded.code == 0)
            #expect(encoded.output == Self.signIn + "\n")
            let bare = try await tenderctl(
                ["inspect", "iso8583", "--bare", "-", "--json"], input: String(Self.signIn.dropFirst(26)))
            #expect(bare.code == 0 && !bare.output.contains("tpdu"))
            #expect(try await tenderctl(["inspect", "iso8583", Self.signIn]).output.contains("0800"))

            for arguments in [
                ["inspect", "tlv", "5A086200000000000013"], ["inspect", "field55", "00115A086200000000000013"],
            ] {
                let masked = try await tenderctl(arguments)
                #expect(masked.code == (arguments[1] == "tlv" ? 0 : masked.code))
                #expect(!masked.output.contains("6200000000000013"))
            }
            let revealed = try await tenderctl(["inspect", "tlv", "5A086200000000000013", "--reveal", "--json"])
            #expect(revealed.output.contains("6200000000000013"))
            #expect(try await tenderctl(["inspect", "field55", "95050000008000", "--json"]).code == 0)
            #expect(
                try await tenderctl(["inspect", "apdu", "00A404000E315041592E5359532E4444463031", "--json"]).code == 0)
            for arguments in [
                ["iso8583", "00"], ["tlv", "5A"], ["apdu", "0"], ["field55", "XX"],
                ["iso8583", "--encode", "/nowhere"],
            ] {
                let wrong = try await tenderctl(["inspect"] + arguments)
                #expect(wrong.code == 65, "\(arguments)")
                #expect(wrong.output.isEmpty && !wrong.complaint.isEmpty)
            }
        }
    }
}

extension Scene {
    /// Runs tenderctl on this scene's daemon, and keeps what it says for the search for secrets.
    func tenderctl(_ arguments: [String], input: String = "") async throws -> Answer {
        let answer = try await run(
            Programs.tenderctl, arguments + ["--socket", shop.controlSocket], input: input)
        evidence.add("tenderctl \(arguments.joined(separator: " "))", answer.output + answer.complaint)
        return answer
    }
}
