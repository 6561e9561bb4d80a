import Glibc
import SimulatedCards
import SimulatedShop
import Subprocess
import SystemPackage
import Terminal
import Testing
import Wire

extension WholeTerminal {
    /// What is in the daemon's memory stays there (M8). Every scene ends with a search through all it left.
    @Suite struct SecrecyTests {
        /// No core dump, and nobody else may look into the memory, not even a process of the same user.
        @Test func memoryIsClosed() async throws {
            try await Scene.play { scene in
                try await scene.insert()
                try await scene.daemon(launcher: Programs.powerless) { daemon in
                    let report = try await daemon.sale("88.80", id: "memory")
                    #expect(report.outcome == .approved)
                    let limits = try await run("/usr/bin/head", ["-n", "20", "/proc/\(daemon.processID)/limits"])
                    let core = try #require(
                        limits.output.split(separator: "\n").first { $0.hasPrefix("Max core file size") })
                    #expect(core.split(separator: " ").dropFirst(4).prefix(2) == ["0", "0"])
                    #expect(try await Self.isOpen(daemon.processID) == false)
                }
            }
            // The look itself works: a process that hides nothing is open to it.
            let words = Programs.powerless + ["/bin/cat"]
            let other = try await Subprocess.run(
                .path(FilePath(words[0])), arguments: .init(Array(words.dropFirst())), input: .inputWriter,
                output: .discarded,
                error: .discarded
            ) { execution in
                var isOpen = false
                // Until setpriv has become cat.
                for _ in 0..<100 where !isOpen { isOpen = try await Self.isOpen(execution.processIdentifier.value) }
                try await execution.standardInputWriter.finish()
                return isOpen
            }
            #expect(other.closureResult)
        }

        /// Whether a process of the same user without privileges may read the memory of this one.
        private static func isOpen(_ process: Int32) async throws -> Bool {
            let words = Programs.powerless + ["/usr/bin/head", "-c", "1", "/proc/\(process)/maps"]
            let answer = try await run(words[0], Array(words.dropFirst()))
            return answer.code == 0 && !answer.output.isEmpty
        }

        /// The search finds what is there, in every form.
        @Test(arguments: [
            "x6200000000000021y", "PIN=654321;", "36323030303030303030303030303231", #"{"pin":"654321"}"#,
            "6200000000000021=4912201", "06654321FFFFFFFF", "hex 6200000000000021D",
            #"{"cvn2":"321"}"#, "92CV003321", "39324356303033333231",
        ])
        func searchFinds(planted: String) {
            let account = CardLibrary.accounts[1]
            let secrets = Evidence.secrets(of: account, tracks: [], pinKey: nil)
            let evidence = Evidence()
            evidence.add("here", planted)
            #expect(!evidence.found(secrets).isEmpty)
        }

        /// Packed digits are found on either half of a byte, also where the number is almost all zeros; but not zeros alone.
        @Test(arguments: ["6200000000000021", "4000000000000051", "5100000000000032"])
        func searchFindsPacked(number: String) throws {
            let account = try #require(CardLibrary.accounts.first { $0.number == number })
            let secrets = Evidence.secrets(of: account, tracks: [], pinKey: nil)
            for planted in ["AA" + number + "BB", "AAA" + number + "BBB", "7" + number + "F"] {
                let evidence = Evidence()
                evidence.add("here", try Hex.decode(planted))
                #expect(!evidence.found(secrets).isEmpty, "\(planted)")
            }
            let evidence = Evidence()
            evidence.add("here", try Hex.decode("0000100000000000030000" + "0000000000000005AA"))
            #expect(evidence.found(secrets).isEmpty)
        }

        @Test(arguments: ["620000******0021", "A654321B", "hash 0f654321aa", "88.80"])
        func searchLeaves(innocent: String) {
            let evidence = Evidence()
            evidence.add("here", innocent)
            #expect(evidence.found(Evidence.secrets(of: CardLibrary.accounts[1], tracks: [], pinKey: nil)).isEmpty)
        }
    }
}
