import EMV
import HAL
import Payments

// A card in the slot.
extension CardSession {
    /// Does what the contact kernel asks until it lets go.
    func drive(_ first: ContactKernel.Event) async -> Pause {
        var event = first
        while true {
            let action = contact.handle(event)
            await reportApplication(contact.application)
            switch action {
            case .transmit(let command):
                event =
                    switch await transmit(command, to: devices.reader) {
                    case .response(let bytes): .response(bytes)
                    case .removed: .cardRemoved
                    case .mute: .cardMute
                    case .cancelled: .cancelled
                    }
            case .chooseApplication(let candidates): event = await chooseApplication(candidates)
            case .requestOnlinePIN(let pan): event = await askPIN(pan).event
            case .requestOfflinePIN(let query): event = await askCardPIN(query)
            case .goOnline(let request):
                guard let summary = summary() else {
                    return .failed(PaymentFailure(.cardUnreadable, "the card gave no number"))
                }
                return .online(request, summary, pinBlock: pinBlock)
            case .finish(let outcome): return pause(outcome)
            case .ignore: return .failed(PaymentFailure(.cardUnreadable, "the kernel did not expect \(event)"))
            }
        }
    }

    private func pause(_ outcome: KernelOutcome) -> Pause {
        // A reader or a PIN that failed explains an end, but takes back no decision.
        switch outcome {
        case .completed(let verdict, let completion): return .completed(verdict, completion)
        case .ended(let ended):
            if let failure { return .failed(failure) }
            guard let failure = ended.paymentFailure else { return .cancelled }
            // Once there is a cryptogram the issuer may have been asked.
            guard ended.permitsFallback, contact.chipResult == nil else { return .failed(failure) }
            return .failed(PaymentFailure(failure.reason, "\(failure.detail); its stripe may be read instead"))
        }
    }

    /// A pad that fails leaves the choice to the card's own preference, unless the card wants it confirmed.
    private func chooseApplication(_ candidates: [CandidateApplication]) async -> ContactKernel.Event {
        await show(CustomerText.chooseApplication)
        let names = candidates.map { $0.application.preferredName ?? $0.application.label }
        do throws(DeviceError) {
            guard let pinPad = devices.pinPad else { throw DeviceError(.absent, "chooseApplication") }
            let deadline = deadline(seconds: waits.pinSeconds)
            let choice = try await timed { () async throws(DeviceError) in
                try await pinPad.chooseApplication(names, deadline: deadline)
            }
            await show(CustomerText.reading)
            return choice.map { .applicationChosen($0) } ?? .cancelled
        } catch {
            switch error.kind {
            case .cancelled: return .cancelled
            case .timeout:
                failure = PaymentFailure(.noPIN, "no application chosen within \(waits.pinSeconds) s")
                return .cancelled
            default: return candidates.first?.requiresConfirmation == true ? .cancelled : .applicationChosen(0)
            }
        }
    }
}
