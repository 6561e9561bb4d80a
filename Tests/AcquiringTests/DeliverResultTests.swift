import Engine
import ISO8583
import Payments
import Testing

@testable import Acquiring

/// What becomes of a delivery, by what answers it: the difference between the cases is money.
struct DeliverResultTests {
    enum Kind: CaseIterable, Sendable { case reversal, advice, deferred, script, upload }

    /// For each class of answer what is made of it: a(ccepted), r(efused), s(ign-in demanded), u(nanswered), l(ost).
    struct Row: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let codes: [String]
        let reversal: Character
        let advice: Character
        let deferred: Character
        let script: Character
        let upload: Character

        init(
            _ codes: String, _ reversal: Character, _ advice: Character, _ deferred: Character, _ script: Character,
            _ upload: Character
        ) {
            testDescription = codes
            self.codes = codes.split(separator: " ").map(String.init)
            self.reversal = reversal
            self.advice = advice
            self.deferred = deferred
            self.script = script
            self.upload = upload
        }

        func letter(_ kind: Kind) -> Character {
            switch kind {
            case .reversal: reversal
            case .advice: advice
            case .deferred: deferred
            case .script: script
            case .upload: upload
            }
        }
    }

    static let rows = [
        Row("00", "a", "a", "a", "a", "a"),
        Row("10 11 A2 A4 A5 A6", "r", "a", "a", "a", "a"),
        Row("12 25", "a", "r", "r", "a", "r"),
        Row("94", "r", "a", "l", "a", "a"),
        Row("77", "s", "s", "l", "s", "s"),
        Row("99 A0", "s", "s", "s", "s", "s"),
        Row("90 91 92 96", "r", "u", "u", "u", "u"),
        Row("98 68", "r", "u", "l", "u", "u"),
        Row("51 55 61 30 64 97 02 ZZ", "r", "r", "r", "a", "r"),
    ]

    private static func delivery(_ kind: Kind) throws -> PendingDelivery {
        let authorization = try Sample.authorization()
        let pan = try Sample.credentials().pan
        let (delivery, state): (Delivery, PaymentState) =
            switch kind {
            case .reversal:
                (.reversal, try Sample.state(authorization, .failed(PaymentFailure(.noReply, "")), reversal: .noReply))
            case .advice, .upload: (.stored, try Sample.state(authorization, .stored(.offline, Sample.chip())))
            case .deferred: (.stored, try Sample.state(authorization, .stored(.deferred, Sample.chip())))
            case .script:
                (
                    .scriptResult,
                    try Sample.state(
                        authorization, .approved(Sample.approval(), Sample.chip(scripts: "20")),
                        scriptNumber: STAN(124))
                )
            }
        return try #require(PendingDelivery(delivery, of: state, pan: pan))
    }

    private static func result(_ answer: Exchange.Answer, _ kind: Kind) throws -> DeliverResult {
        let dialect = try Sample.dialect()
        return kind == .upload
            ? DeliverResult(uploaded: answer, dialect) : DeliverResult(answer, to: try delivery(kind), dialect)
    }

    private static func letter(_ result: DeliverResult) -> Character {
        switch result {
        case .answered(_, accepted: true): "a"
        case .answered(_, accepted: false): "r"
        case .signInDemanded: "s"
        case .unanswered: "u"
        case .lost: "l"
        }
    }

    @Test(arguments: rows, Kind.allCases) func `by code`(row: Row, kind: Kind) throws {
        for code in row.codes {
            var reply = Message(0x0230)
            try reply.set(39, code)
            #expect(Self.letter(try Self.result(.reply(reply), kind)) == row.letter(kind), "\(code)")
        }
    }

    @Test(arguments: Kind.allCases) func `without a code`(kind: Kind) throws {
        #expect(Self.letter(try Self.result(.unsent("x"), kind)) == "u")
        #expect(Self.letter(try Self.result(.none("x"), kind)) == (kind == .deferred ? "l" : "u"))
        let bad = try Self.result(.badMAC, kind)
        #expect(bad.demandsSignIn)
        #expect(Self.letter(bad) == (kind == .deferred ? "l" : "s"))
    }

    @Test func `what the machines are told`() throws {
        let reply = Sample.approval()
        #expect(DeliverResult.answered(reply, accepted: true).event == .answered(reply, accepted: true))
        #expect(DeliverResult.signInDemanded(code: "77").event == .signInDemanded(code: "77"))
        #expect(DeliverResult.lost(.badMAC, "x").event == .lost(PaymentFailure(.badReply, "x"), .badMAC))
        #expect(DeliverResult.lost(.noReply, "x").event == .lost(PaymentFailure(.noReply, "x"), .noReply))
        #expect(DeliverResult.unanswered("x").event == .unanswered(PaymentFailure(.noReply, "x")))
        #expect(DeliverResult.answered(reply, accepted: false).uploadEvent == .answered(code: "00", accepted: false))
        #expect(DeliverResult.unanswered("x").uploadEvent == .unanswered(PaymentFailure(.noReply, "x")))
        guard case .unanswered = DeliverResult.signInDemanded(code: "77").uploadEvent else {
            Issue.record("a demand counts as an answer")
            return
        }
    }
}
