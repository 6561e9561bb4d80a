import EMV
import HAL
import Payments
import Wire

// A card or phone in the field.
extension CardSession {
    /// What follows a presentation.
    enum Tapped: Sendable {
        /// The session pauses.
        case pause(Pause)
        /// Another presentation, with this text on the display.
        case again(BilingualText)
        /// The slot, with this text on the display.
        case elsewhere(BilingualText)
    }

    /// Does what the Entry Point asks until the presentation is over.
    func drive(tap first: EntryPoint.Event) async -> Tapped {
        var event = first
        while true {
            let action = tap.handle(event)
            await reportApplication(tap.application)
            switch action {
            case .transmit(let command):
                guard let field = devices.field else {
                    event = .cardRemoved
                    continue
                }
                event =
                    switch await transmit(command, to: field) {
                    case .response(let bytes): .response(bytes)
                    case .removed: .cardRemoved
                    case .mute: .cardMute
                    case .cancelled: .cancelled
                    }
            case .finish(let outcome): return await follow(outcome, after: event)
            case .ignore:
                return .pause(.failed(PaymentFailure(.cardUnreadable, "the Entry Point did not expect \(event)")))
            }
        }
    }

    private func follow(_ outcome: ContactlessOutcome, after event: EntryPoint.Event) async -> Tapped {
        let text = outcome.request.message.text
        switch outcome.result {
        case .completed(let verdict, let completion):
            if verdict == .approvedOffline { waiver = waiver(of: outcome.verification) }
            return .pause(.completed(verdict, completion))
        case .online(let request):
            await show(text)
            // The card may leave; nothing more is sent to it.
            await devices.field?.powerDown()
            waiver = waiver(of: outcome.verification)
            guard outcome.verification == .onlinePIN else { return online(request, .none) }
            switch await askPIN(request.card.pan) {
            case .entered: return online(request, .online)
            // The card wants its PIN, and takes nothing in its place.
            case .bypassed, .cancelled:
                return .pause(failure.map { .failed($0) } ?? .cancelled)
            // The slot has other ways to verify the customer.
            case .failed: return .elsewhere(UserInterfaceRequest.Message.insertCard.text)
            }
        case .tryAgain:
            let shown = devices.clock.uptime
            await show(text)
            let ended = await awaitRoom(in: event == .collision ? [.slot, .field] : [.field])
            await hold(until: shown.advanced(milliseconds: outcome.request.holdMilliseconds))
            return ended.map { .pause($0) } ?? .again(text)
        case .tryAnotherInterface: return .elsewhere(text)
        case .ended(let ended): return .pause((failure ?? ended.paymentFailure).map { .failed($0) } ?? .cancelled)
        }
    }

    /// Lets a message stand. A payment that is cancelled meanwhile ends with its next wait.
    private func hold(until time: Uptime) async {
        let start = devices.clock.uptime
        guard time > start else { return }
        try? await devices.clock.wait(until: time)
        waited(since: start)
    }

    private func online(_ request: OnlineRequest, _ pinEntry: PINEntry) -> Tapped {
        guard let summary = summary(pinEntry) else {
            return .pause(.failed(PaymentFailure(.cardUnreadable, "the card gave no number")))
        }
        return .pause(.online(request, summary, pinBlock: pinBlock))
    }

    private func waiver(of verification: ContactlessOutcome.Verification) -> VerificationWaiver? {
        switch verification {
        case .onDevice: return .onDevice
        case .smallAmount:
            let aid = tap.application?.aid ?? ""
            let rule = terminal.combinations.first { aid.hasPrefix(Hex.encode($0.parameters.aid)) }?.smallAmount
            let limit = rule?.withoutPIN ?? transaction.amount.minorUnits
            return .smallAmount(limit: Money(minorUnits: limit, transaction.amount.currency))
        case .notApplicable, .none, .onlinePIN, .signature: return nil
        }
    }
}
