import Acquiring
import Control
import FoundationEssentials
import Glibc
import HAL
import Journaling
import PCSCDriver
import PaymentCryptography
import Payments
import SimulatedAcquirer
import SimulatedCards
import SimulatedDevices
import SimulatedShop
import Synchronization
import SystemDriver
import Terminal
import Testing
import Wire

/// A whole shop with files of its own for one test, and daemons that work in it one after another. At the end, whatever
/// the test did: the journal is sound, ledger, journal and card agree, and nothing secret is anywhere.
final class Scene: Sendable {
    let shop: Shop
    let card: CardWitness
    let evidence = Evidence()
    private let customer: CustomerSeat
    private let accounts = Mutex<Set<TestAccount>>([])
    private let scans = Mutex<[String]>([])

    /// What the customer does at the PIN pad; types the card's PIN if not told otherwise.
    private final class CustomerSeat: Sendable {
        let action = Mutex<CustomerAction?>(nil)
        /// What comes first, in order.
        let once = Mutex<[CustomerAction]>([])
        /// The account of the card that came last.
        let account = Mutex<TestAccount?>(nil)
        /// What happens before the customer does anything at the PIN pad.
        let interruption = Mutex<(@Sendable () -> Void)?>(nil)
        /// What happens when the display shows something.
        let reaction = Mutex<(@Sendable (BilingualText) -> Void)?>(nil)

        /// What the customer does now, if not the right thing.
        func next() -> CustomerAction? {
            once.withLock { $0.isEmpty ? nil : $0.removeFirst() } ?? action.withLock { $0 }
        }
    }

    var folder: String { shop.folder }

