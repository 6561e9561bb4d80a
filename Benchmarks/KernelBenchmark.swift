import EMV
import PaymentCryptography
import Payments
import SimulatedCards
import Wire

/// The contact kernel's own time. The kernel is a value: what it did once it can do again from the same state, with
/// what the card answered then, so that no card's time is in the figures.
struct KernelBenchmark {
    /// One turn of a sale: the kernel before it, and what it is told.
    private struct Turn {
        let kernel: ContactKernel
        let event: ContactKernel.Event
        /// Whether the event is the card's signature over dynamic data.
        let isSignature: Bool
    }

    func run() throws -> [Figure] {
        let turns = try makeSale(BenchmarkCards.dynamic)
        guard let index = turns.firstIndex(where: \.isSignature), index > 0 else {
            throw BenchmarkFailure("the card gave no dynamic signature")
        }
        // The record before it is the last one: with it the kernel has all it needs to recover the card's key.
        let (record, signature) = (turns[index - 1], turns[index])
        let combined = try makeSale(BenchmarkCards.combined)
        let start = combined[0].kernel
        let sale = Figure(
            "kernel_contact_ms", "the kernel's own time in a contact sale with CDA, keys of 1984 bits", "ms",
            Stopwatch.nanoseconds {
                var kernel = start
                for turn in combined { _ = kernel.handle(turn.event) }
                return kernel
            }.map { $0 / 1e6 }, budget: 5)
        let recoveries = try measureRecoveries()
        return [
            Figure(
                "dda_us", "DDA: issuer's and card's certificate, signed dynamic data", "µs",
                Stopwatch.nanoseconds {
                    var kernel = record.kernel
                    _ = kernel.handle(record.event)
                    return kernel.handle(signature.event)
                }.map { $0 / 1e3 }), sale, recoveries,
            Figure(
                key: "kernel_contact_ratio", title: "… the sale takes as many times as long", unit: "",
                value: sale.value / recoveries.value),
        ]
    }

    /// The reference: what OpenSSL alone takes for the RSA in that sale.
    private func measureRecoveries() throws -> Figure {
        // Authority's and issuer's key, then the card's key for each cryptogram.
        let authority = try RSAPublicKey(modulus: [0xC7] + [UInt8](repeating: 0x5D, count: 247), exponent: 3)
        let card = try RSAPublicKey(modulus: [0xC7] + [UInt8](repeating: 0x5D, count: 191), exponent: 3)
        let long = [UInt8](repeating: 0x35, count: 248)
        let short = [UInt8](repeating: 0x35, count: 192)
        return Figure(
            "rsa_recoveries_ms", "… OpenSSL alone: its four RSA recoveries", "ms",
            try Stopwatch.nanoseconds {
                try [
                    authority.recover(long), authority.recover(long), card.recover(short), card.recover(short),
                ]
            }.map { $0 / 1e6 })
    }

    /// A sale that the issuer approves, turn by turn; throws unless the card's data were proved.
    private func makeSale(_ profile: CardProfile) throws -> [Turn] {
        var card = try SimulatedCard(profile)
        var kernel = ContactKernel(terminal: try BenchmarkCards.terminal, transaction: try BenchmarkCards.sale)
        var turns: [Turn] = []
        var event = ContactKernel.Event.begin
        var isSignature = false
        while turns.count < 100 {
            turns.append(Turn(kernel: kernel, event: event, isSignature: isSignature))
            let action = kernel.handle(event)
            isSignature = false
            switch action {
            case .transmit(let command):
                guard case .response(let response) = card.handle(command.bytes) else {
                    throw BenchmarkFailure("the card does not answer")
                }
                isSignature = command.ins == 0x88
                event = .response(response)
            case .requestOnlinePIN: event = .pin(.entered)
            case .requestOfflinePIN: event = .pin(.padFailed)
            case .goOnline(let request): event = .reply(try BenchmarkCards.reply(to: request))
            case .finish(.completed(.approvedOnline, let completion)):
                try BenchmarkCards.checkProof(completion.result)
                return turns
            default: throw BenchmarkFailure("the kernel ends the sale in phase \(kernel.phase)")
            }
        }
        throw BenchmarkFailure("the kernel does not come to an end")
    }
}
