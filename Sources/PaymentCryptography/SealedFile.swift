public import Payments

/// A file that only its owner can read and that only who has the key-encryption key can have written: AES-256-GCM under
/// the file's label, replaced whole. A file that was changed, or comes from another terminal, does not open.
public struct SealedFile: Sendable {
    /// Longest contents in bytes.
    public static let limit = 65536

    /// Where it stands.
    public let path: String
    private let key: any KeyEncryptionKey
    private let label: String

    /// The file at `path`, sealed as `label`.
    public init(path: String, key: any KeyEncryptionKey, label: String) {
        self.path = path
        self.key = key
        self.label = label
    }

    /// What was written last; nil if there is no file.
    ///
    /// Throws `damagedFile` for a file that is cut, changed, too long or sealed under another key, and `insecureFile` for
    /// one that others could read or change. Such a file stays as it is.
    public func contents() throws(CryptographyError) -> SecretBytes? {
        guard let sealed = try OwnerOnlyFile.contents(of: path, limit: Self.limit + AESGCM.overhead) else { return nil }
        do {
            return try key.open(sealed.withBytes { Array($0) }, label: label)
        } catch {
            guard error.reason == .notAuthentic else { throw error }
            throw CryptographyError(.damagedFile, "\(path): changed, or sealed under another key-encryption key")
        }
    }

    /// Puts `contents` in place of what is there, durably: a power cut leaves the old file or the new one.
    public func replace(_ contents: SecretBytes) throws(CryptographyError) {
        guard contents.count <= Self.limit else {
            throw CryptographyError(.wrongLength, "\(path): longer than \(Self.limit) bytes")
        }
        try OwnerOnlyFile.replace(path, SecretBytes(try key.seal(contents, label: label)))
    }
}
