/// What can be wrong with a signature and what it holds.
public enum Flaw: Hashable, Sendable {
    /// The header is not 6A.
    case header
    /// The format byte is another one.
    case format
    /// The hash is another one.
    case hash
    /// The trailer is not BC.
    case trailer
    /// The algorithm is none that is known.
    case algorithm
    /// The certificate ended long ago.
    case expiry
    /// The certificate is somebody else's.
    case holder
    /// The certificate has the serial number that the authority has revoked.
    case revoked
    /// It is a byte shorter than the key that made it.
    case length
    /// The cryptogram in it is another one.
    case cryptogram
    /// It is made over other data than the terminal sent.
    case challenge
}
