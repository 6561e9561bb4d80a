import ISO8583
import PaymentCryptography
import Payments
import SimulatedCards

extension AcquirerHost {
    /// The PIN block and the fields that go with it (22, 26, 53).
    func checkPIN(
        _ request: FinancialRequest, _ pan: PAN, _ account: TestAccount, _ state: inout State
    ) throws(Refusal) {
        let message = request.message
        guard let block = message.bytes(52) else {
            if message.has(26) { throw Refusal("30") }
            return
        }
        guard let session = state.session, request.entryMode.hasSuffix("1"), !request.isMailOrder,
            ["06", "12"].contains(message.text(26)), let control = message.text(53)
        else { throw Refusal("30") }
        let tries = state.wrongPINs[account.number, default: 0]
        guard tries < configuration.pinTryLimit else { throw Refusal(configuration.pinTriesExceededCode) }
        let clear: SecretBytes
        do {
            clear = try PINBlock.decipher(
                SecretBytes(Array(block)), pan: control.hasPrefix("2") ? pan : nil, format: session.pinBlockFormat,
                under: session.pinKey)
        } catch {
            throw Refusal("99")
        }
        guard clear == SecretBytes(Array(account.pin.utf8)) else {
            state.wrongPINs[account.number] = tries + 1
            throw Refusal("55")
        }
        state.wrongPINs[account.number] = nil
    }
}
