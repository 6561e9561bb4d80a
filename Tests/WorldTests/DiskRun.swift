import Payments
import Synchronization
import Testing
import World

@testable import Journaling

/// The real journal on a disk that fails, and an auditor who remembers what the journal said.
struct DiskRun {
    let disk: FaultyDisk
    private var journal: Journal?
    /// What the journal said is durable.
    private(set) var told: [Record] = []
    /// What may be there or not: the power went while it was written, or the journal said so.
    private var doubtful: [Record] = []
    /// How often a call failed.
    private(set) var errors: [JournalError] = []
    private let name: String

    private static let key = SecretBytes([UInt8](repeating: 7, count: 32))

    init(_ disk: FaultyDisk, _ name: String) {
        self.disk = disk
        self.name = name
    }

    /// Goes through `history`, each step until it has succeeded once.
    mutating func run(_ history: [DiskHistory.Step]) throws {
        for step in history {
            let count = told.count
            var attempts = 0
            while !(try perform(step, from: count)) {
                attempts += 1
                if attempts == 3 {
                    disk.heal()
                    disk.cutPower()
                }
                if !disk.isInUse { start() }
                try #require(attempts < 6, "\(name): \(step) does not succeed: \(errors)")
            }
        }
        disk.heal()
        disk.cutPower()
        start()
        try #require(try open(), "\(name): \(errors)")
        #expect(try journal?.entries(limit: .max).map(\.record) == told, "\(name)")
        try journal?.append(.started(version: "2"), at: DiskHistory.time)
        try journal?.verify()
    }

    /// Whether it succeeded; an append also does if it is found to have.
    private mutating func perform(_ step: DiskHistory.Step, from count: Int) throws -> Bool {
        guard try open(), let journal else { return false }
        do throws(JournalError) {
            switch step {
            case .append(let records):
                if told.count > count { return true }
                doubtful = records
                try journal.append(records, pan: PAN(DiskHistory.pan), at: DiskHistory.time)
                doubtful = []
                told += records
            case .fold: try journal.fold()
            case .reopen: self.journal = nil
            case .cutPower: disk.cutPower()
            case .kill: disk.kill()
            }
            return true
        } catch {
            note(error)
            // What it said has changed nothing has not.
            if disk.isInUse, error.kind != .inDoubt { doubtful = [] }
            #expect(journal.count == told.count, "\(name): \(error)")
            // The daemon ends where nobody knows.
            if error.kind == .inDoubt { self.journal = nil }
            return false
        }
    }

    private mutating func note(_ error: JournalError) {
        errors.append(error)
    }

    private mutating func start() {
        disk.start()
        journal = nil
    }

    /// Opens the journal if it is not, and compares how much it holds with what it said.
    private mutating func open() throws -> Bool {
        guard journal == nil else { return true }
        do throws(JournalError) {
            let opened = try Journal(path: "journal", key: Self.key, disk: disk)
            try opened.checkpoints(pages: 12)
            #expect([told.count, told.count + doubtful.count].contains(opened.count), "\(name): \(opened.count)")
            if opened.count > told.count { told += doubtful }
            doubtful = []
            journal = opened
            return true
        } catch {
            note(error)
            return false
        }
    }
}

extension Journal {
    /// Folds the log into the file more often than a shop's journal does.
    fileprivate func checkpoints(pages: Int) throws(JournalError) {
        try store.withLock { (store) throws(JournalError) in
            _ = try store.database.run("PRAGMA wal_autocheckpoint = \(pages)")
        }
    }
}
