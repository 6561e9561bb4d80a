import ArgumentParser
import Diagnostics
import EMV
import HAL
import SystemDriver
import Terminal

/// `tenderctl reader test`
struct ReaderCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reader", abstract: "Examine the card readers. Needs no daemon.", subcommands: [Test.self])

    struct Test: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Wait for a card, explain its answer to reset, and measure how fast it answers.",
            discussion: """
                The command that is measured selects the directory of payment applications: it changes nothing on a card. \
                While tenderd waits for a card it holds the reader, and this says that the card is in use.
                """)

        @OptionGroup var slot: CardReaderOptions
        @Option(help: "How many commands are measured, 1 to 10000.")
        var count = 100
        @Flag(help: "Print the answer as JSON.")
        var json = false

        func validate() throws {
            guard (1...10_000).contains(count) else { throw ValidationError("--count is 1 to 10000") }
        }

        func run() async throws {
            let settings = try loadConfiguration(slot.config)
            if !json { Console.note("waiting \(slot.seconds) s for a card") }
            let (answer, latency) = try await slot.withCard(settings) { card in
                (try? AnswerToReset(card.answerToReset), try await measure(card))
            }
            guard let answer else {
                Console.fail("the card's answer to reset is none")
                throw ExitStatus.failed
            }
            guard json else { return Console.print("\(answer.text)\(latency.words)") }
            Console.print(
                JSONValue.object([.init("answerToReset", answer.json), .init("latency", latency.json)]).text)
        }

        private func measure(_ card: CardInReader) async throws(DeviceError) -> Latency {
            let directory = Array((slot.contactless ? "2PAY.SYS.DDF01" : "1PAY.SYS.DDF01").utf8)
            var latency = Latency()
            for _ in 0..<count {
                let start = card.clock.uptime
                guard try await card.transmit(.select(directory)) != nil else {
                    throw DeviceError(.cardRemoved, "SCardTransmit")
                }
                latency.microseconds.append(Int(card.clock.uptime.milliseconds(since: start) * 1000))
            }
            return latency
        }
    }
}

/// How long a card took for each of a number of commands.
private struct Latency {
    var microseconds: [Int] = []

    /// The time within which `percent` of all commands were answered.
    private func percentile(_ percent: Int) -> Int {
        let sorted = microseconds.sorted()
        return sorted.isEmpty ? 0 : sorted[min(sorted.count - 1, sorted.count * percent / 100)]
    }

    var words: String {
        func milliseconds(_ percent: Int) -> String {
            let time = percentile(percent)
            let fraction = String(time % 1000 / 10)
            return "\(time / 1000).\(fraction.count < 2 ? "0" : "")\(fraction) ms"
        }
        return "APDU latency over \(microseconds.count) commands: p50 \(milliseconds(50)), p99 \(milliseconds(99))"
    }

    var json: JSONValue {
        .object([
            .init("count", .number(microseconds.count)), .init("p50Microseconds", .number(percentile(50))),
            .init("p99Microseconds", .number(percentile(99))),
        ])
    }
}
