import Foundation
import Payments
import Testing

@testable import Journaling

struct ExportTests {
    let folder: Folder
    let journal: Journal

    init() throws {
        folder = try Folder()
        journal = try folder.open()
    }

    private struct Line: Decodable {
        let sequence: Int
        let time: LocalDateTime
        let hash: String
        let record: Record
    }

    @Test func isOneLineOfJSONForEachRecord() throws {
        try journal.write(try Sample.sale("R\"1\\", stan: 1) + [.started(version: "a\nb")])
        let lines = try journal.lines(limit: 99)
        let read = try lines.map { try JSONDecoder().decode(Line.self, from: Data($0.json.utf8)) }
        let entries = try journal.entries(limit: 99)
        #expect(read.map(\.sequence) == entries.map(\.sequence))
        #expect(read.map(\.record) == entries.map(\.record))
        #expect(read.map(\.time) == entries.map(\.time))
        #expect(read.last?.hash == entries.last?.hash.map { String(format: "%02X", $0) }.joined())
        #expect(lines.allSatisfy { !$0.json.contains("\n") })
        #expect(try journal.lines(after: 1, limit: 2).map(\.sequence) == [2, 3])
        #expect(try journal.lines(after: 4, limit: 2).isEmpty)
        #expect(try journal.lines(after: -1, limit: -1).isEmpty)
        // No account number, whole or packed (M8).
        #expect(lines.allSatisfy { !$0.json.contains(Sample.digits) })
    }

    @Test func beginsAfterWhatIsPruned() throws {
        try journal.write(try Sample.sale("A", stan: 1) + (try Sample.settlement(1, stan: 2)))
        try journal.write(try Sample.settlement(2, stan: 1))
        #expect(try journal.prune(before: .latest, at: .latest) == 7)
        #expect(try journal.lines(limit: 99).map(\.sequence) == [8, 9, 10, 11, 12])
    }

    @Test func stopsAtABrokenChain() throws {
        for index in 1...40 { try journal.write(try Sample.sale("R\(index)", stan: index)) }
        let copy = try folder.copy()
        try copy.tamper("UPDATE record SET payload = replace(payload, '8880', '8881') WHERE sequence = 4")
        let tampered = try copy.open()
        #expect(try tampered.lines(limit: 3).count == 3)
        let error = #expect(throws: JournalError.self) { try tampered.lines(after: 3, limit: 1) }
        #expect(error?.detail.contains("record 4 ") == true)
    }
}

/// The check of a file that no daemon has open.
struct OfflineVerificationTests {
    let folder: Folder
    let scratch: Folder

    init() throws {
        folder = try Folder()
        scratch = try Folder()
    }

    private func verify(_ key: SecretBytes = Sample.key) throws -> [UInt8] {
        try Journal.verify(fileAt: folder.journal, key: key, scratch: scratch.path)
    }

    /// Leaves a journal with its log, as a power cut does.
    private func leaveJournal() throws -> [UInt8] {
        let source = try Folder()
        let journal = try source.open()
        for index in 1...40 { try journal.write(try Sample.sale("R\(index)", stan: index)) }
        for (name, bytes) in try source.contents() { try folder.write(bytes, to: name) }
        return try #require(try journal.entry(120)?.hash)
    }

    private func expectRefusal(_ kind: JournalError.Kind, _ key: SecretBytes = Sample.key) throws {
        let error = #expect(throws: JournalError.self) { try verify(key) }
        #expect(error?.kind == kind, "\(String(describing: error))")
        #expect(error?.path == folder.journal)
        #expect(try scratch.contents().isEmpty)
    }

    @Test func changesNothingAndLeavesNothing() throws {
        let last = try leaveJournal()
        let before = try folder.contents()
        #expect(try verify() == last)
        #expect(try folder.contents() == before)
        #expect(try scratch.contents().isEmpty)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).allSatisfy { !$0.hasSuffix(".lock") })
    }

    @Test func findsWhatWasChanged() throws {
        _ = try leaveJournal()
        try folder.tamper("UPDATE record SET pan = NULL WHERE sequence = 8")
        try expectRefusal(.damaged)
    }

    @Test func refusesWhatIsNoJournalOfItsKey() throws {
        try expectRefusal(.notFound)
        try folder.write([UInt8](repeating: 0x41, count: 5000))
        try expectRefusal(.foreign)
        _ = try leaveJournal()
        try expectRefusal(.wrongKey, SecretBytes([UInt8](repeating: 1, count: 32)))
        try folder.setMode(0o644)
        try expectRefusal(.permissions)
    }

    @Test func refusesWhatADaemonHasOpen() throws {
        let journal = try folder.open()
        try expectRefusal(.inUse)
        try journal.append(.started(version: "1"), at: Sample.time)
    }

    @Test func tellsOfAMissingScratchFolder() throws {
        _ = try leaveJournal()
        let error = #expect(throws: JournalError.self) {
            try Journal.verify(fileAt: folder.journal, key: Sample.key, scratch: "\(scratch.path)/none")
        }
        #expect(error?.kind == .notFound)
    }
}
