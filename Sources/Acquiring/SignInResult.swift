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
