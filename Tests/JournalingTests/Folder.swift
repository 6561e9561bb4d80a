import FoundationEssentials
import Payments

@testable import Journaling

/// A folder of a test's own, gone when the test ends.
final class Folder {
    let path: String
    var journal: String { "\(path)/journal" }

    init() throws {
        path = FileManager.default.temporaryDirectory.appending(path: "journal-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func open(_ key: SecretBytes = Sample.key) throws(JournalError) -> Journal {
        try Journal(path: journal, key: key)
    }

    /// What stands in the folder, byte for byte; without the lock file.
    func contents() throws -> [String: [UInt8]] {
        let names = try FileManager.default.contentsOfDirectory(atPath: path).filter { !$0.hasSuffix(".lock") }
        return try Dictionary(uniqueKeysWithValues: names.map { ($0, try read($0)) })
    }

    func read(_ name: String) throws -> [UInt8] {
        try Array(Data(contentsOf: URL(filePath: "\(path)/\(name)")))
    }

    func write(_ bytes: some Sequence<UInt8>, to name: String = "journal", mode: Int = 0o600) throws {
        try Data(bytes).write(to: URL(filePath: "\(path)/\(name)"))
        try setMode(mode, of: name)
    }

    func setMode(_ mode: Int, of name: String = "journal") throws {
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: "\(path)/\(name)")
    }

    /// The journal's files as a power cut would leave them now.
    func copy() throws -> Folder {
        let copy = try Folder()
        for (name, bytes) in try contents() { try copy.write(bytes, to: name) }
        return copy
    }

    /// What a restart after a power cut would find.
    func afterPowerCut<Result>(_ body: (Journal) throws -> Result) throws -> Result {
        let copy = try copy()
        return try withExtendedLifetime(copy) { try body(try copy.open()) }
    }

    /// Runs SQL on the closed journal, as somebody with a SQLite shell would.
    func tamper(_ statements: String...) throws {
        let database = try Database(path: journal)
        for name in ["record_stays", "record_stands", "record_follows"] {
            try database.run("DROP TRIGGER IF EXISTS \(name)")
        }
        for sql in statements { try database.run(sql) }
        try database.checkpointOnClose()
    }
}
