import Payments
import Testing

@testable import Engine

/// A batch as a shop's day leaves it: all kinds, both classes of cards, declined, reversed, corrected, refused.
enum MixedBatch {
    static let foreign = "411111******1111"
    static let domestic = "621700******0001"

    /// Three rounds of the same payments, 57 in all; the second with a foreign card.
    static func payments() throws -> [PaymentState] {
        var stan = 0
        return try (0..<3).flatMap { try payments($0, pan: $0 == 1 ? foreign : domestic, &stan) }
    }

    private static func payments(_ round: Int, pan: String, _ stan: inout Int) throws -> [PaymentState] {
        func id(_ name: String) -> String { "\(name)-\(round)" }
        func request(_ kind: TransactionKind, _ name: String, _ amount: Int64, tip: Int64? = nil, of: String? = nil)
            -> PaymentRequest
        {
            Samples.request(kind, id(name), amount, tip: tip, of: of.map { id($0) })
        }
        func make(
            _ request: PaymentRequest, _ outcome: Outcome, reversal: ReversalReason? = nil,
            mode: EntryMode = .contactChip, then records: [Record] = []
        ) throws -> PaymentState {
            stan += 1
            let authorization = Samples.authorization(request, stan: stan, pan: pan, mode: mode)
            let end = Record.finished(request.id, outcome, reversal: reversal, scriptNumber: nil)
            return try #require(
                PaymentState(Samples.entries([.accepted(request), .authorization(authorization), end] + records)))
        }
        func approved(_ chip: ChipResult? = nil, _ code: String = "00", amount: Int64? = nil) -> Outcome {
            .approved(Samples.reply(code, amount: amount), chip)
        }
        func answered(_ name: String, accepted: Bool = true) -> [Record] {
            [.storedAnswered(Samples.id(id(name)), accepted ? Samples.approval : Samples.refusal, accepted: accepted)]
        }
        let chip = Samples.chip()
        return [
            try make(request(.sale, "sale", 10_000), approved(chip)),
            try make(
                request(.tip, "tip", 11_000, tip: 1_000, of: "sale"), .stored(.advice, nil), then: answered("tip")),
            try make(request(.sale, "voided", 2_000), approved(chip)),
            try make(request(.void, "void", 2_000, of: "voided"), approved(), mode: .manual),
            try make(request(.sale, "part", 9_000), approved(chip, "10", amount: 4_000)),
            try make(request(.sale, "declined", 900), .declined(Samples.refusal, nil)),
            try make(
                request(.sale, "reversed", 800), .failed(Samples.failure), reversal: .noReply,
                then: [.reversalAnswered(Samples.id(id("reversed")), code: "00", settled: true)]),
            try make(request(.sale, "proofless", 700), approved(Samples.chip(tvr: "0000000040"))),
            try make(request(.sale, "offline", 600), .stored(.offline, chip), then: answered("offline")),
            try make(request(.sale, "dead", 500), .stored(.offline, chip), then: answered("dead", accepted: false)),
            try make(request(.sale, "deferred", 400), .stored(.deferred, nil), then: answered("deferred")),
            try make(
                request(.offlineSettlement, "voice", 300), .stored(.advice, nil), mode: .manual, then: answered("voice")
            ),
            try make(
                request(.adjustment, "adjust", 250, of: "voice"), .stored(.advice, nil), mode: .manual,
                then: answered("adjust")),
            try make(request(.refund, "refund", 100, of: "sale"), approved(), mode: .stripe),
            try make(request(.preauthorization, "hold", 5_000), approved(chip)),
            try make(
                request(.completionAdvice, "told", 5_500, of: "hold"), .stored(.advice, nil), mode: .manual,
                then: answered("told")),
            try make(request(.balance, "balance", 0), approved(chip)),
            try make(request(.completion, "completion", 70), approved(), mode: .manual),
            try make(request(.completionVoid, "undone", 70, of: "completion"), approved(), mode: .manual),
        ]
    }
}
