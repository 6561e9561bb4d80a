import COpenSSL

/// Comparisons that take the same time wherever the difference is.
public enum ConstantTime {
    /// Whether both are equal. The lengths are no secret.
    public static func equals(_ left: [UInt8], _ right: [UInt8]) -> Bool {
        left.count == right.count && CRYPTO_memcmp(left, right, left.count) == 0
    }
}
