/// Why a TLS configuration cannot be used: one file, one reason, for whoever checks the configuration.
public struct TLSConfigurationError: Error, Equatable, Sendable, CustomStringConvertible {
    /// What is wrong with the file.
    public enum Reason: String, Sendable {
        /// There is no such file, or it may not be read.
        case unreadable = "cannot be read"
        /// No certificate in it.
        case noCertificate = "holds no certificate in PEM"
        /// No private key in it, or one with a passphrase.
        case noPrivateKey = "holds no private key in PEM without a passphrase"
        /// Everybody on the machine may read or write the private key.
        case worldReadable = "is a private key that others may read: chmod 600"
        /// The key is not the certificate's.
        case keyMismatch = "is not the key of the certificate"
        /// A pin is not 32 bytes.
        case badPin = "the pinned key is not a SHA-256 digest of 32 bytes"
        /// OpenSSL refuses for another reason.
        case refused = "is refused by OpenSSL"
    }

    /// The file, as configured; empty where no file is at fault.
    public let file: String
    /// What is wrong with it.
    public let reason: Reason

    /// An error of `file`.
    public init(_ reason: Reason, file: String = "") {
        self.reason = reason
        self.file = file
    }

    /// File and reason in one line.
    public var description: String { file.isEmpty ? reason.rawValue : "\(file) \(reason.rawValue)" }
}
