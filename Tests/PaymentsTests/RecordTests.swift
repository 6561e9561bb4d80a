import FoundationEssentials
import Payments
import Testing

@Suite struct RecordTests {
    static func samples() throws -> [Record] {
        let id = try Sample.id()
        let supervisor = try #require(OperatorNumber(rawValue: "00"))
        let full = Reply(
            verdict: .approved, code: "10", text: BilingualText("部分批准", "Approved in part"),
            amount: Money(minorUnits: 5_000, .cny), balance: Money(minorUnits: -1, .jpy), rrn: "123456789012",
            authorizationCode: "A1B2C3", settlementDate: "1122",
            acquirerTime: AcquirerTime(date: "1122", time: "093001"), issuer: "01030000", acquirer: "48021000",
            scheme: "CUP", remark: "谢谢 \"光临\"\n", chipData: [0x91, 0x00])
        let followUp = PaymentRequest(
            id: id, kind: .tip, amount: Money(minorUnits: 9_880, .cny), tip: Money(minorUnits: 1_000, .cny),
            original: Original(
                id: try Sample.id("R0"), batch: .first, stan: .first, date: "1122", rrn: "1", authorizationCode: "A"),
            channel: .mailOrder, cashier: "02", supervisor: "00")
        let outcomes: [Outcome] =
            [
                .approved(full, Sample.chip), .approved(Sample.approval, nil), .declined(Sample.refusal, Sample.chip),
                .declinedByCard(nil, nil), .declinedByCard(Sample.approval, Sample.chip),
                .stored(.offline, Sample.chip),
                .stored(.deferred, nil), .stored(.advice, nil), .cancelled(by: .cashier), .cancelled(by: .customer),
                .cancelled(by: .shutdown),
            ] + PaymentFailure.Reason.allCases.map { .failed(PaymentFailure($0, "why")) }
        let reasons: [ReversalReason?] = [nil, .noReply, .badMAC, .notCompleted]
        return TransactionKind.allCases.map {
            .accepted(PaymentRequest(id: id, kind: $0, amount: Money(minorUnits: 1, .cny)))
        }
            + [
                .accepted(followUp), .authorization(try Sample.authorization()),
                .authorization(try Sample.authorization(3)),
            ]
            + outcomes.map { .finished(id, $0, reversal: nil, scriptNumber: nil) }
            + reasons.map { .finished(id, .failed(Sample.failure), reversal: $0, scriptNumber: .first) }
            + [
                .reversalAnswered(id, code: "25", settled: true), .storedAnswered(id, full, accepted: false),
                .storedLost(id, .badMAC), .scriptAnswered(id, code: "00"), .signedIn(batch: .first), .signedOff,
                .numberUsed(.first), .acquirerTime(offset: -61),
                .settlementBegun(
                    Settlement(
                        batch: .first, stan: .first,
                        totals: Totals(domestic: .init(debit: Tally(count: 1, amount: 2), credit: Tally())),
                        supervisor: "00")),
                .settlementBegun(Settlement(batch: .first, stan: .first, totals: Totals(), supervisor: nil)),
                .settlementCompared(.init(domesticAgrees: true, foreignAgrees: false)),
                .uploading(index: 7, .first), .uploadRefused(index: 7, code: "30"), .settled(.first),
                .started(version: "0.3"), .clockMoved(seconds: -3_600), .pruned(through: 99, hash: "00FF"),
                .operatorActed(OperatorAct(supervisor, .allowed(.takeBack), request: id)),
            ] + Delivery.allCases.map { .resolved(id, $0, supervisor: "00") }
            + Download.allCases.map { .downloaded($0, entries: 12) }
    }

    @Test func `every record is read as it was written`() throws {
        for record in try Self.samples() {
            let json = try JSONEncoder().encode(record)
            #expect(try JSONDecoder().decode(Record.self, from: json) == record)
        }
    }

    @Test func `no kind is forgotten here`() throws {
        let kinds = Set(try Self.samples().map(\.kind))
        #expect(kinds.count == Record.Kind.allCases.count)
    }

    @Test func `a record names the payment it belongs to`() throws {
        for record in try Self.samples() {
            let json = String(decoding: try JSONEncoder().encode(record), as: UTF8.self)
            #expect((record.id == nil) == !json.contains(#""R1""#) || record.kind == .operatorActed, "\(json)")
        }
    }

    /// Journals live long: what the first release wrote is read for ever.
    @Test func `the first journals are read`() throws {
        let request = #"{"id":"R1","amount":{"minorUnits":8880,"currency":"CNY"},"cashier":"01"}"#
        let card =
            #"{"maskedPAN":"621700******0001","expiry":{"year":30,"month":12},"sequenceNumber":1,"#
            + #""entryMode":"contactChip","pinEntry":"online"}"#
        let written: [(String, Record)] = [
            (#"{"kind":"accepted","request":\#(request)}"#, .accepted(try Sample.request())),
            (
                #"{"kind":"authorization","authorization":{"request":\#(request),"stan":41,"batch":1,"#
                    + #""time":"2026-11-22T09:30:00","card":\#(card),"chipData":"9F36020001"}}"#,
                .authorization(try Sample.authorization())
            ),
            (
                #"{"kind":"finished","id":"R1","outcome":{"kind":"approved","reply":{"verdict":"approved","code":"00","#
                    + #""text":{"chinese":"交易成功","english":"Approved"},"chipData":""}}}"#,
                .finished(try Sample.id(), .approved(Sample.approval, nil), reversal: nil, scriptNumber: nil)
            ),
            (
                #"{"kind":"finished","id":"R1","outcome":{"kind":"failed","failure":{"reason":"noReply","#
                    + #""detail":"no reply in 60 s"}},"reversal":"noReply"}"#,
                .finished(try Sample.id(), .failed(Sample.failure), reversal: .noReply, scriptNumber: nil)
            ),
            (
                #"{"kind":"reversalAnswered","id":"R1","code":"25","settled":true}"#,
                .reversalAnswered(try Sample.id(), code: "25", settled: true)
            ),
            (#"{"kind":"numberUsed","stan":1}"#, .numberUsed(.first)),
        ]
        for (json, record) in written {
            #expect(try JSONDecoder().decode(Record.self, from: Data(json.utf8)) == record)
        }
    }

    @Test(arguments: [
        "{}", #"{"kind":"unheardOf"}"#, #"{"kind":"accepted"}"#, #"{"kind":"numberUsed","stan":0}"#,
        #"{"kind":"numberUsed","stan":1000000}"#, #"{"kind":"signedIn","batch":-1}"#,
        #"{"kind":"reversalAnswered","id":"","code":"25","settled":true}"#,
        #"{"kind":"storedLost","id":"R1","reason":"boredom"}"#, #"{"kind":"resolved","id":"R1","delivery":"x"}"#,
        #"{"kind":"uploading","index":99999999999999999999,"stan":1}"#,
        #"{"kind":"finished","id":"R1","outcome":{"kind":"stored"}}"#,
        #"{"kind":"finished","id":"R1","outcome":{"kind":"stored","why":"because"}}"#,
    ])
    func `what is no record is refused`(json: String) {
        #expect(throws: (any Error).self) { try JSONDecoder().decode(Record.self, from: Data(json.utf8)) }
    }
}
