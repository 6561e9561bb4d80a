public import Payments

/// A key-encryption key in a file that its owner alone can read: 32 random bytes, made on first use.
public struct FileKeyEncryptionKey: KeyEncryptionKey {
    private let key: SecretBytes

    /// The key in the file at `path`, which is created with mode 0600 if there is none.
    ///
    /// Throws `insecureFile` for another mode, another owner or no regular file, `damagedFile` unless it is 32 bytes,
    /// `unusableFile` for what the system refuses.
    public init(path: String) throws(CryptographyError) {
        // Whoever is second in a race to create the file takes the first one's key.
        if try OwnerOnlyFile.contents(of: path, limit: 32) == nil {
            try OwnerOnlyFile.create(path, RandomBytes.secret(32))
        }
        guard let key = try OwnerOnlyFile.contents(of: path, limit: 32), key.count == 32 else {
            throw CryptographyError(.damagedFile, "\(path): a key-encryption key is 32 bytes")
        }
        self.key = key
    }

    /// AES-256-GCM with the label as associated data.
    public func seal(_ secret: SecretBytes, label: String) throws(CryptographyError) -> [UInt8] {
        try AESGCM.seal(secret, key: key, associated: Array(label.utf8))
    }

    /// What `seal` made.
    public func open(_ sealed: [UInt8], label: String) throws(CryptographyError) -> SecretBytes {
        try AESGCM.open(sealed, key: key, associated: Array(label.utf8))
    }
}
