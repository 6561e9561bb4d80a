import ArgumentParser
import Diagnostics
import EMV
import FoundationEssentials
import HAL
import Payments
import Terminal

/// `tenderctl card trace [FILE]`
struct CardTraceCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "trace", abstract: "Record a card's session, a payment that ends without its issuer.",
        discussion: """
            The terminal's own flow up to the first cryptogram; then the card is told that its issuer cannot be asked, and \
            must decline (Z3). Nothing goes to an acquirer, nothing is charged. The card counts a payment. What is recorded \
            with --reveal can be replayed; without, card data are replaced.
            """)

    @OptionGroup var slot: CardReaderOptions
    @Option(help: "The amount that the card is told, in yuan.")
    var amount = "1.00"
    @Flag(help: "Record account number, tracks and name in clear: a replay needs them.")
    var reveal = false
    @Argument(help: "The file to write; standard output without one.")
    var file: String?

    func run() async throws {
        let settings = try loadConfiguration(slot.config)
        let money: Money
        do {
            money = try Money(amount, .cny)
        } catch {
            throw ValidationError("--amount: \(error.words)")
        }
        var script = try slot.script(settings, amount: money)
        script.decidesNothing()
        let (transcript, ending) = try await slot.withCard(settings) { card in try await record(card, script) }
        let text = transcript.text(reveal: reveal)
        if let file {
            try write(text, to: file)
        } else {
            Console.print(text)
        }
        Console.note("\(transcript.entries.count) entries; \(ending.words). Nothing went to an acquirer.")
    }

    private func record(
        _ card: CardInReader, _ script: ReplayTerminal
    ) async throws -> (Transcript, KernelRun.Ending) {
        var transcript = Transcript()
        transcript.answerToReset = card.answerToReset
        transcript.terminal = script.json.text
        var run = KernelRun(script, isContactless: slot.contactless)
        var step = run.handle(.begin)
        while true {
            switch step {
            case .finish(let ending): return (transcript, ending)
            // One presentation is recorded.
            case .present: return (transcript, .tryAgain)
            // Never: the script says that there is no PIN pad.
            case .offlinePIN: step = run.handle(.pin(.padFailed))
            case .transmit(let command):
                do throws(DeviceError) {
                    let response = try await card.transmit(command)
                    transcript.entries.append(.exchange(command: command.bytes, response: response))
                    if let response {
                        step = run.handle(.response(response))
                    } else {
                        transcript.entries.append(.removed)
                        step = run.handle(.cardRemoved)
                    }
                } catch {
                    transcript.entries.append(.exchange(command: command.bytes, response: nil))
                    step = run.handle(.cardMute)
                }
            }
        }
    }

    /// A file that only its owner may read.
    private func write(_ text: String, to file: String) throws {
        do {
            try Data().write(to: URL(filePath: file))
            try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: file)
            try Data(text.utf8).write(to: URL(filePath: file))
        } catch {
            Console.fail("\(file) cannot be written")
            throw ExitStatus.failed
        }
    }
}

extension ReplayTerminal {
    /// Lets the terminal want the issuer for everything, and decline without it: no card is to approve a trace.
    fileprivate mutating func decidesNothing() {
        for index in terminal.applications.indices {
            terminal.applications[index].tacOnline = .all
            terminal.applications[index].tacDefault = .all
        }
        for index in terminal.combinations.indices {
            terminal.combinations[index].parameters.tacOnline = .all
            terminal.combinations[index].parameters.tacDefault = .all
        }
    }
}

extension KernelRun.Ending {
    /// What came of a trace.
    fileprivate var words: String {
        switch self {
        case .completed(let verdict, _): "the payment ended as \(verdict.rawValue)"
        case .ended(let failure): "the card's session broke off: \(failure.detail) (EMV \(failure.clause))"
        case .tryAgain: "the card is to be presented again"
        case .tryAnotherInterface: "the card is to be inserted or swiped"
        case .unexpected: "the kernel did not expect this"
        }
    }
}
