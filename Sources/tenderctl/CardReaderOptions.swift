import ArgumentParser
import Diagnostics
import EMV
import HAL
import PCSCDriver
import PaymentCryptography
import Payments
import SystemDriver
import Terminal

/// Where a card is to be found, and what this terminal knows of cards.
struct CardReaderOptions: ParsableArguments {
    @Option(help: "The daemon's configuration file: reader, applications and CA keys.")
    var config = "/etc/tender/tender.json"
    @Option(help: "A PC/SC reader by its name, in place of the configured one.")
    var reader: String?
    @Flag(help: "The card is tapped.")
    var contactless = false
    @Option(help: "Seconds to wait for a card.")
    var seconds = 60

    func validate() throws {
        guard (1...3600).contains(seconds) else { throw ValidationError("--seconds is 1 to 3600") }
    }

    /// Waits for a card and lets `body` speak with it; takes its power away in the end.
    func withCard<Value>(
        _ settings: Configuration, _ body: (CardInReader) async throws -> Value
    ) async throws -> Value {
        let clock = SystemClock()
        let found = PCSCReader(named: try name(settings), clock: clock)
        do {
            let reset = try await found.awaitCard(deadline: clock.uptime.advanced(milliseconds: seconds * 1000))
            let card = CardInReader(
                reader: found, clock: clock, responseMilliseconds: settings.waits.responseMilliseconds,
                answerToReset: reset)
            let value = try await body(card)
            await found.powerDown()
            return value
        } catch let error as DeviceError {
            await found.powerDown()
            Console.fail(words(error))
            throw ExitStatus.failed
        }
    }

    private func words(_ error: DeviceError) -> String {
        switch error.kind {
        case .timeout: "no card within \(seconds) s"
        case .busy: "the card is in use: does tenderd wait for a card just now? (\(error))"
        case .absent: "no reader: is it connected, does pcscd run, is its name right? (\(error))"
        case .cardMute: "the card does not answer (\(error))"
        case .cardRemoved: "the card was taken away (\(error))"
        default: "\(error)"
        }
    }

    private func name(_ settings: Configuration) throws -> String? {
        if let reader { return reader }
        switch contactless ? settings.contactlessReader : settings.reader {
        case .pcsc(let name)?: return name
        case .vpcd?:
            Console.fail(
                "\(config): the reader is a simulated one of the daemon's own; name a PC/SC reader with --reader")
        case nil:
            Console.fail("\(config): no contactlessReader is configured; name a PC/SC reader with --reader")
        }
        throw ExitStatus.configuration
    }

    /// This terminal with a payment of its own, which ends without its issuer.
    func script(_ settings: Configuration, amount: Money) throws -> ReplayTerminal {
        let number: [UInt8]
        do {
            number = try SystemEntropy().bytes(4)
        } catch {
            Console.fail("\(error)")
            throw ExitStatus.failed
        }
        let now = SystemClock().localTime()
        let transaction = TransactionData(
            amount: amount, time: now, stan: .first,
            unpredictableNumber: number.reduce(0) { $0 << 8 | UInt32($1) }, randomPercent: 0, forcedOnline: true)
        guard let transaction else { throw ValidationError("an amount has at most twelve digits") }
        // Without the key of the daemon's files only what the configuration says is known.
        let key = try? FileKeyEncryptionKey(path: settings.files.keyEncryptionKey)
        let downloads = key.map { DownloadStore(folder: settings.files.folder, key: $0) }
        var script = ReplayTerminal(
            terminal: settings.terminalData(with: downloads, on: now), transaction: transaction)
        // Account numbers of others do not belong into a recording.
        script.terminal.exceptionFile = []
        script.reply = .unable
        script.pins = [.failed]
        return script
    }
}

/// A card that is powered in a reader.
struct CardInReader {
    let reader: PCSCReader
    let clock: SystemClock
    let responseMilliseconds: Int
    let answerToReset: [UInt8]

    /// The card's answer to a command; nil if it left. Throws what else the reader reports.
    func transmit(_ command: CommandAPDU) async throws(DeviceError) -> [UInt8]? {
        do throws(DeviceError) {
            return try await reader.transmit(
                command.bytes, deadline: clock.uptime.advanced(milliseconds: responseMilliseconds))
        } catch {
            guard error.kind == .cardRemoved else { throw error }
            return nil
        }
    }
}
