import Control
import FoundationEssentials
import Glibc
import Payments
import SimulatedAcquirer
import SimulatedShop
import Terminal
import Testing

extension WholeTerminal {
    /// A disk that is full, read-only or damaged: no request leaves, nothing is overwritten.
    @Suite struct JournalTests {
        enum Damage: String, CaseIterable, Sendable {
            case lastRecordChanged, cutShort, foreign, empty, headerChanged
        }

        /// Closed as a whole file, and as a power failure leaves it, with SQLite's log beside it. A change in the log
        /// itself cannot be told from a write that the power failure cut off, and is not among these.
        @Test(arguments: Damage.allCases, [true, false])
        func damaged(_ damage: Damage, isClosed: Bool) async throws {
            guard isClosed || damage != .lastRecordChanged else { return }
            try await Scene.play { scene in
                try await scene.insert()
                let (report, _) = try await scene.daemon { daemon in try await daemon.sale("88.80", id: "kept") }
                if isClosed { try scene.audit() }
                let file = URL(filePath: "\(scene.folder)/journal.db")
                let good = try Data(contentsOf: file)
                var bad = good
                switch damage {
                case .lastRecordChanged:
                    let code = Array(try #require(report?.authCode).utf8)
                    let found = try #require(bad.firstRange(of: code))
                    bad[found.upperBound - 1] ^= 0x01
                case .cutShort: bad.removeLast(bad.count / 2)
                case .foreign: bad = Data("Dear diary\n".utf8)
                case .empty: bad = Data()
                case .headerChanged: bad[bad.startIndex + 18] ^= 0xFF
                }
                try bad.write(to: file)
                let before = try scene.files()
                try await scene.refuses("files.journal", "journal.db")
                #expect(try scene.files() == before, "a file was touched")
                // With the file put back it goes on as if nothing had been.
                try good.write(to: file)
                try await scene.daemon { daemon in
                    let again = try await daemon.sale("88.80", id: "kept")
                    #expect(again.outcome == .approved)
                }
                #expect(scene.shop.host.ledger.entries.count == 1)
            }
        }

        @Test(arguments: ["journal.db", ""]) func readOnly(name: String) async throws {
            try await Scene.play { scene in
                try await scene.insert()
                try await scene.daemon { daemon in _ = try await daemon.sale("88.80", id: "kept") }
                let before = try Data(contentsOf: URL(filePath: "\(scene.folder)/journal.db"))
                let path = "\(scene.folder)/\(name)"
                chmod(path, name.isEmpty ? 0o500 : 0o400)
                defer { chmod(path, 0o700) }
                let (_, end) = try await scene.daemon(launcher: Programs.powerless) { daemon in
                    // What cannot be found at the start is found by the first record.
                    try await scene.insert("unionpay-debit")
                    let report = try await daemon.sale("1.00", id: "read-only")
                    #expect(report.reason == "journalUnavailable")
                }
                #expect(end.code == 78 && end.log.contains("readOnly"), "\(end.log)")
                #expect(try Data(contentsOf: URL(filePath: "\(scene.folder)/journal.db")) == before)
                #expect(scene.shop.host.ledger.entries.count == 1)
                chmod(path, name.isEmpty ? 0o700 : 0o600)
            }
        }

        /// Where the disk runs full: nothing more than is durable happens, and nothing is told that is not.
        enum Moment: String, CaseIterable, Sendable {
            case beforeTheSale, beforeTheAuthorization, beforeTheOutcome
        }

        @Test(
            .enabled(if: Programs.isPrivate && geteuid() == 0, "no file system can be mounted here"),
            arguments: Moment.allCases)
        func diskFull(_ moment: Moment) async throws {
            try await Scene.play { scene in
                let disk = try SmallDisk(at: "\(scene.folder)/disk")
                defer { disk.unmount() }
                try scene.edit(#""journal": "journal.db""#, #""journal": "disk/journal.db""#)
                try await scene.insert()
                let (_, end) = try await scene.daemon { daemon in
                    _ = try await daemon.ask(.post, "/v1/sign-in") as TerminalStatus
                    switch moment {
                    case .beforeTheSale: disk.fill()
                    case .beforeTheAuthorization: scene.card.onCryptogram { if $0 == 1 { disk.fill() } }
                    case .beforeTheOutcome: scene.card.onCryptogram { if $0 == 2 { disk.fill() } }
                    }
                    let report = try await daemon.sale("88.80", id: "full")
                    #expect(report.state == .finished && report.outcome == .failed, "\(report)")
                    #expect(report.reason == "journalUnavailable", "\(report)")
                    scene.card.onCryptogram { _ in }
                    #expect(scene.shop.host.ledger.entries.count == (moment == .beforeTheOutcome ? 1 : 0))
                    if moment == .beforeTheSale { #expect(scene.card.commands == 0) }
                    let status = try await daemon.status()
                    #expect(status.running == nil)
                    // Still full: still nothing.
                    try await scene.insert("unionpay-debit")
                    await #expect(throws: Refusal.self) {
                        let next = try await daemon.sale("1.00", id: "still-full")
                        if next.outcome == .failed { throw Refusal(.unavailable, next.detail ?? "") }
                    }
                    await #expect(throws: Refusal.self) { _ = try await daemon.payment("full") }
                    disk.empty()
                    let next = try await daemon.sale("1.00", id: "free")
                    #expect(next.outcome == .approved, "\(next)")
                    if moment != .beforeTheSale {
                        let truth = try await daemon.payment("full")
                        #expect(truth.outcome == .failed)
                        #expect(truth.reversal == (moment == .beforeTheOutcome ? .settled : .none))
                    }
                }
                #expect(end.isClean)
                #expect(end.log.contains("full"))
                if moment == .beforeTheOutcome {
                    #expect(scene.shop.host.ledger.entries.map(\.state) == [.reversed(reason: "98"), .approved])
                }
                try scene.audit()
            }
        }

        @Test func secondDaemon() async throws {
            try await Scene.play { scene in
                try await scene.insert()
                try await scene.daemon { daemon in
                    let second = try await run(Programs.tenderd, ["--config", scene.shop.configurationFile])
                    #expect(second.code == 78)
                    #expect(second.complaint.split(separator: "\n").count == 1)
                    #expect(
                        second.complaint.contains("held by process \(daemon.processID) (tenderd)"),
                        "\(second.complaint)")
                    let report = try await daemon.sale("88.80", id: "first")
                    #expect(report.outcome == .approved)
                }
            }
        }
    }
}

/// A file system of its own, small, in memory.
struct SmallDisk: Sendable {
    let path: String
    private var filler: String { "\(path)/filler" }

    init(at path: String) throws {
        self.path = path
        mkdir(path, 0o700)
        try #require(mount("tender-test", path, "tmpfs", 0, "size=512k") == 0, "mount: errno \(errno)")
    }

    /// Leaves no byte.
    func fill() {
        let file = open(filler, O_WRONLY | O_CREAT | O_APPEND, 0o600)
        let block = [UInt8](repeating: 0, count: 4096)
        while write(file, block, block.count) > 0 {}
        close(file)
    }

    func empty() { unlink(filler) }

    func unmount() { umount2(path, Int32(MNT_DETACH)) }
}

extension Scene {
    /// Every file with its content, but for the lock file: it names who tried last.
    func files() throws -> [String: Data] {
        var files: [String: Data] = [:]
        for name in try FileManager.default.contentsOfDirectory(atPath: folder) where !name.hasSuffix(".lock") {
            files[name] = FileManager.default.contents(atPath: "\(folder)/\(name)")
        }
        return files
    }
}