    /// Sets a scene, plays `body` in it, looks at what is left, and clears everything away.
    static func play(
        _ change: (inout ShopConfiguration) -> Void = { _ in }, certificate: Shop.Certificate = .good,
        tls: ClosedRange<TLSVersion>? = nil, host: (inout AcquirerHost.Configuration) -> Void = { _ in },
        taps: Bool = false, audited: Bool = true, sourceLocation: SourceLocation = #_sourceLocation,
        _ body: (Scene) async throws -> Void
    ) async throws {
        var template = Array("/tmp/tender-test-XXXXXX".utf8CString)
        let folder = String(cString: try #require(mkdtemp(&template)))
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let scene = try Scene(folder, change, certificate, tls, host, taps)
        defer { scene.shop.close() }
        do {
            try await body(scene)
            try await scene.eject()
        } catch {
            try? await scene.eject()
            throw error
        }
        if audited { try scene.audit(sourceLocation) }
        scene.expectSecrecy(sourceLocation)
    }

    private init(
        _ folder: String, _ change: (inout ShopConfiguration) -> Void, _ certificate: Shop.Certificate,
        _ tls: ClosedRange<TLSVersion>?, _ host: (inout AcquirerHost.Configuration) -> Void,
        _ taps: Bool
    ) throws {
        var settings = try ShopConfiguration.ofEnvironment()
        if !taps { settings.field = nil }
        settings.replyMilliseconds = 3_000
        settings.responseMilliseconds = 1_500
        settings.cardSeconds = 20
        settings.pinSeconds = 20
        settings.printSeconds = 2
        change(&settings)
        let (card, customer) = (CardWitness(), CustomerSeat())
        self.card = card
        self.customer = customer
        shop = try Shop(
            folder: folder, settings,
            customer: { prompt in
                customer.interruption.withLock { $0 }?()
                if let action = customer.next() { return action }
                let account: TestAccount?
                switch prompt {
                case .pin(let request): account = CardLibrary.accounts.first { $0.number == request.pan.digits }
                case .cardPIN, .readerPIN: account = customer.account.withLock { $0 }
                case .application: return .chooses(0)
                }
                return account.map { .enters($0.pin) } ?? .bypasses
            },
            certificate: certificate, tls: tls, host: host, observer: { card.note($0, $1) },
            display: { message in customer.reaction.withLock { $0 }?(message.text) })
    }

    /// Has the customer do this at the PIN pad from now on; nil for the right PIN.
    func customer(does action: CustomerAction?) { customer.action.withLock { $0 = action } }

    /// Has the customer do these at the PIN pad before anything else, one after another.
    func customer(first actions: CustomerAction...) { customer.once.withLock { $0 = actions } }

    /// Has this happen before the customer does anything at the PIN pad.
    func beforePIN(_ body: @escaping @Sendable () -> Void) { customer.interruption.withLock { $0 = body } }

    /// Has this happen whenever the display shows a text that has this English in it, the first time.
    func once(_ english: String, _ body: @escaping @Sendable () -> Void) {
        let isOver = Mutex(false)
        customer.reaction.withLock {
            let former = $0
            $0 = { text in
                former?(text)
                guard text.english.contains(english),
                    !isOver.withLock({ over in
                        defer { over = true }
                        return over
                    })
                else { return }
                body()
            }
        }
    }

    /// What the display showed, in English.
    var shown: [String] { shop.pinPad.shown.map(\.text.english) }

    /// Takes the card out, and returns when the reader has seen it: pcscd looks every 400 ms, and takes a card that is
    /// changed in between for the old one.
    func eject() async throws {
        shop.slot.remove()
        shop.field?.remove()
        try await awaitRemoval(shop.configuration.reader)
        if let field = shop.configuration.field { try await awaitRemoval(field) }
    }

    private func awaitRemoval(_ reader: ShopConfiguration.Reader) async throws {
        guard case .pcsc(let name, _) = reader else { return }
        let clock = SystemClock()
        try await PCSCReader(named: name, clock: clock).awaitRemoval(
            deadline: clock.uptime.advanced(milliseconds: 10_000))
    }

    /// Puts a card into the slot, in the place of the one that is there.
    func insert(_ name: String = "unionpay-credit") async throws {
        try await eject()
        let profile = try #require(CardLibrary.card(named: name))
        accounts.withLock { for application in profile.applications { $0.insert(application.account) } }
        customer.account.withLock { $0 = profile.applications.first?.account }
        _ = try shop.insert(name)
    }

    /// Holds a card or phone into the field, in the place of the one that is there.
    func tap(_ name: String) async throws {
        try await eject()
        try present(name)
    }

    /// The same, where the field is empty.
    func present(_ name: String) throws {
        let profile = try #require(CardLibrary.card(named: name))
        accounts.withLock { for application in profile.applications { $0.insert(application.account) } }
        customer.account.withLock { $0 = profile.applications.first?.account }
        #expect(try shop.tap(name))
    }

    /// A scan that can pay: what it says must be nowhere afterwards.
    func guardScan(_ data: String) { scans.withLock { $0.append(data) } }

    /// The account of a card that somebody types in.
    func types(_ account: TestAccount, cvn2: String? = nil) -> PaymentOrder.TypedCard {
        accounts.withLock { _ = $0.insert(account) }
        return PaymentOrder.TypedCard(pan: account.number, expiry: account.expiry, cvn2: cvn2)
    }

    /// Takes the next sale's messages wrong in this way; sign-ins and reversals pass.
    func ask(_ fault: Fault, milliseconds: Int? = nil) {
        shop.faults.ask(fault, milliseconds: milliseconds) { Scene.isMessage($0, 0x0200) }
    }

    /// Whether a frame asks for money: a payment, a completion, a void, an advice.
    static func isFinancial(_ frame: [UInt8]) -> Bool { [0x0100, 0x0200, 0x0220].contains { isMessage(frame, $0) } }

    /// Whether a frame (length, TPDU, header, message) is of this type.
    static func isMessage(_ frame: [UInt8], _ type: UInt16) -> Bool {
        frame.count > 15 && UInt16(frame[13]) << 8 | UInt16(frame[14]) == type
    }

    /// Runs a daemon, which ends with `body` by SIGTERM if not otherwise before. `place` is a step or the number of one, at
    /// which it dies. One that `isWatched` is asked for everything it tells, for the search for secrets.
    @discardableResult
    func daemon<Value: Sendable>(
        pullPlugAt place: String? = nil, isWatched: Bool = true, launcher: [String] = [],
        environment: [String: String] = [:],
        _ body: @escaping @Sendable (Daemon) async throws -> Value
    ) async throws -> (value: Value?, end: Daemon.End) {
        var environment = environment
        environment["TENDER_PULL_PLUG_AT"] = place
        let result = try await Daemon.run(
            Programs.tenderd, in: shop, arguments: ["--log-level", "trace"], environment: environment,
            launcher: launcher, line: { if Programs.environment("TENDER_TEST_LOG") != nil { print($0) } }
        ) { daemon in
            let value = try await body(daemon)
            if isWatched { await self.interview(daemon) }
            return value
        }
        evidence.add("the log", result.end.log)
        if isWatched { evidence.addFiles(in: folder) }
        return result
    }

    /// Runs a daemon that must refuse to start: exit code 78, and one line on standard error that has all these words.
    func refuses(_ words: String..., sourceLocation: SourceLocation = #_sourceLocation) async throws {
        let (value, end) = try await daemon { _ in true }
        #expect(value == nil, "it started", sourceLocation: sourceLocation)
        #expect(end.code == 78 && !end.isKilled, sourceLocation: sourceLocation)
        #expect(end.log.split(separator: "\n").count == 1, "\(end.log)", sourceLocation: sourceLocation)
        for word in words where !word.isEmpty {
            #expect(end.log.contains(word), "\(end.log)", sourceLocation: sourceLocation)
        }
        #expect(access(shop.controlSocket, F_OK) != 0, "a socket was opened", sourceLocation: sourceLocation)
    }

    /// Asks all that the control API tells, for the search for secrets.
    private func interview(_ daemon: Daemon) async {
        func ask(_ path: String) async -> [UInt8] {
            let body = (try? await daemon.client.send(.get, path))?.body ?? []
            evidence.add("GET \(path)", body)
            return body
        }
        for path in ["/v1/status", "/v1/devices", "/v1/printer"] { _ = await ask(path) }
        let list = await ask("/v1/journal?limit=1000")
        let rows = (try? JSONDecoder().decode([JournalRow].self, from: Data(list))) ?? []
        for row in rows where row.kind != "started" { _ = await ask("/v1/journal/\(row.sequence)") }
        for id in Set(rows.compactMap(\.id)) {
            _ = await ask("/v1/payments/\(id)")
            for copy in ["merchant", "customer", "bank"] {
                for form in ["text", "html", "escpos"] { _ = await ask("/v1/receipts/\(id)?copy=\(copy)&form=\(form)") }
            }
        }
        evidence.addFiles(in: folder)
    }

    // MARK: What is left

    /// Where the journal is, if one was made: in the folder, or on a disk mounted there.
    var journalFile: String? {
        ["\(folder)/disk/journal.db", "\(folder)/journal.db"].first { access($0, F_OK) == 0 }
    }

    /// Takes the journal away, as after the change of a terminal; no daemon may run.
    func forgetJournal() {
        for name in ["journal.db", "journal.db-wal", "journal.db-shm", "journal.db.lock"] {
            unlink("\(folder)/\(name)")
        }
    }

    /// The journal as it lies on the disk; no daemon may run.
    func open<Value>(journal: String, _ body: (Journal) throws -> Value) throws -> Value {
        try body(try open(journal))
    }

    /// The same, for as long as `body` takes.
    func open<Value>(journal: String, _ body: (Journal) async throws -> Value) async throws -> Value {
        try await body(try open(journal))
    }

    private func open(_ path: String) throws -> Journal {
        let keys = try KeyStore(
            path: "\(folder)/keys.json", keyEncryptionKey: try FileKeyEncryptionKey(path: "\(folder)/kek"))
        return try Journal(path: path, key: try keys.journalKey())
    }

    private func expectSecrecy(_ location: SourceLocation) {
        for (index, receipt) in shop.printer.receipts.enumerated() { evidence.add("receipt \(index)", receipt) }
        for message in shop.pinPad.shown {
            evidence.add("the display", message.text.chinese + " " + message.text.english)
        }
        let masterKey = PaymentCryptography.TestKeys.terminalMasterKey
        var pinKey: CipherKey?
        if let keys = try? KeyStore(
            path: "\(folder)/keys.json", keyEncryptionKey: try FileKeyEncryptionKey(path: "\(folder)/kek")),
            let sealed = keys.workingKeys?.pinKey, let master = keys.masterKey
        {
            pinKey = try? CipherKey(deciphering: sealed.cipherText, under: master, expecting: sealed.checkValue)
        }
        var secrets = [Evidence.Secret(name: "the terminal master key", bytes: masterKey.withBytes { Array($0) })]
        for (name, pin) in [
            ("the administrator's PIN", ShopConfiguration.administratorPIN),
            ("the supervisor's PIN", ShopConfiguration.supervisorPIN),
        ] {
            secrets.append(
                Evidence.Secret(name: name, bytes: pin?.digits.withBytes { Array($0) } ?? [], standsAlone: true))
        }
        secrets += scans.withLock { $0 }.map { Evidence.Secret(name: "a scan that can pay", bytes: Array($0.utf8)) }
        for account in accounts.withLock({ $0 }) {
            secrets += Evidence.secrets(of: account, tracks: card.tracks, pinKey: pinKey)
        }
        for place in evidence.found(secrets) { Issue.record("\(place)", sourceLocation: location) }
    }
}
