import FoundationEssentials
import SimulatedCards
import SimulatedShop
import Testing

extension WholeTerminal {
    /// `tenderctl card` and `tenderctl inspect` of values: the programs, and cards through the real pcscd.
    @Suite struct CardToolTests {
        @Test(arguments: [
            ("tvr", "8000048000", "未进行脱机数据认证"), ("tsi", "E800", "已进行脱机数据认证"), ("aip", "7C00", "DDA supported"),
            ("auc", "FF00", "Valid at ATMs"), ("cid", "80", "ARQC"), ("cvm", "020300", "联机验证加密 PIN"),
            ("cvm", "000000000000000042031F00", "rule 2"), ("iad", "07010103A0B00001", "UnionPay"),
        ])
        func valuesAreExplained(kind: String, hex: String, words: String) async throws {
            let text = try await tenderctl(["inspect", kind, hex])
            #expect(text.code == 0)
            #expect(text.output.contains(words), "\(text.output)")
            let json = try await tenderctl(["inspect", kind, "-", "--json"], input: hex)
            #expect(json.code == 0)
            #expect(try json.json(Value.self).value == hex)
            for wrong in ["", "0", "XX", "00000000000000000000000000"] {
                let refused = try await tenderctl(["inspect", kind, "--", wrong])
                #expect(refused.code == 65, "\(kind) \(wrong)")
                #expect(refused.output.isEmpty && !refused.complaint.isEmpty)
            }
        }

        private struct Value: Decodable { let value: String }

        /// Beside the reader's own program, with nothing of a daemon running.
        private static func options(_ scene: Scene) throws -> [String] {
            ["--config", scene.shop.configurationFile, "--seconds", "15"]
        }

        @Test(
            .enabled(if: Programs.isPrivate, "no private pcscd"),
            arguments: ["unionpay-debit", "unionpay-credit", "static"])
        func aCardIsRead(name: String) async throws {
            try await Scene.play(audited: false) { scene in
                try await scene.insert(name)
                let text = try await tenderctl(["card", "read"] + Self.options(scene))
                scene.evidence.add("card read", text.output + text.complaint)
                #expect(text.code == 0, "\(text.complaint)")
                for words in [
                    "ATR", "application", "label", "accepted here", "ATC", "ODA", "succeeded", "CA key F0", "rule 1",
                    "Application Usage Control", "SDA supported", "No cryptogram was asked for",
                ] {
                    // One that signs only with the cryptogram shows good certificates.
                    guard words != "succeeded" || name != "unionpay-credit" else { continue }
                    #expect(text.output.contains(words), "\(words) is missing in\n\(text.output)")
                }
                let json = try await tenderctl(["card", "read", "--json"] + Self.options(scene))
                scene.evidence.add("card read --json", json.output)
                let report = try json.json(Report.self)
                let application = try #require(report.applications.first)
                #expect(application.accepted && application.failure.isEmpty)
                #expect(application.oda?.keyIndex == "F0" && application.oda?.detail == "")
                // Read twice: each time the application was opened once.
                #expect(application.atc == 2)
            }
        }

        private struct Report: Decodable {
            struct Application: Decodable {
                struct ODA: Decodable {
                    let result: String
                    let keyIndex: String?
                    let detail: String
                }
                let aid: String
                let accepted: Bool
                let failure: String
                let atc: Int?
                let oda: ODA?
            }
            let applications: [Application]
        }

