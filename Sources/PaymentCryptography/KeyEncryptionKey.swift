public import Payments

/// The key that other keys are sealed under before they reach the disk. A file holds it now
/// (`FileKeyEncryptionKey`); a TPM or a token can stand behind the same two functions.
public protocol KeyEncryptionKey: Sendable {
    /// The sealed form of `secret`. It opens with the same `label` only, so that two sealed keys cannot change places.
    func seal(_ secret: SecretBytes, label: String) throws(CryptographyError) -> [UInt8]
    /// What was sealed under `label`. Throws `notAuthentic` for anything else.
    func open(_ sealed: [UInt8], label: String) throws(CryptographyError) -> SecretBytes
}
