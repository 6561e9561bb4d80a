/// How a terminal proves itself to its acquirer and whom it believes: files in PEM, TLS 1.2 or newer.
public struct TLSConfiguration: Hashable, Sendable {
    /// File of the certificate authorities to believe, and no others.
    public var authorityFile: String
    /// File of the terminal's own certificate, followed by those between it and its authority.
    public var certificateFile: String
    /// File of the private key to it, without a passphrase, closed to everybody but owner and group.
    public var privateKeyFile: String
    /// SHA-256 of the acquirer's public key (its SubjectPublicKeyInfo, RFC 7469), 32 bytes; nil accepts any key that the
    /// authorities certify.
    public var pinnedKey: [UInt8]?

    /// A configuration of these parts.
    public init(
        authorityFile: String, certificateFile: String, privateKeyFile: String, pinnedKey: [UInt8]? = nil
    ) {
        self.authorityFile = authorityFile
        self.certificateFile = certificateFile
        self.privateKeyFile = privateKeyFile
        self.pinnedKey = pinnedKey
    }

    /// Reads every file as a connection would, and throws what is wrong with the first bad one.
    public func validate() throws(TLSConfigurationError) { _ = try TLSContext(client: self) }
}
