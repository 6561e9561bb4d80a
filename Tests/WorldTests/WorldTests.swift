import Foundation
import Journaling
import Payments
import Testing
import World

@Suite struct WorldTests {
    /// Two thousand worlds, in eight parts.
    @Test(arguments: 0..<8) func `no promise about money is broken`(part: Int) throws {
        let first = UInt64(1 + part * 250)
        for seed in first..<first + 250 {
            let result = try World.run(Script(seed: seed, payments: 4))
            #expect(result.violation == nil, "seed \(seed): \(result.violation?.description ?? "")")
        }
    }

    @Test func `whole days keep them too`() throws {
        for seed in UInt64(100_001)...100_040 {
            let result = try World.run(Script(seed: seed, payments: 40))
            #expect(result.violation == nil, "seed \(seed): \(result.violation?.description ?? "")")
        }
    }

    @Test("every canary is caught", arguments: Canary.allCases) func canaries(canary: Canary) throws {
        let caught = try (UInt64(1)...1_000).first {
            try World.run(Script(seed: $0, payments: 8), canary: canary).violation != nil
        }
        #expect(caught != nil)
    }

    @Test(arguments: [UInt64(2), 7, 4_711]) func `the same seed is the same world`(seed: UInt64) throws {
        let script = Script(seed: seed, payments: 12)
        let once = try World.run(script, isTraced: true).trace
        #expect(once.count > 50)
        #expect(try World.run(Script(seed: seed, payments: 12), isTraced: true).trace == once)
    }

    /// A world of today must be the same tomorrow, and on another machine.
    @Test func `a seed's world stands as it was written`() throws {
        let fixture = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures/seed-36.txt")
        let trace = try World.run(Script(seed: 36, payments: 4), isTraced: true).trace.joined(separator: "\n") + "\n"
        if ProcessInfo.processInfo.environment["TENDER_RECORD"] != nil {
            try trace.write(to: fixture, atomically: true, encoding: .utf8)
        }
        #expect(try String(contentsOf: fixture, encoding: .utf8) == trace)
    }

    /// The model journal takes, refuses and answers as the real one does.
    @Test func `on the real journal the same worlds go the same way`() throws {
        for seed in UInt64(1)...24 {
            let folder = FileManager.default.temporaryDirectory.appending(path: "world-\(UUID().uuidString)")
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
            defer { try? FileManager.default.removeItem(at: folder) }
            let script = Script(seed: seed, payments: 8)
            let journal = try Journal(
                path: folder.appending(path: "journal").path(percentEncoded: false),
                key: SecretBytes([UInt8](repeating: 7, count: 32)))
            let real = try World.run(script, journal: journal, isTraced: true)
            try journal.verify()
            #expect(real.trace == (try World.run(script, isTraced: true).trace), "seed \(seed)")
        }
    }

    @Test func `a broken promise is shown with no more troubles than it needs`() throws {
        let seed = try #require(
            try (UInt64(1)...1_000).first {
                try World.run(Script(seed: $0, payments: 8), canary: .reversalDropped).violation != nil
            })
        let script = Script(seed: seed, payments: 8)
        let shrunk = try script.shrunk(canary: .reversalDropped)
        #expect(shrunk.troubles.count <= script.troubles.count)
        #expect(!shrunk.troubles.isEmpty)
        #expect(try World.run(shrunk, canary: .reversalDropped).violation != nil)
        #expect(try World.run(shrunk).violation == nil)
    }
}
