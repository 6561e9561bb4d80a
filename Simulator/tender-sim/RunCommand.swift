import ArgumentParser
import FoundationEssentials
import Glibc
import HAL
import Payments
import SimulatedAcquirer
import SimulatedCards
import SimulatedDevices
import SimulatedShop
import Synchronization
import Terminal
import UnixSignals

/// `tender-sim run`: opens a shop around the real `tenderd` and makes a sale in it.
struct RunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run", abstract: "Open a demonstration shop and make one sale in it.",
        discussion: """
            Run it as Scripts/private-pcscd tender-sim run: then the card goes through a real pcscd. On a terminal the \
            shop stays open and a menu asks what happens next; otherwise, or with ONCE=1, it closes after the sale, and \
            the last line is one JSON object.
            """)

    @Option(help: "The amount of the first sale, in CNY.")
    var amount = "88.80"
    @Option(help: "The card of the first sale; see tender-sim cards.")
    var card = "unionpay-credit"
    @Option(help: "A printer of yours in the place of the simulated one, as the configuration has it: '{\"usb\": {}}'.")
    var printer: String?
    @Option(help: "A scanner of yours, as the configuration has it: '{\"usb\": {}}'.")
    var scanner: String?
    @Flag(help: "Put printer and scanner on an emulated USB bus (umockdev).")
    var usb = false
    @Option(
        help: ArgumentHelp(
            "Where the receipts go, 001.png and so on; a new folder in /tmp where absent.",
            valueName: "folder"))
    var receipts: String?
    @Option(help: "The daemon; beside tender-sim where absent.")
    var tenderd: String?

    func validate() throws {
        guard !usb || (printer == nil && scanner == nil) else {
            throw ValidationError("--usb has a printer and a scanner of its own")
        }
    }

    func run() async throws {
        let folder = try Self.makeFolder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let cleaner = await Self.cleanUpWhenInterrupted(folder)
        defer { cleaner.cancel() }
        let shop = try openShop(in: folder)
        defer { shop.close() }
        let pictures = ReceiptPictures(folder: receipts)
        async let shown: Void = pictures.show(shop.printer)
        let counter = usb ? try await USBCounter() : nil
        let isOnce = ProcessInfo.processInfo.environment["ONCE"] == "1" || !Screen.isTerminal
        let (amount, card) = (amount, card)
        let (report, end) = try await Daemon.run(
            program, in: shop, environment: counter?.environment ?? [:], line: Self.explain
        ) { daemon in
            try await daemon.setUpOperators()
            return try await withThrowingTaskGroup(of: Void.self) { group in
                let (started, source) = AsyncStream.makeStream(of: Void.self)
                group.addTask { try await daemon.followSteps(started: { source.yield() }, { Self.show($0) }) }
                _ = await started.first { true }
                let demonstration = Demonstration(
                    shop: shop, daemon: daemon, counter: counter, pictures: pictures)
                let report = try await demonstration.sale(amount, card: card)
                if !isOnce { try await demonstration.stayOpen() }
                group.cancelAll()
                return report
            }
        }
        shop.printer.stop()
        await shown
        await counter?.stop()
        guard end.isClean else {
            Screen.line("tenderd ended with \(end.isKilled ? "signal" : "code") \(end.code):\n\(end.log)")
            throw ExitCode.failure
        }
        // The last line is for programs.
        guard let report, let report else { throw ExitCode.failure }
        Screen.line(try Summary(report).line)
    }

    /// Ctrl-C reaches the daemon too, which then ends by itself; a prompt that waits for a line cannot be cancelled.
    private static func cleanUpWhenInterrupted(_ folder: String) async -> Task<Void, Never> {
        let signals = await UnixSignalsSequence(trapping: .sigint, .sigterm)
        return Task {
            for await _ in signals {
                try? FileManager.default.removeItem(atPath: folder)
                _exit(130)
            }
        }
    }

    private var program: String {
        if let tenderd { return tenderd }
        let path = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? "tender-sim"
        return path.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
            + "/tenderd"
    }

    private func openShop(in folder: String) throws -> Shop {
        var settings = try ShopConfiguration.ofEnvironment()
        switch settings.reader {
        case .pcsc(let name, _):
            Screen.line("reader     pcscd with the virtual reader \(name)")
            if case .pcsc(let field, _) = settings.field { Screen.line("field      the virtual reader \(field)") }
        case .vpcd: Screen.line("reader     no pcscd here: tenderd speaks the vpcd protocol itself (simulation only)")
        }
        let field = settings.field.map { ", tap at 127.0.0.1:\($0.port)" } ?? ""
        Screen.line("cards      insert at 127.0.0.1:\(settings.reader.port)\(field); see tender-sim cards")
        settings.cardSeconds = 120
        let (printer, scanner) = (
            printer ?? (usb ? #"{"usb": {}}"# : nil), scanner ?? (usb ? #"{"usb": {}, "listens": "always"}"# : nil)
        )
        (settings.printer, settings.scanner) = (printer, scanner)
        let counter = Counter()
        let shop = try Shop(
            folder: folder, settings, customer: { counter.answer($0) },
            display: { message in
                counter.read(message.text)
                let amount = message.amount.map { "  \($0.currency.code) \($0)" } ?? ""
                Screen.line("display    \(message.text.chinese) \(message.text.english)\(amount)")
            })
        counter.shop.withLock { $0 = shop }
        Screen.line("acquirer   127.0.0.1:\(shop.server.port), mutual TLS, a ledger and an issuer")
        Screen.line("PIN pad    127.0.0.1:\(shop.pinPad.port)")
        Screen.line("operators  99 administrator, PIN 975310; 00 supervisor, PIN 246810")
        Screen.line("printer    \(printer ?? "127.0.0.1:\(shop.printer.port), ESC/POS")")
        if let scanner { Screen.line("scanner    \(scanner)") }
        Screen.line("control    \(shop.controlSocket)")
        return shop
    }

    /// The customer at the counter, who knows every PIN and does what the display says.
    private final class Counter: Sendable {
        let shop = Mutex<Shop?>(nil)

        func answer(_ prompt: CustomerPrompt) -> CustomerAction {
            let account: TestAccount?
            switch prompt {
            case .pin(let request): account = CardLibrary.accounts.first { $0.number == request.pan.digits }
            case .cardPIN, .readerPIN:
                let card = shop.withLock { $0 }?.slot.card as? SimulatedCard
                account = card?.profile.applications.first?.account
            case .application: return .chooses(0)
            }
            return account.map { .enters($0.pin) } ?? .bypasses
        }

        func read(_ text: BilingualText) {
            guard ["See phone", "Present card again"].contains(where: text.english.hasPrefix),
                let field = shop.withLock({ $0 })?.field, let card = field.card
            else { return }
            field.remove()
            try? field.insert(card)
        }
    }

    /// One line for each step of a payment.
    private static func show(_ report: StepReport) -> Bool {
        let padding = String(repeating: " ", count: max(1, 22 - report.step.rawValue.count))
        let time = (report.milliseconds * 10).rounded() / 10
        Screen.line("step       \(report.step.rawValue)\(padding)\(report.detail)  (\(time) ms)")
        return true
    }

    /// Warnings and errors of the daemon.
    private static func explain(_ line: String) {
        if line.contains("\"level\":\"warning\"") || line.contains("\"level\":\"error\"") {
            Screen.line("tenderd    \(line)")
        }
    }

    private static func makeFolder() throws -> String {
        var template = Array("/tmp/tender-shop-XXXXXX\0".utf8CString.dropLast())
        guard mkdtemp(&template) != nil else { throw ValidationError("no folder can be made in /tmp") }
        return String(decoding: template.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
