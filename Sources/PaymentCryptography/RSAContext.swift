import COpenSSL
import Payments

/// An RSA key as EVP holds it. OpenSSL wipes its private numbers when it is freed.
struct RSAContext: ~Copyable {
    private let key: OpaquePointer
    private let isPrivate: Bool

    /// A key of these big-endian numbers.
    init(modulus: [UInt8], exponent: [UInt8], privateExponent: SecretBytes?) throws(CryptographyError) {
        // OSSL_PARAM takes numbers in the machine's byte order.
        var modulus = modulus.littleEndianNumber
        var exponent = exponent.littleEndianNumber
        let secret = try SecretBytes(count: privateExponent?.count ?? 0) { (buffer) throws(CryptographyError) in
            privateExponent?.withBytes { for index in $0.indices { buffer[$0.count - 1 - index] = $0[index] } }
        }
        key = try modulus.withUnsafeMutableBufferPointer { (modulus) throws(CryptographyError) in
            try exponent.withUnsafeMutableBufferPointer { (exponent) throws(CryptographyError) in
                try secret.withBytes { (secret) throws(CryptographyError) in
                    var parameters = [
                        OSSL_PARAM_construct_BN(Self.name("n"), modulus.baseAddress, modulus.count),
                        OSSL_PARAM_construct_BN(Self.name("e"), exponent.baseAddress, exponent.count),
                    ]
                    if !secret.isEmpty {
                        // OSSL_PARAM has no const; fromdata only reads.
                        let base = UnsafeMutableRawPointer(mutating: secret.baseAddress)
                        parameters.append(OSSL_PARAM_construct_BN(Self.name("d"), base, secret.count))
                    }
                    parameters.append(OSSL_PARAM_construct_end())
                    return try Self.key(of: &parameters, isPrivate: !secret.isEmpty)
                }
            }
        }
        isPrivate = privateExponent != nil
    }

    /// A new key.
    init(generating bits: Int, exponent: Int) throws(CryptographyError) {
        let context = try Self.context()
        defer { EVP_PKEY_CTX_free(context) }
        var bits = bits
        var exponent = UInt64(clamping: exponent)
        var parameters = [
            OSSL_PARAM_construct_size_t(Self.name("bits"), &bits),
            OSSL_PARAM_construct_uint64(Self.name("e"), &exponent),
            OSSL_PARAM_construct_end(),
        ]
        try OpenSSL.check(EVP_PKEY_keygen_init(context), "EVP_PKEY_keygen_init")
        try OpenSSL.check(EVP_PKEY_CTX_set_params(context, &parameters), "EVP_PKEY_CTX_set_params")
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

    /// OSSL_PARAM keeps a pointer to the name, so it must be one that lives: a literal's own bytes.
    private static func name(_ literal: StaticString) -> UnsafePointer<CChar> {
        UnsafeRawPointer(literal.utf8Start).assumingMemoryBound(to: CChar.self)
    }

    private static func context() throws(CryptographyError) -> OpaquePointer {
        try OpenSSL.object(
            EVP_PKEY_CTX_new_from_name(try OpenSSL.context(), "RSA", "provider=default"), "EVP_PKEY_CTX_new_from_name")
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

extension [UInt8] {
    /// A big-endian number in the byte order of the machines we run on.
    fileprivate var littleEndianNumber: [UInt8] { reversed() }
}
