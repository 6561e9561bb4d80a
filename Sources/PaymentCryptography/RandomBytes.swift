import COpenSSL
public import Payments

/// Unpredictable bytes of the library's generator. What a simulated world must be able to repeat takes its randomness
/// from the HAL's `Entropy` instead.
public enum RandomBytes {
    /// `count` bytes nobody can foretell.
    public static func make(_ count: Int) throws(CryptographyError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: max(0, count))
        try OpenSSL.check(RAND_bytes_ex(try OpenSSL.context(), &bytes, bytes.count, 0), "RAND_bytes_ex")
        return bytes
    }

    /// `count` bytes for a key.
    public static func secret(_ count: Int) throws(CryptographyError) -> SecretBytes {
        try SecretBytes(count: max(0, count)) { (buffer) throws(CryptographyError) in
            try OpenSSL.check(
                RAND_priv_bytes_ex(try OpenSSL.context(), buffer.baseAddress, buffer.count, 0), "RAND_priv_bytes_ex")
        }
    }
}
