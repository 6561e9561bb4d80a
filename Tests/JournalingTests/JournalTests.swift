import FoundationEssentials
import Payments
import Synchronization
import Testing

@testable import Journaling

struct JournalTests {
    let folder: Folder
    let journal: Journal

    init() throws {
        folder = try Folder()
        journal = try folder.open()
    }

    @Test(arguments: [
        ("synchronous", "2"), ("journal_mode", "wal"), ("locking_mode", "exclusive"), ("recursive_triggers", "1"),
    ])
    func writersOwnConnectionIsDurable(pragma: String, value: String) throws {
        #expect(try journal.pragma(pragma) == value)
    }

    @Test func givesBackWhatWasWrittenAlsoAfterReopening() throws {
        let records: [Record] =
            try Sample.sale("R1", stan: 1) + [
                .started(version: "0.1"), .signedIn(batch: try Sample.batch(726)), .numberUsed(try Sample.stan(2)),
            ]
        try journal.write(records)
        #expect(try journal.entries(limit: 10).map(\.record) == records)
        let entries = try journal.entries(limit: 10)
        #expect(try folder.afterPowerCut { try $0.entries(limit: 10) } == entries)
        #expect(entries.map(\.sequence) == Array(1...6))
        #expect(entries.allSatisfy { $0.time == Sample.time })
        #expect(try journal.entries(after: 2, limit: 2).map(\.sequence) == [3, 4])
        #expect(try journal.entry(4)?.record == records[3])
        #expect(try journal.entry(7) == nil)
        #expect(try journal.entries(of: Sample.id("R1")).map(\.sequence) == [1, 2, 3])
        #expect(journal.count == 6)
    }

    @Test func keepsAccountNumbersSealedOnly() throws {
        try journal.write(try Sample.sale("R1", stan: 1))
        #expect(try journal.pan(of: 2)?.digits == Sample.digits)
        #expect(try journal.pan(of: 1) == nil)
        #expect(try journal.pan(of: 9) == nil)
        let bcd: [UInt8] = [0x62, 0x28, 0x48, 0x04, 0x02, 0x56, 0x48, 0x90]
        for (name, bytes) in try folder.contents() {
            #expect(!bytes.contains(Array(Sample.digits.utf8)), "\(name)")
            #expect(!bytes.contains(bcd), "\(name)")
        }
    }

    @Test func aSealHoldsForItsRecordOnly() throws {
        try journal.write(try Sample.sale("R1", stan: 1) + (try Sample.sale("R2", stan: 2)))
        let copy = try folder.copy()
        try copy.tamper("UPDATE record SET pan = (SELECT pan FROM record WHERE sequence = 2) WHERE sequence = 5")
        let vault = try Vault(key: Sample.key, path: copy.journal)
        let sealed = try vault.seal(try #require(PAN(Sample.digits)), at: 2)
        #expect(throws: JournalError.self) { try vault.open(sealed, at: 5) }
        #expect(throws: JournalError.self) { try copy.open() }
    }

    @Test(arguments: [
        "UPDATE record SET payload = '{}' WHERE sequence = 1", "DELETE FROM record WHERE sequence = 1",
        "DELETE FROM record", "INSERT INTO record (sequence, time, kind, payload, hash) VALUES (9, '', '', '', '')",
        "REPLACE INTO record (sequence, time, kind, payload, hash) VALUES (1, '', '', '', '')",
    ])
    func growsOnly(sql: String) throws {
        try journal.write(try Sample.sale("R1", stan: 1))
        #expect(throws: JournalError.self) { try journal.run(sql) }
        try journal.verify()
    }

    @Test func writesSeveralRecordsTogetherOrNone() throws {
        let sale = try Sample.sale("R1", stan: 1)
        #expect(throws: JournalError.self) { try journal.append(sale + [sale[2]], at: Sample.time) }
        #expect(journal.count == 0)
        #expect(try journal.numbers().stan == .first)
        #expect(try journal.unfinished().isEmpty)
        #expect(try journal.append(sale, at: Sample.time).count == 3)
        #expect(try journal.numbers().stan == Sample.stan(2))
        try journal.verify()
    }

    @Test func aLargeRecordIsRefusedAndTheJournalGoesOn() throws {
        let large = Record.started(version: String(repeating: "x", count: 2 << 20))
        let error = #expect(throws: JournalError.self) { try journal.append(large, at: Sample.time) }
        #expect(error?.kind == .tooLarge)
        try journal.append(.started(version: "1"), at: Sample.time)
        #expect(journal.count == 1)
    }

    @Test func chainIsTheDocumentedHash() throws {
        let row = try Row(
            sequence: 1, time: "2026-05-20T13:14:15", kind: "started", payload: #"{"kind":"started","version":"0.1"}"#,
            pan: nil, keys: Row.Keys(), after: Row.origin)
        let entry = try journal.append(.started(version: "0.1"), at: Sample.time)
        #expect(entry.hash == row.hash)
        #expect(hex(row.hash) == "1826779e7ab0641f59f31134859b4d406971e31b30db19a26eab69156bb56f46")
        let next = try Row(
            sequence: 2, time: "2026-05-20T13:14:16", kind: "numberUsed", payload: #"{"kind":"numberUsed","stan":7}"#,
            pan: [1, 2, 3], keys: Row.Keys(), after: row.hash)
        #expect(hex(next.hash) == "3912a90429f2960b29a9c30e0d9ca2768070bc36972bdc01cff6c86cb41d475d")
    }

    /// A journal is read for years: the payloads' form may not change by accident.
    @Test func payloadsKeepTheirForm() throws {
        try journal.write(try Sample.sale("R1", stan: 1))
        let reason = Record.finished(try Sample.id("R2"), Sample.interrupted, reversal: .noReply, scriptNumber: nil)
        let answer = Record.reversalAnswered(try Sample.id("R2"), code: "25", settled: true)
        try journal.write([
            .accepted(try Sample.request("R2")), .authorization(try Sample.authorization("R2", stan: 2)), reason,
            answer,
            .signedIn(batch: try Sample.batch(726)), .numberUsed(try Sample.stan(3)), .started(version: "0.1"),
        ])
        let payloads = try journal.store.withLock { (store) throws(JournalError) in
            try store.rows("sequence NOT IN (4, 5) ORDER BY sequence", []).map(\.payload)
        }
        let chipData = hex((0..<140).map { UInt8($0) }).uppercased()
        #expect(
            payloads == [
                #"{"kind":"accepted","request":{"id":"R1","amount":{"minorUnits":8880,"currency":"CNY"},"cashier":"01"}}"#,
                #"{"kind":"authorization","authorization":{"request":{"id":"R1","amount":{"minorUnits":8880,"#
                    + #""currency":"CNY"},"cashier":"01"},"stan":1,"batch":1,"time":"2026-05-20T13:14:15","card":{"#
                    + #""maskedPAN":"622848*********0018","expiry":{"year":30,"month":12},"sequenceNumber":1,"#
                    + #""entryMode":"contactChip","pinEntry":"online","application":{"aid":"A000000333010101","#
                    + #""label":"UnionPay Debit"}},"chipData":"\#(chipData)","attempt":1}}"#,
                #"{"kind":"finished","id":"R1","outcome":{"kind":"approved","reply":{"verdict":"approved","#
                    + #""code":"00","text":{"chinese":"交易成功","english":"Approved"},"rrn":"123456789012","#
                    + #""authorizationCode":"654321","chipData":"91023030"}}}"#,
                #"{"kind":"finished","id":"R2","outcome":{"kind":"failed","failure":{"reason":"interrupted","#
                    + #""detail":"stopped in the middle"}},"reversal":"noReply"}"#,
                #"{"kind":"reversalAnswered","id":"R2","code":"25","settled":true}"#,
                #"{"kind":"signedIn","batch":726}"#, #"{"kind":"numberUsed","stan":3}"#,
                #"{"kind":"started","version":"0.1"}"#,
            ])
    }
}

