import COpenSSL

/// Hash functions.
public enum Digest {
    /// SHA-1, 20 bytes: EMV certificates and key checksums, where the standard prescribes it (EMV 4.4 Book 2, B3).
    public static func sha1(_ bytes: some Collection<UInt8>) throws(CryptographyError) -> [UInt8] {
        try digest(bytes, OpenSSL.sha1, size: 20)
    }

    /// SHA-256, 32 bytes.
    public static func sha256(_ bytes: some Collection<UInt8>) throws(CryptographyError) -> [UInt8] {
        try digest(bytes, OpenSSL.sha256, size: 32)
    }

    private static func digest(
        _ bytes: some Collection<UInt8>, _ algorithm: OpaquePointer?, size: Int
    ) throws(CryptographyError) -> [UInt8] {
        let input = Array(bytes)
        var output = [UInt8](repeating: 0, count: size)
        try OpenSSL.check(EVP_Digest(input, input.count, &output, nil, algorithm, nil), "EVP_Digest")
        return output
    }
}
