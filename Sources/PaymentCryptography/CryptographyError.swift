/// Why a cryptographic operation could not be done. Branch on `reason`; the rest is for the technician.
/// Never holds keys, PINs or plain text (M8).
public struct CryptographyError: Error, Equatable, Sendable, CustomStringConvertible {
    /// What to branch on.
    public enum Reason: String, Sendable {
        /// An input of a length that the algorithm does not know.
        case wrongLength
        /// A value that the algorithm cannot take: a key of another cipher, a character that is no digit.
        case unsuitable
        /// The key check value does not fit the key: it was deciphered under another key, or damaged.
        case wrongCheckValue
        /// A key that an attacker could guess: all zeros, or halves that cancel each other.
        case weakKey
        /// The seal does not hold: other key, other label, or a changed byte.
        case notAuthentic
        /// A PIN block that does not decipher to a PIN.
        case wrongPINBlock
        /// A key file that others could read or change.
        case insecureFile
        /// A key file that cannot be understood; it is kept as it is.
        case damagedFile
        /// A key file that the system does not let us read or write.
        case unusableFile
        /// OpenSSL refused.
        case library
    }

    /// What to branch on.
    public let reason: Reason
    /// What it was about: the operation, or the file's path and what is wrong with it.
    public let subject: String

    /// An error of `subject`.
    public init(_ reason: Reason, _ subject: String) {
        self.reason = reason
        self.subject = subject
    }

    /// Subject and reason in one line.
    public var description: String { "\(subject): \(reason)" }
}
