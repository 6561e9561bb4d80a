/// The block ciphers of payment keys.
public enum KeyAlgorithm: String, Codable, Sendable {
    /// DES with 8-, 16- or 24-byte keys in EDE mode.
    case tripleDES
    /// SM4 with 16-byte keys.
    case sm4
    /// AES with 16-, 24- or 32-byte keys.
    case aes
}
