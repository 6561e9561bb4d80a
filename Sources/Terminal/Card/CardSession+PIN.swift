import EMV
import HAL
import PaymentCryptography
import Payments

// What the customer types.
extension CardSession {
    /// What became of a PIN for the issuer.
    enum PINAnswer: Sendable {
        case entered
        case bypassed
        case cancelled
        case failed

        var event: ContactKernel.Event {
            switch self {
            case .entered: .pin(.entered)
            case .bypassed: .pin(.bypassed)
            case .cancelled: .cancelled
            case .failed: .pin(.padFailed)
            }
        }
    }

    /// Asks for a PIN that the issuer checks.
    func askPIN(_ pan: PAN) async -> PINAnswer {
        guard let pinPad = devices.pinPad else { return .failed }
        await show(UserInterfaceRequest.Message.enterPIN.text)
        let deadline = deadline(seconds: waits.pinSeconds)
        do throws(DeviceError) {
            let result = try await timed { () async throws(DeviceError) in
                try await pinPad.enterPIN(PINRequest(pan: pan, amount: transaction.amount), deadline: deadline)
            }
            await show(UserInterfaceRequest.Message.processing.text)
            switch result {
            case .entered(let block):
                pinBlock = block
                await report(.pinEntered, "PIN block of \(block.count) bytes")
                return .entered
            case .bypassed:
                await report(.pinEntered, "bypassed")
                return .bypassed
            case .cancelled: return .cancelled
            }
        } catch {
            return await noPIN(error)
        }
    }

    /// Asks for a PIN that the card checks: on the reader's own keys where it has some, else on the PIN pad.
    func askCardPIN(_ query: OfflinePINQuery) async -> ContactKernel.Event {
        let key: CardPINKey? =
            switch query.method {
            case .plaintext: nil
            case .enciphered(let key, let challenge):
                CardPINKey(modulus: key.modulus, exponent: key.exponent, challenge: challenge)
            }
        let request = OfflinePINRequest(key: key, amount: transaction.amount, triesLeft: query.triesLeft)
        guard let entry = await cardPINEntry(request.method) else { return .pin(.padFailed) }
        await show(CustomerText.enterCardPIN(triesLeft: query.triesLeft, isRetry: query.isRetry))
        let deadline = deadline(seconds: waits.pinSeconds)
        do throws(DeviceError) {
            let result = try await timed { () async throws(DeviceError) in
                try await entry.enterOfflinePIN(request, deadline: deadline)
            }
            await show(UserInterfaceRequest.Message.processing.text)
            switch result {
            case .enciphered(let data):
                await report(.pinEntered, "enciphered for the card")
                return .pin(.enciphered(data))
            case .answered(let response):
                await report(.pinEntered, "shown to the card")
                return .pin(.answered(response))
            case .bypassed:
                await report(.pinEntered, "bypassed")
                return .pin(.bypassed)
            case .cancelled: return .cancelled
            }
        } catch {
            if error.kind == .cardRemoved { return .cardRemoved }
            return await noPIN(error).event
        }
    }

    private func cardPINEntry(_ method: OfflinePINMethod) async -> (any OfflinePINEntry)? {
        if await devices.reader.offlinePINMethods().contains(method) { return devices.reader }
        guard let pinPad = devices.pinPad, await pinPad.offlinePINMethods().contains(method) else { return nil }
        return pinPad
    }

    private func noPIN(_ error: DeviceError) async -> PINAnswer {
        switch error.kind {
        case .cancelled: return .cancelled
        case .timeout:
            failure = PaymentFailure(.noPIN, "no PIN within \(waits.pinSeconds) s")
            return .cancelled
        default:
            hasPINPadFailed = true
            await report(.pinEntered, "PIN pad failed: \(error)")
            return .failed
        }
    }
}
