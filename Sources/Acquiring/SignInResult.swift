import ISO8583
public import PaymentCryptography
public import Payments

/// What a sign-in brought, besides the keys that are stored already.
public struct SignInResult: Equatable, Sendable {
    /// The batch to work in.
    public let batch: BatchNumber
    /// The PIN key under the terminal master key, for the PIN pad.
    public let pinKey: EncryptedKey
    /// The acquirer's clock.
    public let time: AcquirerTime?

    /// A result of these parts.
    public init(batch: BatchNumber, pinKey: EncryptedKey, time: AcquirerTime?) {
        self.batch = batch
        self.pinKey = pinKey
        self.time = time
    }
}

extension UnionPayDialect {
    /// What an exchange that began with a sign-in came to; the working keys are deciphered under `masterKey`.
    public func signedIn(
        _ answer: Exchange.Answer, masterKey: CipherKey
    ) throws(AcquiringError) -> (result: SignInResult, keys: PaymentCryptography.WorkingKeys) {
        let reply = try answer.approval()
        guard let batch = batch(reply) else {
            throw AcquiringError(.badReply, "the sign-in reply names no batch")
        }
        let block = try workingKeys(reply)
        let working: PaymentCryptography.WorkingKeys
        do throws(CryptographyError) {
            working = try PaymentCryptography.WorkingKeys(
                pinKey: encrypted(block.pin), macKey: encrypted(block.mac), trackKey: block.track.map(encrypted),
                under: masterKey)
        } catch {
            throw AcquiringError(.badKeyBlock, error.description)
        }
        return (
            SignInResult(batch: batch, pinKey: working.pinKey, time: self.reply(reply).acquirerTime), working
        )
    }

    private func encrypted(_ key: ISO8583.WorkingKeys.Key) -> EncryptedKey {
        EncryptedKey(cipherText: key.cipher, checkValue: key.checkValue, algorithm: options.keySet.algorithm)
    }
}
