internal import COpenSSL

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// A certificate authority for tests and simulated shops: it makes server and client certificates with EC P-256 keys.
/// Never for real use: its own key is in memory only, and its certificates carry serial numbers that count from 1.
public final class CertificateMaker {
    /// What a certificate is for.
    public enum Use: Sendable {
        /// A server that is reached under these host names and addresses.
        case server([String])
        /// A terminal.
        case client
    }

    /// When a certificate is valid, in seconds from now.
    public struct Validity: Sendable {
        let from: Int
        let to: Int

        /// From `from` to `to`, in seconds from now; negative lies in the past.
        public init(from: Int, to: Int) {
            self.from = from
            self.to = to
        }

        /// A year, from an hour ago.
        public static let year = Validity(from: -3600, to: 365 * 86400)
        /// Ended yesterday.
        public static let expired = Validity(from: -30 * 86400, to: -86400)
        /// Begins tomorrow.
        public static let future = Validity(from: 86400, to: 365 * 86400)
    }

    /// Why no certificate could be made: the operation of OpenSSL, or the file.
    public struct Failure: Error, Equatable, Sendable {
        /// The operation that failed, or the file that could not be written.
        public let operation: String
    }

    private let key: OpaquePointer
    private let certificate: OpaquePointer
    private var serial = 1

    /// An authority with a new key; `name` is its common name.
    public init(authority name: String) throws(Failure) {
        let key = try Self.makeKey()
        do throws(Failure) {
            certificate = try Self.make(
                name: name, serial: 1, key: key, validity: .year, issuer: nil, signer: key,
                extensions: [
                    (NID_basic_constraints, "critical,CA:TRUE"), (NID_key_usage, "critical,keyCertSign,cRLSign"),
                ])
        } catch {
            EVP_PKEY_free(key)
            throw error
        }
        self.key = key
    }

    deinit {
        X509_free(certificate)
        EVP_PKEY_free(key)
    }

    /// Writes the authority's own certificate as PEM.
    public func writeAuthority(to file: String) throws(Failure) {
        try Self.write(file, mode: 0o644) { PEM_write_bio_X509($0, certificate) }
    }

    /// Makes a certificate with a key of its own, and writes both as PEM; the key's file is the owner's alone. Answers the
    /// SHA-256 of its SubjectPublicKeyInfo, as a pin wants it.
    @discardableResult
    public func write(
        _ use: Use, name: String, validity: Validity = .year, certificateFile: String, privateKeyFile: String
    ) throws(Failure) -> [UInt8] {
        let newKey = try Self.makeKey()
        defer { EVP_PKEY_free(newKey) }
        serial += 1
        var extensions: [(Int32, String)] = [(NID_basic_constraints, "critical,CA:FALSE")]
        switch use {
        case .server(let hosts):
            extensions.append((NID_ext_key_usage, "serverAuth"))
            extensions.append((NID_subject_alt_name, hosts.map(Self.alternativeName).joined(separator: ",")))
        case .client: extensions.append((NID_ext_key_usage, "clientAuth"))
        }
        let made = try Self.make(
            name: name, serial: serial, key: newKey, validity: validity, issuer: certificate, signer: key,
            extensions: extensions)
        defer { X509_free(made) }
        try Self.write(certificateFile, mode: 0o644) { PEM_write_bio_X509($0, made) }
        try Self.write(privateKeyFile, mode: 0o600) { PEM_write_bio_PrivateKey($0, newKey, nil, nil, 0, nil, nil) }
        return try Self.digestOfKey(made)
    }

    private static func makeKey() throws(Failure) -> OpaquePointer {
        // EVP_EC_gen is a macro over a variadic function: neither reaches Swift.
        guard let context = EVP_PKEY_CTX_new_id(EVP_PKEY_EC, nil) else {
            throw Failure(operation: "EVP_PKEY_CTX_new_id")
        }
        defer { EVP_PKEY_CTX_free(context) }
        var key: OpaquePointer?
        guard EVP_PKEY_keygen_init(context) == 1, EVP_PKEY_CTX_set_group_name(context, "P-256") == 1,
            EVP_PKEY_keygen(context, &key) == 1, let key
        else { throw Failure(operation: "EVP_PKEY_keygen") }
        return key
    }

