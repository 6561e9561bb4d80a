import HAL
import ISO8583
import PaymentCryptography
import Payments

extension AcquirerHost {
    /// Sign-in (0800): new working keys under the terminal master key, and the batch.
    func signIn(_ answer: inout HostAnswer, _ type: TransactionType, _ state: inout State) {
        let isSM4 = type.function == "005" || type.function == "006"
        guard answer.request.has(11), answer.request.has(63) else {
            answer.code = "30"
            return
        }
        guard masterKey.algorithm == (isSM4 ? .sm4 : .tripleDES) else {
            answer.code = "12"
            return
        }
        do {
            let length = type.function == "001" ? 8 : 16
            let isShort = configuration.sendsSingleLengthMAK && !isSM4
            let pin = try newKey(length: length)
            let mac = try newKey(length: isShort ? 8 : length)
            let track = type.function == "004" || type.function == "006" ? try newKey(length: 16) : nil
            state.session = TerminalSession(pinKey: pin.key, macKey: mac.key, trackKey: track?.key)
            answer.bytes[62] = [pin, mac, track].compactMap { $0 }.flatMap { key in
                key.cipher + [UInt8](repeating: 0, count: length - key.cipher.count) + key.checkValue
            }
            var batch = type
            batch.batch = state.batch
            answer.texts[60] = batch.encoded
        } catch {
            answer.code = "96"
        }
    }

    private func newKey(length: Int) throws -> (key: CipherKey, cipher: [UInt8], checkValue: [UInt8]) {
        let clear = try entropy.bytes(length)
        let key = try CipherKey(clear, masterKey.algorithm)
        return (key, try masterKey.encryptECB(clear), try key.checkValue())
    }
}
