import Payments
import Testing

@testable import Journaling

struct TamperingTests {
    let folder: Folder

    init() throws {
        folder = try Folder()
        let journal = try folder.open()
        for index in 1...40 {
            try journal.append(try Sample.sale("R\(index)", stan: index), pan: PAN(Sample.digits), at: Sample.time)
        }
        try journal.write(try Sample.reversed("X", stan: 41) + (try Sample.stored("Y", stan: 42)))
    }

    /// Each change, whether opening must notice it, and the words that say where it is.
    static let changes: [(sql: String, onOpen: Bool, detail: String)] = [
        ("UPDATE record SET payload = replace(payload, '8880', '8881') WHERE sequence = 4", false, "record 4 "),
        ("UPDATE record SET payload = replace(payload, '8880', '8881') WHERE sequence = 122", true, "record 122 "),
        ("UPDATE record SET time = '2026-05-20T13:14:16' WHERE sequence = 5", false, "record 5 "),
        ("UPDATE record SET kind = 'started' WHERE sequence = 6", false, "record 6 "),
        ("UPDATE record SET pan = NULL WHERE sequence = 8", false, "record 8 "),
        ("UPDATE record SET pan = zeroblob(47) WHERE sequence = 8", false, "record 8 "),
        ("UPDATE record SET hash = zeroblob(32) WHERE sequence = 9", false, "record 9 "),
        ("UPDATE record SET stan = 77 WHERE sequence = 11", false, "record 11 "),
        ("UPDATE record SET request = 'R9' WHERE sequence = 12", false, "record 12 "),
        ("UPDATE record SET rrn = '000000000000' WHERE sequence = 12", false, "record 12 "),
        ("UPDATE record SET batch = NULL WHERE sequence = 14", false, "record 14 "),
        ("DELETE FROM record WHERE sequence = 1", true, "record 1 "),
        ("DELETE FROM record WHERE sequence = 20", false, "record 20 "),
        ("DELETE FROM record WHERE sequence = 100", true, "after record 62"),
        ("DELETE FROM record WHERE sequence = 126", true, "the last is 125"),
        ("DELETE FROM record WHERE sequence > 50", true, "the last is 50"),
        ("DELETE FROM record", true, "the last is 0"),
        ("UPDATE record SET original = 'R1' WHERE sequence = 4", false, "record 4 "),
        ("DELETE FROM due WHERE stage > 0", false, "open payments"),
        ("DELETE FROM due WHERE stage = 3", false, "open payments"),
        ("UPDATE due SET stage = 1 WHERE stage = 2", false, "open payments"),
        ("UPDATE due SET sequence = 2 WHERE stage = 2", false, "open payments"),
        ("UPDATE due SET request = 'R1' WHERE stage = 2", false, "open payments"),
        ("UPDATE due SET amount = 8881 WHERE stage = 3", false, "open payments"),
        ("UPDATE due SET time = '2026-05-19T13:14:15' WHERE stage = 3", false, "open payments"),
        ("UPDATE due SET card = zeroblob(16) WHERE stage = 3", false, "open payments"),
        ("INSERT INTO due VALUES (3, 2, 'R1', 1, '', NULL)", false, "open payments"),
        ("INSERT INTO due VALUES (99, 2, 'R1', NULL, NULL, NULL)", false, "open payments"),
        ("DELETE FROM due", true, "the last is 126"),
        ("DELETE FROM key_check", true, "key check"),
        ("DROP TABLE due", true, "due"),
        ("PRAGMA user_version = 0", true, "version 0"),
    ]

    @Test(arguments: changes)
    func isFound(sql: String, onOpen: Bool, detail: String) throws {
        try folder.tamper(sql)
        if onOpen {
            let before = try folder.contents()
            let error = #expect(throws: JournalError.self) { try folder.open() }
            #expect(error?.kind == .damaged)
            #expect(error?.detail.contains(detail) == true, "\(String(describing: error))")
            #expect(try folder.contents() == before)
        } else {
            let journal = try folder.open()
            let error = #expect(throws: JournalError.self) { try journal.verify() }
            #expect(error?.detail.contains(detail) == true, "\(String(describing: error))")
        }
    }

    @Test func isNotFoundWhereThereIsNone() throws {
        try folder.tamper()
        let journal = try folder.open()
        #expect(try journal.verify() == journal.entry(126)?.hash)
    }
}
