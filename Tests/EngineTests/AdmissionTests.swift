import Engine
import Payments
import Testing

@Suite struct AdmissionTests {
    static let request = Samples.request(.refund, of: "R0")
    static let another = Samples.id("R2")

    struct Case: Sendable {
        let known: PaymentRequest?
        let running: RequestID?
        var isStopping = false
        var isSettling = false
        let expected: Admission
    }

    static let cases = [
        Case(known: nil, running: nil, expected: .begin),
        Case(known: nil, running: another, expected: .busy(another)),
        Case(known: nil, running: nil, isStopping: true, expected: .stopping),
        Case(known: nil, running: another, isStopping: true, isSettling: true, expected: .stopping),
        Case(known: nil, running: nil, isSettling: true, expected: .settling),
        Case(known: nil, running: another, isSettling: true, expected: .settling),
        Case(known: request, running: request.id, expected: .joinRunning),
        Case(known: request, running: request.id, isStopping: true, expected: .joinRunning),
        Case(known: request, running: nil, expected: .answerKnown),
        Case(known: request, running: nil, isSettling: true, expected: .answerKnown),
        Case(known: request, running: another, isStopping: true, expected: .answerKnown),
    ]

    @Test(arguments: cases) func `a question finds its answer, or begins`(_ sample: Case) {
        let admission = Admission(
            of: Self.request, known: sample.known, running: sample.running, isStopping: sample.isStopping,
            isSettling: sample.isSettling)
        #expect(admission == sample.expected)
    }

    /// The same id with anything else that moves money is another payment, never an answer.
    @Test(arguments: [
        Samples.request(.refund, "R1", 8881, of: "R0"), Samples.request(.void, of: "R0"),
        Samples.request(.refund, of: "R9"), Samples.request(.refund, of: nil),
        Samples.request(.refund, tip: 1, of: "R0"), Samples.request(.refund, "R1", 8880, of: "R0", .jpy),
        PaymentRequest(
            id: request.id, kind: .refund, amount: request.amount, original: request.original, channel: .mailOrder),
    ])
    func `an id that was used for something else is a conflict`(known: PaymentRequest) {
        for running in [nil, known.id, Self.another] {
            let admission = Admission(
                of: Self.request, known: known, running: running, isStopping: false, isSettling: false)
            #expect(admission == .conflict(known.amount))
        }
    }

    @Test func `the receipt's numbers of an unknown original tell payments apart`() {
        func refund(_ rrn: String, cashier: String = "01") -> PaymentRequest {
            PaymentRequest(
                id: Self.request.id, kind: .refund, amount: Self.request.amount,
                original: Original(date: "1122", rrn: rrn), cashier: cashier)
        }
        func admission(_ request: PaymentRequest) -> Admission {
            Admission(of: request, known: refund("1"), running: nil, isStopping: false, isSettling: false)
        }
        #expect(admission(refund("1", cashier: "02")) == .answerKnown)
        #expect(admission(refund("2")) == .conflict(Self.request.amount))
    }
}
