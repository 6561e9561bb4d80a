import COpenSSL
import Payments

/// An RSA key as EVP holds it. OpenSSL wipes its private numbers when it is freed.
struct RSAContext: ~Copyable {
    private let key: OpaquePointer
    private let isPrivate: Bool

    /// A key of these big-endian numbers.
    init(modulus: [UInt8], exponent: [UInt8], privateExponent: SecretBytes?) throws(CryptographyError) {
        // OSSL_PARAM takes numbers in the machine's byte order.
        var modulus = Array(modulus.reversed())
        var exponent = Array(exponent.reversed())
        let secret = try SecretBytes(count: privateExponent?.count ?? 0) { (buffer) throws(CryptographyError) in
            privateExponent?.withBytes { for index in $0.indices { buffer[$0.count - 1 - index] = $0[index] } }
        }
        key = try modulus.withUnsafeMutableBytes { modulus in
            exponent.withUnsafeMutableBytes { exponent in
                secret.withBytes { secret in
                    // OSSL_PARAM has no const; fromdata only reads.
                    let secret = UnsafeMutableRawBufferPointer(mutating: secret)
                    var parameters = [Self.parameter("n", modulus), Self.parameter("e", exponent)]
                    if !secret.isEmpty { parameters.append(Self.parameter("d", secret)) }
                    parameters.append(OSSL_PARAM_construct_end())
                    return Result { () throws(CryptographyError) in
                        try Self.key(of: &parameters, isPrivate: !secret.isEmpty)
                    }
                }
            }
        }.get()
        isPrivate = privateExponent != nil
    }

    /// A new key.
    init(generating bits: Int, exponent: Int) throws(CryptographyError) {
        let context = try Self.context()
        defer { EVP_PKEY_CTX_free(context) }
        guard let bits = Int32(exactly: bits), let exponent = UInt(exactly: exponent) else {
            throw CryptographyError(.unsuitable, "RSA exponent")
        }
        let number = try OpenSSL.object(BN_new(), "BN_new")
        defer { BN_free(number) }
        try OpenSSL.check(BN_set_word(number, exponent), "BN_set_word")
        try OpenSSL.check(EVP_PKEY_keygen_init(context), "EVP_PKEY_keygen_init")
        try OpenSSL.check(EVP_PKEY_CTX_set_rsa_keygen_bits(context, bits), "EVP_PKEY_CTX_set_rsa_keygen_bits")
        try OpenSSL.check(EVP_PKEY_CTX_set1_rsa_keygen_pubexp(context, number), "EVP_PKEY_CTX_set1_rsa_keygen_pubexp")
        var made: OpaquePointer?
        try OpenSSL.check(EVP_PKEY_generate(context, &made), "EVP_PKEY_generate")
        key = try OpenSSL.object(made, "EVP_PKEY_generate")
        isPrivate = true
    }

    deinit { EVP_PKEY_free(key) }

    /// One of the key's numbers, big-endian.
    func number(_ name: String) throws(CryptographyError) -> [UInt8] {
        var number: OpaquePointer?
        try OpenSSL.check(EVP_PKEY_get_bn_param(key, name, &number), "EVP_PKEY_get_bn_param")
        defer { BN_clear_free(number) }
        var bytes = [UInt8](repeating: 0, count: Int(BN_num_bits(number) + 7) / 8)
        BN_bn2bin(number, &bytes)
        return bytes
    }

    /// `message` to the power of the exponent, modulo the modulus of `size` bytes.
    func power(_ message: [UInt8], size: Int) throws(CryptographyError) -> [UInt8] {
        guard message.count == size else {
            throw CryptographyError(.wrongLength, "RSA input of \(message.count) bytes")
        }
        let context = try OpenSSL.object(
            EVP_PKEY_CTX_new_from_pkey(try OpenSSL.context(), key, "provider=default"), "EVP_PKEY_CTX_new_from_pkey")
        defer { EVP_PKEY_CTX_free(context) }
        let start = isPrivate ? EVP_PKEY_decrypt_init : EVP_PKEY_encrypt_init
        let perform = isPrivate ? EVP_PKEY_decrypt : EVP_PKEY_encrypt
        try OpenSSL.check(start(context), "EVP_PKEY_encrypt_init")
        try OpenSSL.check(EVP_PKEY_CTX_set_rsa_padding(context, RSA_NO_PADDING), "EVP_PKEY_CTX_set_rsa_padding")
        var result = [UInt8](repeating: 0, count: size)
        var length = size
        try OpenSSL.check(perform(context, &result, &length, message, size), "EVP_PKEY_encrypt")
        guard length == size else { throw CryptographyError(.wrongLength, "RSA result of \(length) bytes") }
        return result
    }

    private static func context() throws(CryptographyError) -> OpaquePointer {
        try OpenSSL.object(
            EVP_PKEY_CTX_new_from_name(try OpenSSL.context(), "RSA", "provider=default"), "EVP_PKEY_CTX_new_from_name")
    }

    /// A number under the name that OpenSSL gives it. The name must outlive the call: a static string does.
    private static func parameter(_ name: StaticString, _ number: UnsafeMutableRawBufferPointer) -> OSSL_PARAM {
        name.withUTF8Buffer { name in
            let name = UnsafeRawPointer(name.baseAddress)?.assumingMemoryBound(to: CChar.self)
            return OSSL_PARAM_construct_BN(name, number.baseAddress, number.count)
        }
    }

    private static func key(of parameters: inout [OSSL_PARAM], isPrivate: Bool) throws(CryptographyError)
        -> OpaquePointer
    {
        let context = try context()
        defer { EVP_PKEY_CTX_free(context) }
        try OpenSSL.check(EVP_PKEY_fromdata_init(context), "EVP_PKEY_fromdata_init")
        var key: OpaquePointer?
        let selection = isPrivate ? TENDER_EVP_PKEY_KEYPAIR : TENDER_EVP_PKEY_PUBLIC_KEY
        try OpenSSL.check(EVP_PKEY_fromdata(context, &key, selection, &parameters), "EVP_PKEY_fromdata")
        return try OpenSSL.object(key, "EVP_PKEY_fromdata")
    }
}
