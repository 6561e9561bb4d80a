import EMV
import HAL
import Payments

/// Leads one card through one payment: waits for it in the slot or in the field, does what the kernel asks, with readers and
/// PIN pad, until the kernel wants the issuer or has decided. Every wait ends: by its deadline, by the card's removal, or when
/// the task is cancelled.
actor CardSession {
    /// Where the kernel lets go.
    enum Pause: Sendable {
        /// The issuer is to be asked; the PIN block is there if a PIN was entered.
        case online(OnlineRequest, CardSummary, pinBlock: SecretBytes?)
        /// Card and terminal came to a decision.
        case completed(KernelOutcome.Verdict, KernelOutcome.Completion)
        /// The customer cancelled, or the task was.
        case cancelled
        /// It cannot go on.
        case failed(PaymentFailure)
    }

    /// Where a card can be.
    enum Place: Sendable {
        /// In the reader with contacts.
        case slot
        /// In the field of the contactless one.
        case field
    }

    /// Milliseconds spent waiting for card and customer so far.
    private(set) var waitedMilliseconds = 0.0
    /// Whether the PIN pad failed when it was asked: it may have lost its key.
    var hasPINPadFailed = false
    /// Where the card came; nil before.
    private(set) var place: Place?

    let terminal: TerminalData
    let transaction: TransactionData
    let devices: Devices
    let waits: WaitSettings
    let report: @Sendable (Step, String) async -> Void
    /// Leads a card in the slot.
    var contact: ContactKernel
    /// Leads a card in the field, over all its presentations.
    var tap: EntryPoint
    var pinBlock: SecretBytes?
    /// What a device had to say that the kernel cannot know.
    var failure: PaymentFailure?
    /// What stood in the place of PIN and signature of a tap.
    var waiver: VerificationWaiver?
    private var isApplicationReported = false
    /// What the card itself has taken of its time.
    private var cardMilliseconds = 0.0

    /// The time of a card for all its answers of one payment. A slow one with every authentication takes five seconds; one that
    /// answers each command just in time would hold the counter for minutes.
    private static let cardLimitMilliseconds = 30_000.0

    /// A session that knows of taps that were `torn` apart earlier, and reports its steps to `report` as they happen.
    init(
        terminal: TerminalData, transaction: TransactionData, torn: [TornTransaction], devices: Devices,
        waits: WaitSettings, report: @escaping @Sendable (Step, String) async -> Void
    ) {
        self.terminal = terminal
        self.transaction = transaction
        self.devices = devices
        self.waits = waits
        self.report = report
        contact = ContactKernel(terminal: terminal, transaction: transaction)
        tap = EntryPoint(terminal: terminal, transaction: transaction, torn: torn)
    }

    /// Waits for a card and leads it to its first cryptogram.
    func read() async -> Pause {
        var places: [Place] = devices.field == nil || terminal.combinations.isEmpty ? [.slot] : [.slot, .field]
        var text = places == [.slot] ? CustomerText.insertCard : CustomerText.presentOrInsertCard
        while true {
            await show(text)
            let tapped: Tapped
            switch await arrival(at: places) {
            case .card(.slot, let reset):
                place = .slot
                waiver = nil
                await report(.cardInserted, "ATR of \(reset.count) bytes")
                await show(CustomerText.reading)
                return await drive(.begin)
            case .card(.field, let reset):
                place = .field
                await report(.cardInserted, "tapped, ATR of \(reset.count) bytes")
                tapped = await drive(tap: .begin)
            case .unusable(let event): tapped = await drive(tap: event)
            case .nobody(let pause): return pause
            }
            switch tapped {
            case .pause(let pause): return pause
            case .again(let message): text = message
            case .elsewhere(let message):
                text = message
                places = [.slot]
            }
        }
    }

    /// Tells the card what the issuer answered.
    func complete(_ reply: OnlineReply) async -> Pause {
        switch place {
        case .field: await decided(.reply(reply))
        case .slot, nil: await drive(.reply(reply))
        }
    }

    /// Tells the card that its issuer cannot be asked.
    func completeOffline() async -> Pause {
        switch place {
        case .field: await decided(.unableToGoOnline)
        case .slot, nil: await drive(.unableToGoOnline)
        }
    }

    private func decided(_ event: EntryPoint.Event) async -> Pause {
        guard case .pause(let pause) = await drive(tap: event) else {
            return .failed(PaymentFailure(.cardUnreadable, "the tap came to no decision"))
        }
        return pause
    }

    /// The card, once its records are read.
    var card: CardRead? { place == .field ? tap.card : contact.card }

    /// What may be known of it. `pinEntry` is the PIN that went to the issuer after a tap; the slot's kernel knows its own.
    func summary(_ pinEntry: PINEntry = .none) -> CardSummary? {
        card.map {
            CardSummary(
                maskedPAN: $0.pan.masked, expiry: $0.expiry, sequenceNumber: $0.sequenceNumber,
                entryMode: place == .field ? .contactlessChip : .contactChip,
                pinEntry: place == .field ? pinEntry : contact.pinEntry,
                application: $0.application, waiver: waiver)
        }
    }

    /// Takes the card's power away and lets the customer take it.
    func end() async {
        await devices.reader.powerDown()
        await devices.field?.powerDown()
    }

    // MARK: What both kernels need

    func reportApplication(_ application: CardApplication?) async {
        guard !isApplicationReported, let application else { return }
        isApplicationReported = true
        await report(.applicationSelected, "\(application.label) \(application.aid)")
    }

    /// What came of a command.
    enum Exchanged {
        case response([UInt8])
        case removed
        case mute
        case cancelled
    }

    func transmit(_ command: CommandAPDU, to reader: any CardReader) async -> Exchanged {
        guard !Task.isCancelled else { return .cancelled }
        let start = devices.clock.uptime
        let left = max(1, Int(Self.cardLimitMilliseconds - cardMilliseconds))
        defer { cardMilliseconds += devices.clock.uptime.milliseconds(since: start) }
        do {
            return .response(
                try await timed { () async throws(DeviceError) in
                    try await reader.transmit(
                        command.bytes, deadline: deadline(milliseconds: min(left, waits.responseMilliseconds)))
                })
        } catch {
            switch error.kind {
            case .cardRemoved: return .removed
            case .cancelled: return .cancelled
            case .timeout, .cardMute: return .mute
            default:
                failure = PaymentFailure(.readerUnavailable, "\(error)")
                return .mute
            }
        }
    }

    func deadline(seconds: Int) -> Uptime { deadline(milliseconds: seconds * 1000) }

    func deadline(milliseconds: Int) -> Uptime { devices.clock.uptime.advanced(milliseconds: milliseconds) }

    /// The display is a device as the others: the time until it has shown the text is not the terminal's own.
    func show(_ text: BilingualText) async {
        let start = devices.clock.uptime
        await devices.show(text, amount: transaction.amount)
        waited(since: start)
    }

    func timed<Value: Sendable>(
        _ body: () async throws(DeviceError) -> Value
    ) async throws(DeviceError) -> Value {
        let start = devices.clock.uptime
        defer { waited(since: start) }
        return try await body()
    }

    /// The time since `start` was somebody else's.
    func waited(since start: Uptime) {
        waitedMilliseconds += devices.clock.uptime.milliseconds(since: start)
    }
}
