import COpenSSL

/// The library, with the default provider alone: a context of our own does not read the machine's `openssl.cnf`, which
/// may bring other providers. Algorithms are fetched once, because a fetch costs more than a MAC.
enum OpenSSL {
    // Fetched objects and the library context do not change after they are made, and are safe to share (provider(7)).
    private nonisolated(unsafe) static let ownContext: OpaquePointer? = {
        guard let context = OSSL_LIB_CTX_new() else { return nil }
        guard OSSL_PROVIDER_load(context, "default") != nil else {
            OSSL_LIB_CTX_free(context)
            return nil
        }
        return context
    }()

    nonisolated(unsafe) static let tripleDESECB = cipher("DES-EDE3-ECB")
    nonisolated(unsafe) static let tripleDESCBC = cipher("DES-EDE3-CBC")
    nonisolated(unsafe) static let sm4ECB = cipher("SM4-ECB")
    nonisolated(unsafe) static let sm4CBC = cipher("SM4-CBC")
    nonisolated(unsafe) static let aes128ECB = cipher("AES-128-ECB")
    nonisolated(unsafe) static let aes128CBC = cipher("AES-128-CBC")
    nonisolated(unsafe) static let aes192ECB = cipher("AES-192-ECB")
    nonisolated(unsafe) static let aes192CBC = cipher("AES-192-CBC")
    nonisolated(unsafe) static let aes256ECB = cipher("AES-256-ECB")
    nonisolated(unsafe) static let aes256CBC = cipher("AES-256-CBC")
    nonisolated(unsafe) static let aes256GCM = cipher("AES-256-GCM")
    nonisolated(unsafe) static let sha1 = digest("SHA1")
    nonisolated(unsafe) static let sha256 = digest("SHA256")

    /// The context that all objects belong to.
    static func context() throws(CryptographyError) -> OpaquePointer {
        try object(ownContext, "OSSL_PROVIDER_load default")
    }

    /// Throws unless `status` is 1, which is success everywhere in EVP, and leaves the thread's error queue empty:
    /// TLS on the same thread looks into it.
    static func check(_ status: Int32, _ operation: String) throws(CryptographyError) {
        guard status != 1 else { return }
        let code = ERR_get_error()
        ERR_clear_error()
        throw CryptographyError(.library, "\(operation) 0x\(String(code, radix: 16))")
    }

    /// The object, unless `operation` gave none.
    static func object<Object>(_ object: Object?, _ operation: String) throws(CryptographyError) -> Object {
        guard let object else {
            try check(0 as Int32, operation)
            throw CryptographyError(.library, operation)
        }
        return object
    }

    private static func cipher(_ name: String) -> OpaquePointer? {
        ownContext.flatMap { EVP_CIPHER_fetch($0, name, "provider=default") }
    }

    private static func digest(_ name: String) -> OpaquePointer? {
        ownContext.flatMap { EVP_MD_fetch($0, name, "provider=default") }
    }
}
