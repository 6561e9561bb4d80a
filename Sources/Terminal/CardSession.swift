import EMV
import HAL
import Payments

/// Leads one card through one payment: does what the kernel asks, with reader and PIN pad, until the kernel wants the
/// issuer or has decided. Every wait ends: by its deadline, by the card's removal, or when the task is cancelled.
actor CardSession {
    /// Where the kernel lets go.
    enum Pause: Sendable {
        /// The issuer is to be asked; the PIN block is there if a PIN was entered.
        case online(OnlineRequest, pinBlock: SecretBytes?)
        /// Card and terminal came to a decision.
        case completed(KernelOutcome.Verdict, KernelOutcome.Completion)
        /// The customer cancelled, or the task was.
        case cancelled
        /// It cannot go on.
        case failed(PaymentFailure)
    }

    /// Milliseconds spent waiting for card and customer so far.
    private(set) var waitedMilliseconds = 0.0

    /// Whether the PIN pad failed when it was asked: it may have lost its key.
    private(set) var hasPINPadFailed = false

    private let devices: Devices
    private let waits: WaitSettings
    private let amount: Money
    private let report: @Sendable (Step, String) async -> Void
    private var kernel: ContactKernel
    private var pinBlock: SecretBytes?
    private var failure: PaymentFailure?
    private var isApplicationReported = false

    /// A session that reports its steps to `report` as they happen.
    init(
        kernel: ContactKernel, amount: Money, devices: Devices, waits: WaitSettings,
        report: @escaping @Sendable (Step, String) async -> Void
    ) {
        self.kernel = kernel
        self.amount = amount
        self.devices = devices
        self.waits = waits
        self.report = report
    }

    /// Waits for a card and leads it to its first cryptogram.
    func read() async -> Pause {
        await show(BilingualText("请插卡", "Insert card"))
        do {
            let reset = try await timed { () async throws(DeviceError) in
                try await devices.reader.awaitCard(deadline: deadline(seconds: waits.cardSeconds))
            }
            await report(.cardInserted, "ATR of \(reset.count) bytes")
        } catch {
            return switch error.kind {
            case .timeout: .failed(PaymentFailure(.noCard, "no card within \(waits.cardSeconds) s"))
            case .cancelled: .cancelled
            case .cardMute: .failed(PaymentFailure(.cardUnreadable, "\(error)"))
            case .cardRemoved: .failed(PaymentFailure(.cardRemoved, "\(error)"))
            default: .failed(PaymentFailure(.readerUnavailable, "\(error)"))
            }
        }
        await show(BilingualText("正在读卡，请勿拔卡", "Reading, leave the card in"))
        return await drive(.begin)
    }

    /// Tells the card what the issuer answered.
    func complete(_ reply: OnlineReply) async -> Pause {
        await drive(.reply(reply))
    }

    /// Tells the card that its issuer cannot be asked.
    func completeOffline() async -> Pause {
        await drive(.unableToGoOnline)
    }

    /// The card, once its records are read.
    var card: CardRead? { kernel.card }

    /// Takes the card's power away and lets the customer take it.
    func end() async {
        await devices.reader.powerDown()
    }

    private func drive(_ first: ContactKernel.Event) async -> Pause {
        var event = first
        while true {
            let action = kernel.handle(event)
            await reportApplication()
            switch action {
            case .transmit(let command): event = await transmit(command)
            // The pad of this release has no list to choose from: the card's own preference comes first.
            case .chooseApplication: event = .applicationChosen(0)
            case .requestOnlinePIN(let pan): event = await askPIN(pan)
            case .requestOfflinePIN: event = .pin(.padFailed)
            case .goOnline(let request): return .online(request, pinBlock: pinBlock)
            case .finish(let outcome): return pause(outcome)
            case .ignore: return .failed(PaymentFailure(.cardUnreadable, "the kernel did not expect \(event)"))
            }
        }
    }

    private func pause(_ outcome: KernelOutcome) -> Pause {
        // A reader or a PIN that failed explains an end, but takes back no decision.
        switch outcome {
        case .completed(let verdict, let completion): .completed(verdict, completion)
        case .ended(let ended): (failure ?? ended.paymentFailure).map { .failed($0) } ?? .cancelled
        }
    }

    private func reportApplication() async {
        guard !isApplicationReported, let application = kernel.application else { return }
        isApplicationReported = true
        await report(.applicationSelected, "\(application.label) \(application.aid)")
    }

    private func transmit(_ command: CommandAPDU) async -> ContactKernel.Event {
        guard !Task.isCancelled else { return .cancelled }
        do {
            return .response(
                try await timed { () async throws(DeviceError) in
                    try await devices.reader.transmit(
                        command.bytes, deadline: deadline(milliseconds: waits.responseMilliseconds))
                })
        } catch {
            switch error.kind {
            case .cardRemoved: return .cardRemoved
            case .cancelled: return .cancelled
            case .timeout, .cardMute: return .cardMute
            default:
                failure = PaymentFailure(.readerUnavailable, "\(error)")
                return .cardMute
            }
        }
    }

    private func askPIN(_ pan: PAN) async -> ContactKernel.Event {
        guard let pinPad = devices.pinPad else { return .pin(.padFailed) }
        await show(BilingualText("请输入密码", "Enter PIN"))
        do {
            let result = try await timed { () async throws(DeviceError) in
                try await pinPad.enterPIN(
                    PINRequest(pan: pan, amount: amount), deadline: deadline(seconds: waits.pinSeconds))
            }
            await show(BilingualText("处理中", "Processing"))
            switch result {
            case .entered(let block):
                pinBlock = block
                await report(.pinEntered, "PIN block of \(block.count) bytes")
                return .pin(.entered)
            case .bypassed:
                await report(.pinEntered, "bypassed")
                return .pin(.bypassed)
            case .cancelled:
                return .cancelled
            }
        } catch {
            switch error.kind {
            case .cancelled: return .cancelled
            case .timeout:
                failure = PaymentFailure(.noPIN, "no PIN within \(waits.pinSeconds) s")
                return .cancelled
            default:
                hasPINPadFailed = true
                await report(.pinEntered, "PIN pad failed: \(error)")
                return .pin(.padFailed)
            }
        }
    }

    private func deadline(seconds: Int) -> Uptime { deadline(milliseconds: seconds * 1000) }

    private func deadline(milliseconds: Int) -> Uptime { devices.clock.uptime.advanced(milliseconds: milliseconds) }

    /// The display is a device as the others: the time until it has shown the text is not the terminal's own.
    private func show(_ text: BilingualText) async {
        let start = devices.clock.uptime
        await devices.display?.show(text, amount: amount)
        waitedMilliseconds += devices.clock.uptime.milliseconds(since: start)
    }

    private func timed<Value: Sendable>(
        _ body: () async throws(DeviceError) -> Value
    ) async throws(DeviceError) -> Value {
        let start = devices.clock.uptime
        defer { waitedMilliseconds += devices.clock.uptime.milliseconds(since: start) }
        return try await body()
    }
}
