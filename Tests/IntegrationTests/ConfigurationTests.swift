import FoundationEssentials
import Glibc
import PaymentCryptography
import Payments
import SimulatedShop
import SystemDriver
import Terminal
import Testing

extension WholeTerminal {
    /// What a wrong configuration gets: exit code 78, one line that says where and why, and nothing started.
    @Suite struct ConfigurationTests {
        struct Mistake: CustomTestStringConvertible, Sendable {
            let testDescription: String
            /// This text of the file…
            let right: String
            /// …becomes that.
            let wrong: String
            /// What the line must name.
            let path: String
            let reason: String

            init(_ name: String, _ right: String, _ wrong: String, _ path: String, _ reason: String) {
                testDescription = name
                self.right = right
                self.wrong = wrong
                self.path = path
                self.reason = reason
            }
        }

        static let mistakes = [
            Mistake("unknown key at the top", #""mode""#, #""colour": 1, "mode""#, "colour", "not known"),
            Mistake("unknown key inside", #""ca":"#, #""cafe": "x", "ca":"#, "acquirer.tls.cafe", "not known"),
            Mistake(
                "number as a text", #""cardSeconds": 20"#, #""cardSeconds": "20""#, "waits.cardSeconds", "whole number"),
            Mistake("text as a number", #""journal": "journal.db""#, #""journal": 7"#, "files.journal", "a text"),
            Mistake("out of range", #""cardSeconds": 20"#, #""cardSeconds": 0"#, "waits.cardSeconds", "1 to 600"),
            Mistake("missing key", #""journal": "journal.db","#, "", "files.journal", "missing"),
            Mistake("missing file", "ca.pem", "nowhere.pem", "acquirer.tls.ca", "no such file"),
            Mistake("wrong length", ShopConfiguration.terminal, "1234567", "terminal.number", "must be 8"),
            Mistake("no hexadecimal", #""aid": "A000"#, #""aid": "ZZZZ"#, "emv.applications[0].aid", "hexadecimal"),
            Mistake("unknown mode", "simulation", "demonstration", "mode", ""),
            Mistake("no JSON", "{", "", "", "no JSON"),
            Mistake("simulated pad with live money", "simulation", "live", "", "simulat"),
        ]

        @Test(arguments: mistakes) func mistake(_ mistake: Mistake) async throws {
            try await Scene.play { scene in
                try scene.edit(mistake.right, mistake.wrong)
                try await scene.refuses("tender.json", mistake.path, mistake.reason)
                #expect(access("\(scene.folder)/journal.db", F_OK) != 0, "a journal was made")
                // tenderctl says the same.
                let check = try await tenderctl(["config", "check", scene.shop.configurationFile])
                #expect(check.code == 78)
                #expect(check.complaint.contains(mistake.reason), "\(check.complaint)")
                let json = try await tenderctl(["config", "check", scene.shop.configurationFile, "--json"])
                #expect(json.code == 78)
                #expect(try json.json([String: String].self)["path"] == (check.path(in: scene)))
            }
        }

        @Test func noConfiguration() async throws {
            try await Scene.play { scene in
                unlink(scene.shop.configurationFile)
                try await scene.refuses("no such file")
            }
        }

        @Test func worldReadablePrivateKey() async throws {
            try await Scene.play { scene in
                chmod("\(scene.folder)/terminal-key.pem", 0o644)
                try await scene.refuses("acquirer.tls.key", "chmod 600")
            }
        }

        @Test func worldReadableKeyEncryptionKey() async throws {
            try await Scene.play(audited: false) { scene in
                chmod("\(scene.folder)/kek", 0o644)
                try await scene.refuses("files.keyEncryptionKey")
                chmod("\(scene.folder)/kek", 0o600)
            }
        }

        /// The card reader is real, no PIN pad: only the master key speaks against it.
        @Test func publishedKeyWithLiveMoney() async throws {
            try await Scene.play { scene in
                try scene.goLive()
                try await scene.refuses("files.keys", "published test key")
            }
        }

        @Test func simulatedReaderWithLiveMoney() async throws {
            try await Scene.play({ $0 = ShopConfiguration(reader: .vpcd(port: 0)) }) { scene in
                try scene.goLive()
                try await scene.refuses("reader: vpcd is a simulated reader")
            }
        }

        @Test func ownKeyInSimulation() async throws {
            try await Scene.play { scene in
                let other = try CipherKey(RandomBytes.secret(16))
                try scene.keys().load(masterKey: other, at: SystemClock().localTime())
                try await scene.refuses("files.keys", "published test key")
            }
        }

        @Test func noMasterKey() async throws {
            try await Scene.play { scene in
                unlink("\(scene.folder)/keys.json")
                try await scene.refuses("tenderctl keys load")
            }
        }

        @Test func damagedKeyFile() async throws {
            try await Scene.play(audited: false) { scene in
                let damaged = Data("{\"version\": 1, \"master\": 3}".utf8)
                try damaged.write(to: URL(filePath: "\(scene.folder)/keys.json"))
                chmod("\(scene.folder)/keys.json", 0o600)
                try await scene.refuses("files.keys")
                #expect(FileManager.default.contents(atPath: "\(scene.folder)/keys.json") == damaged)
            }
        }

        @Test func good() async throws {
            try await Scene.play { scene in
                let check = try await tenderctl(["config", "check", scene.shop.configurationFile, "--json"])
                #expect(check.code == 0)
                #expect(try check.json([String: Bool].self) == ["ok": true])
            }
        }
    }
}

extension Answer {
    /// The path that a complaint names: `tenderctl: FILE: PATH: REASON`, empty where only a reason follows.
    fileprivate func path(in scene: Scene) -> String {
        let rest = complaint.split(separator: "tender.json: ", maxSplits: 1).last ?? ""
        guard let colon = rest.firstRange(of: ": ") else { return "" }
        return String(rest[..<colon.lowerBound])
    }
}

extension Scene {
    /// Replaces the first `right` in the configuration file.
    func edit(_ right: String, _ wrong: String) throws {
        let file = URL(filePath: shop.configurationFile)
        var text = String(decoding: try Data(contentsOf: file), as: UTF8.self)
        let range = try #require(text.firstRange(of: right), "\(right) is not in the configuration")
        text.replaceSubrange(range, with: wrong)
        try Data(text.utf8).write(to: file)
    }

    /// A live terminal with a real reader and no PIN pad.
    func goLive() throws {
        var settings = shop.configuration
        settings.pinPadPort = nil
        try shop.write(settings)
        try edit(#""mode": "simulation""#, #""mode": "live""#)
    }

    func keys() throws -> KeyStore {
        try KeyStore(path: "\(folder)/keys.json", keyEncryptionKey: try FileKeyEncryptionKey(path: "\(folder)/kek"))
    }
}
