import Engine
import Payments
import Testing

@Suite struct AdmissionTests {
    static let request = Samples.request
    static let other = PaymentRequest(id: request.id, amount: Money(minorUnits: 1, .cny))
    static let another = Samples.requestID("R2")

    struct Case: Sendable {
        let known: PaymentRequest?
        let running: RequestID?
        let isStopping: Bool
        let expected: Admission
    }

    static let cases = [
        Case(known: nil, running: nil, isStopping: false, expected: .begin),
        Case(known: nil, running: another, isStopping: false, expected: .busy(another)),
        Case(known: nil, running: nil, isStopping: true, expected: .stopping),
        Case(known: nil, running: another, isStopping: true, expected: .stopping),
        Case(known: request, running: request.id, isStopping: false, expected: .joinRunning),
        Case(known: request, running: request.id, isStopping: true, expected: .joinRunning),
        Case(known: request, running: nil, isStopping: false, expected: .answerKnown),
        Case(known: request, running: another, isStopping: true, expected: .answerKnown),
        Case(known: other, running: nil, isStopping: false, expected: .conflict(other.amount)),
        Case(known: other, running: request.id, isStopping: false, expected: .conflict(other.amount)),
    ]

    @Test(arguments: cases) func `a question finds its answer, or begins`(_ sample: Case) {
        let admission = Admission(
            of: Self.request, known: sample.known, running: sample.running, isStopping: sample.isStopping)
        #expect(admission == sample.expected)
    }
}
