import Diagnostics
import EMV
import Payments
import SimulatedCards
import Wire

/// A technician's replay of a recorded session: the file read, played against the kernel, and written out as text.
struct ReplayBenchmark {
    /// As many commands as the session has, GET RESPONSE counted.
    private static let commands = 22

    func run() throws -> [Figure] {
        let (transcript, terminal) = try record()
        let count = transcript.entries.count
        guard count >= Self.commands else { throw BenchmarkFailure("the session has \(count) commands") }
        let file = Array(transcript.text(reveal: true).utf8)
        guard Replay(try Transcript(file), terminal: terminal).isEqual else {
            throw BenchmarkFailure("the replay differs from its recording")
        }
        return [
            Figure(
                "replay_ms", "replay: read a session of \(count) APDUs with CDA, play it, write it out", "ms",
                try Stopwatch.nanoseconds {
                    Replay(try Transcript(file), terminal: terminal).text(reveal: false)
                }.map { $0 / 1e6 }, budget: 2)
        ]
    }

    /// A sale with a card that speaks T=0, so that half of its commands fetch what the others announced.
    private func record() throws -> (Transcript, ReplayTerminal) {
        var profile = BenchmarkCards.combined
        profile.transmission = .t0
        var card = try SimulatedCard(profile)
        var terminal = ReplayTerminal(terminal: try BenchmarkCards.terminal, transaction: try BenchmarkCards.sale)
        var transcript = Transcript()
        var kernel = ContactKernel(terminal: terminal.terminal, transaction: terminal.transaction)
        var event = ContactKernel.Event.begin
        while true {
            switch kernel.handle(event) {
            case .transmit(let command):
                guard case .response(let response) = card.handle(command.bytes) else {
                    throw BenchmarkFailure("the card does not answer")
                }
                transcript.entries.append(.exchange(command: command.bytes, response: response))
                event = .response(response)
            case .requestOnlinePIN: event = .pin(.entered)
            case .goOnline(let request):
                let reply = try BenchmarkCards.reply(to: request)
                terminal.reply = .answered(reply)
                event = .reply(reply)
            case .finish(.completed(.approvedOnline, let completion)):
                try BenchmarkCards.checkProof(completion.result)
                return (transcript, terminal)
            default: throw BenchmarkFailure("the kernel ends the session in phase \(kernel.phase)")
            }
        }
    }
}
