import Payments
import Testing

@testable import Journaling
@testable import Terminal

/// What `tenderctl journal list` says of each kind of record.
@Suite struct JournalRowTests {
    static let rows: [(Record, kind: String, id: String?, summary: String)] = [
        (.accepted(Sample.request), "accepted", "R-1", "88.80 CNY, cashier 07"),
        (
            .authorization(Sample.authorization), "authorization", "R-1",
            "STAN 000002, batch 000003, 622848*********0018"
        ),
        (
            .finished(Sample.request.id, .approved(Sample.approval, Sample.chip), reversal: nil, scriptNumber: nil),
            "finished", "R-1",
            "approved"
        ),
        (
            .finished(Sample.request.id, .declined(Sample.refusal, nil), reversal: nil, scriptNumber: nil), "finished",
            "R-1", "declined 51"
        ),
        (
            .finished(
                Sample.request.id, .failed(PaymentFailure(.noReply, "60 s are over")), reversal: .noReply,
                scriptNumber: nil),
            "finished", "R-1", "failed noReply: 60 s are over, to be reversed: noReply"
        ),
        (.reversalAnswered(Sample.request.id, code: "00", settled: true), "reversalAnswered", "R-1", "00, settled"),
        (.reversalAnswered(Sample.request.id, code: "96", settled: false), "reversalAnswered", "R-1", "96, refused"),
        (.signedIn(batch: BatchNumber.first), "signedIn", nil, "batch 000001"),
        (.numberUsed(STAN.first), "numberUsed", nil, "STAN 000001"),
        (.started(version: "0.1.0"), "started", nil, "tenderd 0.1.0"),
    ]

    @Test(arguments: rows.indices)
    func saysWhatTheRecordSays(index: Int) {
        let (record, kind, id, summary) = Self.rows[index]
        let row = JournalRow(Entry(sequence: 7, time: Sample.time, record: record, hash: [0xAB, 0xCD]))
        #expect(row.sequence == 7 && row.time == "2026-11-22T13:14:15" && row.hash == "ABCD")
        #expect(row.kind == kind)
        #expect(row.id == id)
        #expect(row.summary == summary)
    }
}
