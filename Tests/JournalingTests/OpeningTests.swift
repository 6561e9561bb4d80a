import FoundationEssentials
import Payments
import Testing

@testable import Journaling

struct OpeningTests {
    let folder: Folder

    init() throws { folder = try Folder() }

    private func expectRefusal(_ kind: JournalError.Kind, _ detail: String? = nil) throws {
        let before = try folder.contents()
        let error = #expect(throws: JournalError.self) { try folder.open() }
        #expect(error?.kind == kind, "\(String(describing: error))")
        if let detail { #expect(error?.detail.contains(detail) == true, "\(String(describing: error))") }
        #expect(try folder.contents() == before)
    }

    /// Leaves a journal with its log, as a power cut does.
    private func leaveJournal(records: Int = 3) throws {
        let source = try Folder()
        let journal = try source.open()
        for _ in 0..<records { try journal.append(.started(version: "0.1"), at: Sample.time) }
        for (name, bytes) in try source.contents() { try folder.write(bytes, to: name) }
    }

    @Test func aNewJournalIsItsOwnersOnly() throws {
        let journal = try folder.open()
        try journal.append(.started(version: "0.1"), at: Sample.time)
        for name in try folder.contents().keys.sorted() + ["journal.lock"] {
            let attributes = try FileManager.default.attributesOfItem(atPath: "\(folder.path)/\(name)")
            #expect(attributes[.posixPermissions] as? Int == 0o600, "\(name)")
        }
        #expect(try folder.contents().keys.sorted() == ["journal", "journal-wal"])
    }

    /// After a stop nothing hangs on the log: without it, every record is still there.
    @Test func aFoldedJournalNeedsNoLog() throws {
        let source = try Folder()
        let journal = try source.open()
        for _ in 0..<3 { try journal.append(.started(version: "0.1"), at: Sample.time) }
        try journal.fold()
        #expect(try source.read("journal-wal").isEmpty)
        try folder.write(try source.read("journal"))
        #expect(try folder.open().count == 3)
        try journal.append(.started(version: "0.1"), at: Sample.time)
        #expect(journal.count == 4)
    }

    @Test(arguments: [0, 1, 99, 100, 4096, 10_000])
    func refusesPlainFiles(count: Int) throws {
        try folder.write([UInt8](repeating: 0x41, count: count))
        try expectRefusal(.foreign)
    }

    @Test func refusesAFolder() throws {
        try FileManager.default.createDirectory(atPath: folder.journal, withIntermediateDirectories: false)
        let error = #expect(throws: JournalError.self) { try folder.open() }
        #expect(error?.kind == .foreign)
    }

    @Test(arguments: ["DELETE", "WAL"])
    func refusesAnotherProgramsDatabase(mode: String) throws {
        try folder.write([])
        var database: Database? = try Database(path: folder.journal)
        try database?.run("PRAGMA journal_mode = \(mode)")
        try database?.run("CREATE TABLE recipes (name TEXT)")
        try database?.run("INSERT INTO recipes VALUES ('soup')")
        database = nil
        try expectRefusal(.foreign, "application id 0")
    }

    @Test func refusesALaterVersionAlsoWhenOnlyTheLogTells() throws {
        try leaveJournal()
        try folder.tamper("PRAGMA user_version = 3")
        try expectRefusal(.newerVersion, "version 3")
        try folder.tamper("PRAGMA user_version = 2")
        let database = try Database(path: folder.journal)
        try database.run("PRAGMA user_version = 4")
        let copy = try folder.copy()
        let error = #expect(throws: JournalError.self) { try copy.open() }
        #expect(error?.kind == .newerVersion)
    }

    @Test func refusesAFileOutOfWriteAheadMode() throws {
        try leaveJournal()
        try folder.tamper("PRAGMA journal_mode = DELETE")
        try expectRefusal(.damaged)
    }

    @Test func refusesARollbackJournalBesideIt() throws {
        try leaveJournal()
        try folder.write([1, 2, 3], to: "journal-journal")
        try expectRefusal(.damaged)
    }

    @Test func refusesALogWithoutItsJournal() throws {
        try leaveJournal()
        try FileManager.default.removeItem(atPath: folder.journal)
        try expectRefusal(.damaged)
    }

    @Test(arguments: [0o640, 0o604, 0o660, 0o644, 0o601])
    func refusesAFileThatOthersMayUse(mode: Int) throws {
        try leaveJournal()
        try folder.setMode(mode)
        try expectRefusal(.permissions)
    }

    @Test func refusesAnotherKey() throws {
        try leaveJournal()
        let before = try folder.contents()
        for key in [SecretBytes([UInt8](repeating: 7, count: 32)), SecretBytes([1, 2, 3])] {
            let error = #expect(throws: JournalError.self) { try folder.open(key) }
            #expect(error?.kind == .wrongKey)
        }
        #expect(try folder.contents() == before)
    }

    /// Every page in turn, in a closed journal: refused, or opened without having looked there and found by `verify`.
    @Test func findsEveryBrokenPage() throws {
        do {
            let journal = try folder.open()
            for index in 1...100 { try journal.append(try Sample.sale("R\(index)", stan: index), at: Sample.time) }
            try journal.append([.accepted(try Sample.request("X")), .signedIn(batch: .first)], at: Sample.time)
        }
        let sound = try folder.read("journal")
        #expect(sound.count > 40 * 4096)
        for page in 0..<sound.count / 4096 {
            var broken = sound
            for offset in (page == 0 ? 100 : page * 4096)..<page * 4096 + 4096 { broken[offset] ^= 0x55 }
            try folder.write(broken)
            let error = #expect(throws: JournalError.self, "page \(page + 1)") { try folder.open().verify() }
            #expect(error?.kind == .damaged, "page \(page + 1): \(String(describing: error))")
        }
    }

    @Test(arguments: [1, 2, 3, 4])
    func refusesAFileCutShort(quarter: Int) throws {
        do {
            let journal = try folder.open()
            for index in 1...30 { try journal.append(try Sample.sale("R\(index)", stan: index), at: Sample.time) }
        }
        let sound = try folder.read("journal")
        try folder.write(sound.prefix(sound.count / 4 * quarter - 1))
        try expectRefusal(.damaged)
    }

    @Test func refusesASecondOpenerAndNamesTheFirst() throws {
        let journal = try folder.open()
        let error = #expect(throws: JournalError.self) { try folder.open() }
        #expect(error?.kind == .inUse)
        #expect(error?.detail.contains("process \(ProcessInfo.processInfo.processIdentifier)") == true)
        try journal.append(.started(version: "0.1"), at: Sample.time)
        try journal.verify()
    }

    @Test func opensAgainAfterTheFirstOpenerClosed() throws {
        for count in 0..<3 {
            let journal = try folder.open()
            #expect(journal.count == count)
            try journal.append(.started(version: "0.1"), at: Sample.time)
        }
    }

    @Test func refusesWhatAnotherProgramHasOpen() throws {
        try leaveJournal()
        let other = try Database(path: folder.journal)
        try other.run("PRAGMA locking_mode = EXCLUSIVE")
        try other.run("BEGIN IMMEDIATE")
        let error = #expect(throws: JournalError.self) { try folder.open() }
        #expect(error?.kind == .inUse)
    }

    @Test func tellsOfAMissingFolder() throws {
        let error = #expect(throws: JournalError.self) {
            try Journal(path: "\(folder.path)/none/journal", key: Sample.key)
        }
        #expect(error?.kind == .notFound)
    }

    @Test func leftoversOfAnInterruptedCreationDoNotMatter() throws {
        try folder.write([1, 2, 3], to: "journal.new")
        try folder.write([1, 2, 3], to: "journal.new-wal")
        let journal = try folder.open()
        try journal.append(.started(version: "0.1"), at: Sample.time)
        #expect(try folder.contents().keys.sorted() == ["journal", "journal-wal"])
    }
}
