import Foundation
import Payments
import Testing

@testable import Terminal

/// What registers and technicians are told of a payment, from each of its ends.
@Suite struct PaymentReportTests {
    struct End: CustomTestStringConvertible, Sendable {
        let outcome: Outcome
        let result: PaymentReport.Result
        let reason: String
        var rrn: String?
        var authCode: String?
        var aid = Sample.application.aid
        var tvr: String?
        var testDescription: String { outcome.name }
    }

    static let ends =
        [
            End(
                outcome: .approved(Sample.approval, Sample.chip), result: .approved, reason: "00", rrn: "123456789012",
                authCode: "654321", aid: "A00000033301010101", tvr: "0000048000"),
            End(
                outcome: .approved(Sample.approval, nil), result: .approved, reason: "00", rrn: "123456789012",
                authCode: "654321"),
            End(outcome: .declined(Sample.refusal, nil), result: .declined, reason: "51", rrn: "123456789013"),
            End(
                outcome: .declinedByCard(Sample.approval, Sample.chip), result: .declined, reason: "card",
                tvr: "0000048000"),
            End(outcome: .declinedByCard(nil, nil), result: .declined, reason: "card"),
            End(outcome: .cancelled(by: .cashier), result: .cancelled, reason: "cashier"),
            End(outcome: .cancelled(by: .customer), result: .cancelled, reason: "customer"),
            End(outcome: .cancelled(by: .shutdown), result: .cancelled, reason: "shutdown"),
        ]
        + PaymentFailure.Reason.allCases.map { reason in
            End(outcome: .failed(PaymentFailure(reason, "what happened")), result: .failed, reason: reason.rawValue)
        }

    @Test(arguments: ends)
    func tellsHowItEnded(end: End) throws {
        let report = PaymentReport(
            Sample.request, authorization: Sample.authorization, outcome: end.outcome, reversal: .none)
        #expect(report.state == .finished)
        #expect(report.outcome == end.result)
        #expect(report.reason == end.reason)
        #expect(report.text == end.outcome.text)
        #expect(report.detail == (end.result == .failed ? "what happened" : nil))
        #expect(report.amount == "88.80" && report.currency == "CNY")
        #expect(report.stan == "000002" && report.batch == "000003")
        #expect(report.rrn == end.rrn && report.authCode == end.authCode)
        #expect(report.aid == end.aid && report.tvr == end.tvr)
        #expect(report.pan == "622848*********0018")
    }

    @Test(arguments: ends)
    func neverTellsTheAccountNumber(end: End) throws {
        let report = PaymentReport(
            Sample.request, authorization: Sample.authorization, outcome: end.outcome, reversal: .pending)
        let json = String(decoding: try JSONEncoder().encode(report), as: UTF8.self)
        #expect(!json.contains(Sample.digits))
        #expect(!"\(report)".contains(Sample.digits))
    }

    @Test(arguments: ends)
    func isTheSameAfterItsWayThroughJSON(end: End) throws {
        let report = PaymentReport(
            Sample.request, authorization: Sample.authorization, outcome: end.outcome, reversal: .settled,
            milliseconds: .init(total: 3.75, card: 1.5, acquirer: 2))
        #expect(try JSONDecoder().decode(PaymentReport.self, from: JSONEncoder().encode(report)) == report)
    }

    @Test func timesAreToTheMicrosecondAndNeverNegative() {
        let times = PaymentReport.Milliseconds(total: 10.12345678, card: 4.5, acquirer: 2.25)
        #expect(times.card == 4.5 && times.acquirer == 2.25 && times.terminal == 3.373)
        #expect(PaymentReport.Milliseconds(total: 1, card: 2, acquirer: 0).terminal == 0)
    }

    @Test func aRunningPaymentHasNoOutcome() {
        let report = PaymentReport(Sample.request, authorization: nil, outcome: nil, reversal: .none)
        #expect(report.state == .running)
        #expect(report.outcome == nil && report.reason == nil && report.text == nil && report.stan == nil)
    }

    @Test(arguments: PaymentFailure.Reason.allCases)
    func everyFailureSpeaksBothLanguages(reason: PaymentFailure.Reason) {
        let text = reason.text
        #expect(text.chinese.unicodeScalars.contains { (0x4E00...0x9FFF).contains($0.value) })
        #expect(!text.english.isEmpty && text.english.utf8.allSatisfy { $0 < 0x80 })
    }

    @Test func everyFailureSpeaksForItself() {
        let texts = PaymentFailure.Reason.allCases.map(\.text)
        #expect(Set(texts.map(\.chinese)).count == texts.count)
        #expect(Set(texts.map(\.english)).count == texts.count)
    }
}
