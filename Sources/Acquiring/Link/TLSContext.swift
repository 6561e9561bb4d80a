internal import COpenSSL
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Certificates, keys and trust of one side, loaded once for all its sessions, and the sessions that can be resumed.
public final class TLSContext: Sendable {
    nonisolated(unsafe) let pointer: OpaquePointer
    let pinnedKey: [UInt8]?
    /// Resumable sessions by server name; each is owned.
    private let sessions = Mutex<[String: OwnedSession]>([:])

    /// For terminals: TLS 1.2 or newer, the server's chain is verified.
    public init(client configuration: TLSConfiguration) throws(TLSConfigurationError) {
        if let pin = configuration.pinnedKey, pin.count != 32 { throw TLSConfigurationError(.badPin) }
        guard let pointer = SSL_CTX_new(TLS_client_method()) else { throw TLSConfigurationError(.refused) }
        self.pointer = pointer
        pinnedKey = configuration.pinnedKey
        limit(from: .tls12, to: .tls13)
        try trust(configuration.authorityFile)
        try prove(certificateFile: configuration.certificateFile, privateKeyFile: configuration.privateKeyFile)
        SSL_CTX_set_verify(pointer, SSL_VERIFY_PEER, nil)
    }

    /// For an acquirer's side: it demands a certificate of every terminal and verifies it.
    public init(
        server configuration: TLSConfiguration, versions: ClosedRange<TLSVersion> = .tls12 ... .tls13
    ) throws(TLSConfigurationError) {
        guard let pointer = SSL_CTX_new(TLS_server_method()) else { throw TLSConfigurationError(.refused) }
        self.pointer = pointer
        pinnedKey = nil
        limit(from: versions.lowerBound, to: versions.upperBound)
        // OpenSSL 3 speaks TLS 1.1 on its lowest level of security only.
        if versions.lowerBound == .tls11 { SSL_CTX_set_security_level(pointer, 0) }
        try trust(configuration.authorityFile)
        try prove(certificateFile: configuration.certificateFile, privateKeyFile: configuration.privateKeyFile)
        SSL_CTX_set_verify(pointer, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nil)
        let identity: [UInt8] = Array("acquirer".utf8)
        SSL_CTX_set_session_id_context(pointer, identity, UInt32(identity.count))
    }

    deinit { SSL_CTX_free(pointer) }

    /// Keeps what the server named `name` gave to resume with.
    func remember(_ session: OpaquePointer, for name: String) {
        sessions.withLock { $0[name] = OwnedSession(pointer: session) }
    }

    /// Prepares `ssl` to resume the last session with `name`, if there is one.
    func resume(_ ssl: OpaquePointer, for name: String) {
        sessions.withLock { if let session = $0[name] { _ = SSL_set_session(ssl, session.pointer) } }
    }

    private func limit(from oldest: TLSVersion, to newest: TLSVersion) {
        SSL_CTX_ctrl(pointer, SSL_CTRL_SET_MIN_PROTO_VERSION, oldest.rawValue, nil)
        SSL_CTX_ctrl(pointer, SSL_CTRL_SET_MAX_PROTO_VERSION, newest.rawValue, nil)
    }

    private func trust(_ file: String) throws(TLSConfigurationError) {
        try Self.checkReadable(file)
        ERR_clear_error()
        guard SSL_CTX_load_verify_file(pointer, file) == 1 else {
            throw TLSConfigurationError(.noCertificate, file: file)
        }
    }

    private func prove(certificateFile: String, privateKeyFile: String) throws(TLSConfigurationError) {
        try Self.checkReadable(certificateFile)
        ERR_clear_error()
        guard SSL_CTX_use_certificate_chain_file(pointer, certificateFile) == 1 else {
            throw TLSConfigurationError(.noCertificate, file: certificateFile)
        }
        try Self.checkReadable(privateKeyFile)
        var information = stat()
        guard stat(privateKeyFile, &information) == 0 else {
            throw TLSConfigurationError(.unreadable, file: privateKeyFile)
        }
        guard information.st_mode & 0o007 == 0 else {
            throw TLSConfigurationError(.worldReadable, file: privateKeyFile)
        }
        // A key with a passphrase must fail here, not ask for it on the terminal.
        SSL_CTX_set_default_passwd_cb(pointer) { _, _, _, _ in 0 }
        guard SSL_CTX_use_PrivateKey_file(pointer, privateKeyFile, SSL_FILETYPE_PEM) == 1 else {
            let isMismatch = ERR_GET_REASON(ERR_peek_last_error()) == X509_R_KEY_VALUES_MISMATCH
            throw TLSConfigurationError(isMismatch ? .keyMismatch : .noPrivateKey, file: privateKeyFile)
        }
        guard SSL_CTX_check_private_key(pointer) == 1 else {
            throw TLSConfigurationError(.keyMismatch, file: privateKeyFile)
        }
    }

    private static func checkReadable(_ file: String) throws(TLSConfigurationError) {
        guard access(file, R_OK) == 0 else { throw TLSConfigurationError(.unreadable, file: file) }
    }

    private final class OwnedSession: Sendable {
        nonisolated(unsafe) let pointer: OpaquePointer

        init(pointer: OpaquePointer) { self.pointer = pointer }

        deinit { SSL_SESSION_free(pointer) }
    }
}