    private static func make(
        name: String, serial: Int, key: OpaquePointer, validity: Validity, issuer: OpaquePointer?,
        signer: OpaquePointer,
        extensions: [(Int32, String)]
    ) throws(Failure) -> OpaquePointer {
        guard let made = X509_new() else { throw Failure(operation: "X509_new") }
        do throws(Failure) {
            try check(X509_set_version(made, 2), "X509_set_version")  // version 3
            try check(ASN1_INTEGER_set(X509_get_serialNumber(made), serial), "ASN1_INTEGER_set")
            try check(
                X509_NAME_add_entry_by_txt(X509_get_subject_name(made), "CN", MBSTRING_UTF8, name, -1, -1, 0),
                "X509_NAME_add_entry_by_txt")
            try check(X509_set_issuer_name(made, X509_get_subject_name(issuer ?? made)), "X509_set_issuer_name")
            guard X509_gmtime_adj(X509_getm_notBefore(made), validity.from) != nil,
                X509_gmtime_adj(X509_getm_notAfter(made), validity.to) != nil
            else { throw Failure(operation: "X509_gmtime_adj") }
            try check(X509_set_pubkey(made, key), "X509_set_pubkey")
            for (identifier, value) in extensions {
                guard let item = X509V3_EXT_conf_nid(nil, nil, identifier, value) else {
                    throw Failure(operation: "X509V3_EXT_conf_nid \(value)")
                }
                defer { X509_EXTENSION_free(item) }
                try check(X509_add_ext(made, item, -1), "X509_add_ext")
            }
            guard X509_sign(made, signer, EVP_sha256()) > 0 else { throw Failure(operation: "X509_sign") }
            return made
        } catch {
            X509_free(made)
            throw error
        }
    }

    private static func alternativeName(_ host: String) -> String {
        guard let address = a2i_IPADDRESS(host) else { return "DNS:\(host)" }
        ASN1_OCTET_STRING_free(address)
        return "IP:\(host)"
    }

    private static func digestOfKey(_ certificate: OpaquePointer) throws(Failure) -> [UInt8] {
        var encoded: UnsafeMutablePointer<UInt8>?
        let length = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(certificate), &encoded)
        guard length > 0, let encoded else { throw Failure(operation: "i2d_X509_PUBKEY") }
        defer { CRYPTO_free(encoded, #fileID, #line) }
        var digest = [UInt8](repeating: 0, count: 32)
        try check(EVP_Q_digest(nil, "SHA256", nil, encoded, Int(length), &digest, nil), "EVP_Q_digest")
        return digest
    }

    private static func write(_ file: String, mode: mode_t, _ encode: (OpaquePointer) -> Int32) throws(Failure) {
        guard let memory = BIO_new(BIO_s_mem()) else { throw Failure(operation: "BIO_new") }
        defer { BIO_free(memory) }
        try check(encode(memory), "PEM_write_bio")
        var bytes = [UInt8](repeating: 0, count: BIO_ctrl_pending(memory))
        let count = Int(max(0, BIO_read(memory, &bytes, Int32(clamping: bytes.count))))
        // Never in the place of an older file with other permissions.
        unlink(file)
        let descriptor = open(file, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode)
        guard descriptor >= 0 else { throw Failure(operation: file) }
        defer { close(descriptor) }
        guard bytes.withUnsafeBytes({ pwrite(descriptor, $0.baseAddress, count, 0) }) == count else {
            throw Failure(operation: file)
        }
    }

    private static func check(_ status: Int32, _ operation: String) throws(Failure) {
        guard status == 1 else { throw Failure(operation: operation) }
    }
}