extension JournalTests {
    /// The kinds that the first journals did not have.
    @Test func laterPayloadsKeepTheirForm() throws {
        let id = try Sample.id("R1")
        let batch = try Sample.batch(7)
        let stan = try Sample.stan(8)
        let settlement = Settlement(
            batch: batch, stan: stan,
            totals: Totals(domestic: Totals.Sides(debit: Tally(count: 2, amount: 300))), supervisor: "00")
        let reply = #"{"verdict":"declined","code":"51","text":{"chinese":"余额不足","english":"No funds"},"chipData":""}"#
        let none = #"{"count":0,"amount":0}"#
        let forms: [(Record, String)] = [
            (
                .accepted(try Sample.request("V", .void, original: "R1")),
                #"{"kind":"accepted","request":{"id":"V","kind":"void","amount":{"minorUnits":8880,"currency":"CNY"},"#
                    + #""original":{"id":"R1","date":"0520"},"cashier":"01"}}"#
            ),
            (
                .finished(id, .stored(.deferred, nil), reversal: nil, scriptNumber: stan),
                #"{"kind":"finished","id":"R1","outcome":{"kind":"stored","why":"deferred"},"script":8}"#
            ),
            (
                .storedAnswered(id, Sample.declined, accepted: false),
                #"{"kind":"storedAnswered","id":"R1","reply":\#(reply),"accepted":false}"#
            ),
            (.storedLost(id, .noReply), #"{"kind":"storedLost","id":"R1","reason":"noReply"}"#),
            (.scriptAnswered(id, code: "00"), #"{"kind":"scriptAnswered","id":"R1","code":"00"}"#),
            (
                .resolved(id, .stored, supervisor: "00"),
                #"{"kind":"resolved","id":"R1","delivery":"stored","supervisor":"00"}"#
            ),
            (.signedOff, #"{"kind":"signedOff"}"#),
            (.acquirerTime(offset: -3), #"{"kind":"acquirerTime","offset":-3}"#),
            (
                .settlementBegun(settlement),
                #"{"kind":"settlementBegun","settlement":{"batch":7,"stan":8,"totals":{"domestic":{"debit":"#
                    + #"{"count":2,"amount":300},"credit":\#(none)},"foreign":{"debit":\#(none),"credit":\#(none)}},"#
                    + #""supervisor":"00"}}"#
            ),
            (
                .settlementCompared(Sample.agreed),
                #"{"kind":"settlementCompared","comparison":{"domesticAgrees":true,"foreignAgrees":true}}"#
            ),
            (.uploading(index: 2, stan), #"{"kind":"uploading","index":2,"stan":8}"#),
            (.uploadRefused(index: 2, code: "96"), #"{"kind":"uploadRefused","index":2,"code":"96"}"#),
            (.settled(batch), #"{"kind":"settled","batch":7}"#),
            (.clockMoved(seconds: 61), #"{"kind":"clockMoved","seconds":61}"#),
            (.pruned(through: 9, hash: "AB"), #"{"kind":"pruned","through":9,"hash":"AB"}"#),
        ]
        for (record, form) in forms {
            #expect(try JSONWriter.text(of: record) == form)
            #expect(try JSONDecoder().decode(Record.self, from: Data(form.utf8)) == record)
        }
    }
}

private func hex(_ bytes: [UInt8]) -> String {
    bytes.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
}