        @Test(
            .enabled(if: Programs.isPrivate, "no private pcscd"),
            arguments: ["unionpay-debit", "unionpay-credit", "offline"])
        func aTraceIsReplayed(name: String) async throws {
            try await Scene.play({ $0.floorLimit = 100_000 }, audited: false) { scene in
                try await scene.insert(name)
                let file = scene.folder + "-trace"
                defer { try? FileManager.default.removeItem(atPath: file) }
                let trace = try await tenderctl(
                    ["card", "trace", file, "--amount", "12.34", "--reveal"] + Self.options(scene))
                #expect(trace.code == 0, "\(trace.complaint)")
                #expect(
                    trace.complaint.contains("declinedOffline")
                        && trace.complaint.contains("Nothing went to an acquirer"))
                let recorded = String(decoding: try Data(contentsOf: URL(filePath: file)), as: UTF8.self)
                #expect(recorded.hasPrefix("# REVEALED"))
                let mode = try FileManager.default.attributesOfItem(atPath: file)[.posixPermissions] as? Int
                #expect(mode == 0o600)
                let replay = try await tenderctl(["card", "replay", file])
                scene.evidence.add("card replay", replay.output + replay.complaint)
                #expect(replay.code == 0, "\(replay.output)")
                for words in [
                    "declinedOffline", "AAC", "TVR", "TSI", "CVM result", "ODA", "field 55", "commands are equal",
                ] {
                    #expect(replay.output.contains(words), "\(words) is missing in\n\(replay.output)")
                }
                // Another amount: the terminal tells the card something else.
                let other = try await tenderctl(["card", "replay", file, "--terminal", #"{"amount":1235}"#, "--json"])
                #expect(other.code == 2)
                #expect(other.output.contains(#""equal":false"#))
                let changed = recorded.replacing("C: 80AE", with: "C: 80AF")
                let differing = try await tenderctl(["card", "replay", "-"], input: changed)
                scene.evidence.add("card replay, changed", differing.output)
                #expect(differing.code == 2)
                #expect(differing.output.contains("^ first difference, at byte 2"))

                let masked = try await tenderctl(["card", "trace", "--amount", "12.34"] + Self.options(scene))
                scene.evidence.add("card trace", masked.output + masked.complaint)
                #expect(masked.output.hasPrefix("# Masked"))
            }
        }

        @Test(.enabled(if: Programs.isPrivate, "no private pcscd"))
        func aTappedCardIsReadAndTraced() async throws {
            try await Scene.play(taps: true, audited: false) { scene in
                let name = try #require(CardLibrary.all.first { $0.name.contains("quickpass") }?.name)
                let options = try ["--contactless"] + Self.options(scene)
                #expect(try scene.shop.tap(name))
                let read = try await tenderctl(["card", "read"] + options)
                scene.evidence.add("card read --contactless", read.output)
                #expect(read.code == 0, "\(read.complaint)")
                #expect(read.output.contains("contactless") && read.output.contains("accepted here"))
                let trace = try await tenderctl(["card", "trace", "--reveal"] + options)
                #expect(trace.code == 0, "\(trace.complaint)")
                let replay = try await tenderctl(["card", "replay", "-"], input: trace.output)
                #expect(replay.code == 0, "\(replay.output)")
            }
        }

        @Test(.enabled(if: Programs.isPrivate, "no private pcscd"))
        func whatCannotBeReadIsSaid() async throws {
            try await Scene.play(audited: false) { scene in
                let config = ["--config", scene.shop.configurationFile]
                let nobody = try await tenderctl(["card", "read", "--seconds", "1"] + config)
                #expect(nobody.code == 3 && nobody.complaint.contains("no card within 1 s"), "\(nobody.complaint)")
                let absent = try await tenderctl(
                    ["card", "read", "--reader", "No Such Reader", "--seconds", "5"] + config)
                #expect(absent.code == 3 && absent.complaint.contains("no reader"), "\(absent.complaint)")
                try await scene.insert("unionpay-debit+removed@5")
                let removed = try await tenderctl(["card", "read"] + Self.options(scene))
                #expect(removed.code == 3 && removed.output.contains("the card was taken away"))
                try await scene.insert("blocked-card")
                let blocked = try await tenderctl(["card", "read"] + Self.options(scene))
                #expect(blocked.code == 0 && blocked.output.contains("the card is blocked"))
            }
        }

        @Test func wrongFilesAreRefused() async throws {
            for (arguments, input, words) in [
                (["/nowhere"], "", "cannot be read"), (["-"], "C: 00A40400\nR: 90\n", "line 2"),
                (["-", "--terminal", #"{"amout":1}"#], "C: 00A40400\n", "amout: unknown key"),
                (["-", "--terminal", "/nowhere"], "", "cannot be read"),
                (["-"], "# terminal: {\"stan\":0}\n", "stan"),
            ] {
                let answer = try await tenderctl(["card", "replay"] + arguments, input: input)
                #expect(answer.code == 65, "\(arguments)")
                #expect(answer.output.isEmpty && answer.complaint.contains(words), "\(answer.complaint)")
            }
            let missing = try await tenderctl(["card", "read", "--config", "/nowhere"])
            #expect(missing.code == 78)
            #expect(try await tenderctl(["card", "read", "--seconds", "0"]).code == 64)
        }
    }
}
