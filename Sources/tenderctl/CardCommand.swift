import ArgumentParser
import Diagnostics
import HAL
import Payments
import Terminal

/// `tenderctl card read|trace|replay`
struct CardCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "card", abstract: "Examine cards; record and replay their sessions. Needs no daemon.",
        subcommands: [Read.self, CardTraceCommand.self, CardReplayCommand.self])

    struct Read: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show what a card says of itself.",
            discussion: """
                No cryptogram is asked for and no PIN is tried. In the slot each application is opened, which counts its \
                ATC up by one; through the air it is only selected.
                """)

        @OptionGroup var slot: CardReaderOptions
        @Flag(help: "Print the answer as JSON.")
        var json = false
        @Flag(help: "Show account number, tracks and name in clear.")
        var reveal = false

        func run() async throws {
            let settings = try loadConfiguration(slot.config)
            let script = try slot.script(settings, amount: Money(minorUnits: 0, .cny))
            let report = try await slot.withCard(settings) { card in try await read(card, script) }
            Console.print(json ? report.json(reveal: reveal).text : report.text(reveal: reveal))
            if !report.isComplete { throw ExitStatus.failed }
        }

        private func read(_ card: CardInReader, _ script: ReplayTerminal) async throws -> CardReport {
            var examination = CardExamination(
                script, answerToReset: card.answerToReset, isContactless: slot.contactless)
            var step = examination.begin()
            while true {
                switch step {
                case .finish(let report): return report
                case .transmit(let command):
                    do throws(DeviceError) {
                        guard let response = try await card.transmit(command) else {
                            return examination.cardLost("the card was taken away")
                        }
                        step = examination.receive(response)
                    } catch {
                        return examination.cardLost("the card does not answer any more (\(error))")
                    }
                }
            }
        }
    }
}
