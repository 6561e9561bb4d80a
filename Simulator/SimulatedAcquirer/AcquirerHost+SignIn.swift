import HAL
import ISO8583
import PaymentCryptography
import Payments

extension AcquirerHost {
    /// Sign-in (0800): new working keys under the terminal master key, and the batch.
    func signIn(_ answer: inout HostAnswer, _ state: inout State) {
        let isDouble = answer.type?.function != "001"
        guard let type = answer.type, type.kind == "00", ["001", "003", "004"].contains(type.function),
            answer.request.has(11), answer.request.has(63), masterKey.algorithm == .tripleDES
        else {
            answer.code = "12"
            return
        }
        do {
            let pin = try newKey(length: isDouble ? 16 : 8)
            let mac = try newKey(length: isDouble && !configuration.sendsSingleLengthMAK ? 16 : 8)
            let track = type.function == "004" ? try newKey(length: 16) : nil
            state.session = TerminalSession(pinKey: pin.key, macKey: mac.key, trackKey: track?.key)
            let keys = [pin, mac, track].compactMap { $0 }
            answer.bytes[62] = keys.flatMap { key in
                key.cipher + [UInt8](repeating: 0, count: (isDouble ? 16 : 8) - key.cipher.count) + key.checkValue
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
        let key = try CipherKey(clear)
        return (key, try masterKey.encryptECB(clear), try key.checkValue())
    }
}
