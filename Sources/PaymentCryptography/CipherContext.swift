import COpenSSL

/// One use of a cipher. OpenSSL wipes its key schedule when it is freed.
struct CipherContext: ~Copyable {
    private let context: OpaquePointer

    init() throws(CryptographyError) {
        context = try OpenSSL.object(EVP_CIPHER_CTX_new(), "EVP_CIPHER_CTX_new")
    }

    deinit { EVP_CIPHER_CTX_free(context) }

    /// Takes cipher, key and initial vector; `direction` is 1 to encipher, 0 to decipher. No padding.
    func start(
        _ cipher: OpaquePointer?, key: UnsafePointer<UInt8>?, iv: [UInt8]?, direction: Int32
    ) throws(CryptographyError) {
        let cipher = try OpenSSL.object(cipher, "EVP_CIPHER_fetch")
        try OpenSSL.check(EVP_CipherInit_ex2(context, cipher, key, iv, direction, nil), "EVP_CipherInit_ex2")
        // Enciphering gives whole blocks at once; deciphering would hold the last one back to look for padding.
        if direction == 0 {
            try OpenSSL.check(EVP_CIPHER_CTX_set_padding(context, 0), "EVP_CIPHER_CTX_set_padding")
        }
    }

    /// Feeds `count` bytes; as many come out. A nil `output` takes them as associated data.
    func update(
        _ input: UnsafePointer<UInt8>?, count: Int, into output: UnsafeMutablePointer<UInt8>?
    ) throws(CryptographyError) {
        guard let length = Int32(exactly: count) else { throw CryptographyError(.wrongLength, "EVP_CipherUpdate") }
        if length == 0 { return }
        var written: Int32 = 0
        try OpenSSL.check(EVP_CipherUpdate(context, output, &written, input, length), "EVP_CipherUpdate")
    }

    /// Ends an authenticated encryption: its 16-byte tag.
    func tag() throws(CryptographyError) -> [UInt8] {
        var tag = [UInt8](repeating: 0, count: 16)
        var written: Int32 = 0
        try OpenSSL.check(EVP_CipherFinal_ex(context, nil, &written), "EVP_CipherFinal_ex")
        try OpenSSL.check(EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, 16, &tag), "EVP_CTRL_AEAD_GET_TAG")
        return tag
    }

    /// Ends an authenticated decryption: whether the 16-byte tag fits.
    func verify(tag: [UInt8]) throws(CryptographyError) -> Bool {
        var tag = tag
        var written: Int32 = 0
        try OpenSSL.check(EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, 16, &tag), "EVP_CTRL_AEAD_SET_TAG")
        defer { ERR_clear_error() }
        return EVP_CipherFinal_ex(context, nil, &written) == 1
    }
}
