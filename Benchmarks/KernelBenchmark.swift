import EMV
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
        let turns = try makeSale()
        guard let index = turns.firstIndex(where: \.isSignature), index > 0 else {
            throw BenchmarkFailure("the card gave no dynamic signature")
        }
        // The record before it is the last one: with it the kernel has all it needs to recover the card's key.
        let (record, signature) = (turns[index - 1], turns[index])
        let start = turns[0].kernel
        return [
            Figure(
                "dda_us", "DDA: issuer's and card's certificate, signed dynamic data", "µs",
                Stopwatch.nanoseconds {
                    var kernel = record.kernel
                    _ = kernel.handle(record.event)
                    return kernel.handle(signature.event)
                }.map { $0 / 1e3 }),
            Figure(
                "kernel_sale_ms", "the kernel's own time in a whole chip sale with DDA", "ms",
                Stopwatch.nanoseconds {
                    var kernel = start
                    for turn in turns { _ = kernel.handle(turn.event) }
                    return kernel
                }.map { $0 / 1e6 }, budget: 5),
        ]
    }

    /// A sale that the issuer approves, turn by turn; throws unless the card's data were proved.
    private func makeSale() throws -> [Turn] {
        var card = try SimulatedCard(CardLibrary.unionPayDebit)
        var kernel = try makeKernel()
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
            case .goOnline(let request): event = .reply(try reply(to: request))
            case .finish(.completed(.approvedOnline, let completion)):
                let tvr = try Hex.decode(completion.result.tvr)
                guard tvr[0] & 0b1100_1100 == 0 else { throw BenchmarkFailure("TVR \(completion.result.tvr)") }
                return turns
            default: throw BenchmarkFailure("the kernel ends the sale in phase \(kernel.phase)")
            }
        }
        throw BenchmarkFailure("the kernel does not come to an end")
    }

    private func makeKernel() throws -> ContactKernel {
        let terminal = TerminalData(
            applications: TestTerminalParameters.applications, caKeys: try TestTerminalParameters.caKeys(),
            countryCode: 156, serialNumber: "TENDER01", terminalID: "10000001", merchantID: "898100012340001")
        let transaction = TransactionData(
            amount: Money(minorUnits: 8880, .cny),
            time: LocalDateTime(year: 2026, month: 11, day: 22, hour: 13, minute: 15, second: 0), stan: .first,
            unpredictableNumber: 0x1122_3344, randomPercent: 50)
        guard let transaction else { throw BenchmarkFailure("no transaction") }
        return ContactKernel(terminal: terminal, transaction: transaction)
    }

    private func reply(to request: OnlineRequest) throws -> OnlineReply {
        let check = CardIssuer().check(
            chipData: request.chipData, pan: request.card.pan, sequenceNumber: request.card.sequenceNumber)
        guard case .genuine(let cryptogram) = check else { throw BenchmarkFailure("the cryptogram is \(check)") }
        return OnlineReply(
            approved: true, code: "00", chipData: try cryptogram.issuerAuthenticationData(responseCode: "00").encoded)
    }
}
