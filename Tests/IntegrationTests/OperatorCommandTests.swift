import Control
import FoundationEssentials
import Payments
import SimulatedShop
import Terminal
import Testing

extension WholeTerminal {
    /// Operators by the technician's tool: every command, what is refused, what is in the journal, what is nowhere.
    @Suite struct OperatorCommandTests {
        private static let administrator = "864209"
        private static let supervisor = "753197"
        private static let cashier = "918273"
        private static let wrong = "192837"

        @Test func aShopGetsItsOperators() async throws {
            try await Scene.play { scene in
                try await scene.insert()
                try await scene.daemon { daemon in
                    // A new shop sells without operators, and says how to get some.
                    #expect(try await daemon.sale("88.80", id: "before").outcome == .approved)
                    let none = try await Self.operators(scene, ["list"])
                    #expect(none.code == 0 && none.output.contains("tenderctl operators add 00"))
                    try await Self.ask(scene, ["add", "01"], [Self.cashier, Self.cashier], "operators add 00")

                    try await Self.ask(scene, ["add", "99"], [Self.administrator, Self.administrator])
                    try await Self.ask(scene, ["add", "00"], [Self.administrator, Self.supervisor, Self.supervisor])
                    try await Self.ask(scene, ["add", "01"], [Self.supervisor, Self.cashier, Self.cashier])
                    try await Self.ask(scene, ["sign-on", "01"], [Self.cashier])
                    try await Self.ask(scene, ["pin", "01"], [Self.cashier, Self.wrong, Self.wrong])
                    try await Self.ask(
                        scene, ["pin", "01", "--by", "00"], [Self.supervisor, Self.cashier, Self.cashier])
                    try await Self.ask(scene, ["remove", "99"], [Self.supervisor], "may not change")
                    try await Self.ask(
                        scene, ["remove", "99", "--by", "99"], [Self.administrator], "cannot be removed")
                    try await Self.ask(scene, ["remove", "05"], [Self.supervisor], "no operator 05")
                    for left in [4, 3, 2, 1] {
                        try await Self.ask(scene, ["sign-on", "01"], [Self.wrong], "\(left) more")
                    }
                    return true
                }
                // Another day: the count has stayed.
                try await scene.daemon { daemon in
                    try await Self.ask(scene, ["sign-on", "01"], [Self.wrong], "is locked")
                    try await Self.ask(scene, ["sign-on", "01"], [Self.cashier], "is locked")
                    let list: OperatorList = try await daemon.ask(.get, "/v1/operators")
                    #expect(list.operators.map(\.isLocked) == [false, true, false] && list.signedOn == nil)
                    try await Self.ask(scene, ["unlock", "01"], [Self.supervisor])
                    try await Self.ask(scene, ["sign-on", "01"], [Self.cashier])
                    try await Self.ask(scene, ["sign-off"], [])
                    try await Self.ask(scene, ["remove", "01"], [Self.supervisor])
                    let words = try await Self.operators(scene, ["list"])
                    #expect(words.output == "00  supervisor\n99  administrator\n")
                    let rows: [JournalRow] = try await daemon.ask(.get, "/v1/journal?limit=1000")
                    #expect(
                        rows.filter { $0.kind == "operatorActed" }.map(\.summary) == [
                            "set-up: added 99", "99: added 00", "00: added 01", "01: signed on",
                            "01: changed the PIN of 01", "00: changed the PIN of 01", "01: wrong PIN, number 1",
                            "01: wrong PIN, number 2", "01: wrong PIN, number 3", "01: wrong PIN, number 4",
                            "01: wrong PIN, locked", "00: unlocked 01", "01: signed on", "01: signed off",
                            "00: removed 01",
                        ])
                    return true
                }
                for pin in [Self.administrator, Self.supervisor, Self.cashier, Self.wrong] {
                    let secret = Evidence.Secret(name: "an operator's PIN", bytes: Array(pin.utf8), standsAlone: true)
                    for place in scene.evidence.found([secret]) { Issue.record("\(place)") }
                }
                let hash = Evidence.Secret(name: "a PIN's hash", bytes: Array("scrypt$".utf8))
                #expect(scene.evidence.found([hash]).isEmpty)
            }
        }

        @Test(arguments: [
            (["add", "00"], "123\n123\n"), (["add", "00"], "1234\n1235\n"), (["add", "00"], "12345678901234\n"),
            (["add", "00"], "12ab\n12ab\n"), (["add", "00"], ""), (["add", "0"], "1234\n1234\n"),
            (["add", "ab"], "1234\n1234\n"),
        ])
        func whatIsNoPINOrNumberIsNotSent(arguments: [String], input: String) async throws {
            try await Scene.play { scene in
                try await scene.daemon { daemon in
                    let answer = try await Self.operators(scene, arguments, input)
                    #expect(answer.code == 64)
                    #expect(!answer.complaint.contains("1234"))
                    let list: OperatorList = try await daemon.ask(.get, "/v1/operators")
                    #expect(list.operators.isEmpty)
                    return true
                }
            }
        }

        /// A file of another terminal, or one that somebody has changed.
        @Test func aForeignFileIsRefused() async throws {
            try await Scene.play { scene in
                try await scene.daemon { try await $0.setUpOperators() }
                let file = "\(scene.folder)/operators"
                var contents = try #require(FileManager.default.contents(atPath: file))
                contents[contents.count - 1] ^= 1
                try contents.write(to: URL(filePath: file))
                try await scene.refuses("files.operators", file, "changed, or sealed under another")
                #expect(FileManager.default.contents(atPath: file) == contents)
            }
        }

        private static func operators(
            _ scene: Scene, _ arguments: [String], _ input: String = ""
        ) async throws -> Answer {
            let words = ["operators"] + arguments
            let answer = try await tenderctl(words + ["--socket", scene.shop.controlSocket], input: input)
            scene.evidence.add(words.joined(separator: " "), answer.output + answer.complaint)
            return answer
        }

        private static func ask(
            _ scene: Scene, _ arguments: [String], _ typed: [String], _ refusal: String? = nil,
            _ location: SourceLocation = #_sourceLocation
        ) async throws {
            let answer = try await operators(scene, arguments, typed.map { $0 + "\n" }.joined())
            #expect(answer.code == (refusal == nil ? 0 : 4), "\(answer)", sourceLocation: location)
            if let refusal {
                #expect(answer.complaint.contains(refusal), "\(answer)", sourceLocation: location)
            }
        }
    }
}
