internal import COpenSSL

/// One TLS session as bytes in and bytes out (RFC 5246, RFC 8446); it knows no socket and no clock. Not for two threads at
/// once.
///
/// Start it with `receive([])`, and send what `takeOutgoing` gives after every call, failed ones included: alerts must
/// leave too.
public final class TLSSession {
    private let context: TLSContext
    private let ssl: OpaquePointer
    private let incoming: OpaquePointer
    private let outgoing: OpaquePointer
    /// Set on the client's side: whose session is kept for resumption.
    private let serverName: String?
    private var isRemembered = false

    /// True once the other side is proven, the pinned key included, and plaintext can be sent.
    public private(set) var isEstablished = false
    /// True once the other side has said that nothing more will come.
    public private(set) var isClosedByPeer = false

    /// A terminal's session with the server that can prove to be `serverName`, a host name or an address.
    public convenience init(client context: TLSContext, serverName: String) throws(LinkError) {
        try self.init(context: context, serverName: serverName)
        let parameters = SSL_get0_param(ssl)
        let isAddress = X509_VERIFY_PARAM_set1_ip_asc(parameters, serverName) == 1
        if !isAddress {
            X509_VERIFY_PARAM_set_hostflags(parameters, UInt32(X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS))
            let isSet = serverName.withCString { name in
                X509_VERIFY_PARAM_set1_host(parameters, name, 0) == 1
                    && SSL_ctrl(
                        ssl, SSL_CTRL_SET_TLSEXT_HOSTNAME, Int(TLSEXT_NAMETYPE_host_name),
                        UnsafeMutableRawPointer(mutating: name)) == 1
            }
            guard isSet, !serverName.isEmpty else { throw LinkError(.wrongHost, "no name to check: \(serverName)") }
        }
        context.resume(ssl, for: serverName)
        SSL_set_connect_state(ssl)
    }

    /// An acquirer's session.
    public convenience init(server context: TLSContext) throws(LinkError) {
        try self.init(context: context, serverName: nil)
        SSL_set_accept_state(ssl)
    }

    private init(context: TLSContext, serverName: String?) throws(LinkError) {
        guard let ssl = SSL_new(context.pointer) else { throw LinkError(.badTLS, "SSL_new") }
        guard let incoming = BIO_new(BIO_s_mem()) else {
            SSL_free(ssl)
            throw LinkError(.badTLS, "BIO_new")
        }
        guard let outgoing = BIO_new(BIO_s_mem()) else {
            BIO_free(incoming)
            SSL_free(ssl)
            throw LinkError(.badTLS, "BIO_new")
        }
        SSL_set_bio(ssl, incoming, outgoing)
        self.context = context
        self.ssl = ssl
        self.incoming = incoming
        self.outgoing = outgoing
        self.serverName = serverName
    }

    deinit {
        // Without this OpenSSL would forbid the resumption of a session that ended without a goodbye.
        if isEstablished { SSL_set_shutdown(ssl, SSL_SENT_SHUTDOWN | SSL_RECEIVED_SHUTDOWN) }
        SSL_free(ssl)
    }

    /// The version agreed on; nil before the handshake is over.
    public var version: TLSVersion? { isEstablished ? TLSVersion(rawValue: Int(SSL_version(ssl))) : nil }
    /// True if an earlier session was resumed: no certificates were exchanged.
    public var isResumed: Bool { isEstablished && SSL_session_reused(ssl) == 1 }
    /// True once this session can be resumed. With TLS 1.3 that is also the first proof that the server took the client's
    /// certificate (RFC 8446, 4.6.1).
    public var isResumable: Bool {
        guard isEstablished, let session = SSL_get_session(ssl) else { return false }
        return SSL_SESSION_is_resumable(session) == 1
    }

    /// Takes bytes from the other side, goes on with the handshake, and answers the plaintext that came.
    public func receive(_ bytes: [UInt8]) throws(LinkError) -> [UInt8] {
        if !bytes.isEmpty, BIO_write(incoming, bytes, Int32(clamping: bytes.count)) != bytes.count {
            throw LinkError(.badTLS, "BIO_write")
        }
        if !isEstablished {
            ERR_clear_error()
            let status = SSL_do_handshake(ssl)
            guard status == 1 else {
                if SSL_get_error(ssl, status) == SSL_ERROR_WANT_READ { return [] }
                throw failure()
            }
            try checkPin()
            isEstablished = true
        }
        let plaintext = try readAll()
        remember()
        return plaintext
    }

    /// Encrypts `plaintext` into what `takeOutgoing` gives.
    public func send(_ plaintext: [UInt8]) throws(LinkError) {
        guard isEstablished else { throw LinkError(.badTLS, "not established") }
        guard !plaintext.isEmpty else { return }
        ERR_clear_error()
        guard SSL_write(ssl, plaintext, Int32(clamping: plaintext.count)) == plaintext.count else { throw failure() }
    }

    /// What has to be sent to the other side now.
    public func takeOutgoing() -> [UInt8] {
        let waiting = BIO_ctrl_pending(outgoing)
        guard waiting > 0 else { return [] }
        return [UInt8](unsafeUninitializedCapacity: waiting) { buffer, count in
            count = Int(max(0, BIO_read(outgoing, buffer.baseAddress, Int32(clamping: waiting))))
        }
    }

    /// Says goodbye: a last thing to send.
    public func close() {
        ERR_clear_error()
        if isEstablished { SSL_shutdown(ssl) }
    }

    private func readAll() throws(LinkError) -> [UInt8] {
        let recordLimit = 16 * 1024
        var plaintext: [UInt8] = []
        while true {
            ERR_clear_error()
            var status: Int32 = 0
            let part = [UInt8](unsafeUninitializedCapacity: recordLimit) { buffer, count in
                status = SSL_read(ssl, buffer.baseAddress, Int32(recordLimit))
                count = Int(max(0, status))
            }
            if status > 0 {
                plaintext += part
                continue
            }
            switch SSL_get_error(ssl, status) {
            case SSL_ERROR_WANT_READ: return plaintext
            case SSL_ERROR_ZERO_RETURN:
                isClosedByPeer = true
                return plaintext
            default: throw failure()
            }
        }
    }

    private func remember() {
        guard !isRemembered, let serverName, isResumable, let session = SSL_get1_session(ssl) else { return }
        context.remember(session, for: serverName)
        isRemembered = true
    }

    private func checkPin() throws(LinkError) {
        guard let pin = context.pinnedKey else { return }
        guard let certificate = SSL_get1_peer_certificate(ssl) else { throw LinkError(.wrongKey, "no certificate") }
        defer { X509_free(certificate) }
        var encoded: UnsafeMutablePointer<UInt8>?
        let length = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(certificate), &encoded)
        guard length > 0, let encoded else { throw LinkError(.wrongKey, "no key") }
        defer { CRYPTO_free(encoded, #fileID, #line) }
        var digest = [UInt8](repeating: 0, count: 32)
        guard EVP_Q_digest(nil, "SHA256", nil, encoded, Int(length), &digest, nil) == 1, digest == pin else {
            throw LinkError(.wrongKey)
        }
    }

    /// The one place that reads OpenSSL's codes.
    private func failure() -> LinkError {
        let code = ERR_peek_last_error()
        let words =
            code == 0 ? "unexpected end" : ERR_reason_error_string(code).map { String(cString: $0) } ?? "\(code)"
        let verified = SSL_get_verify_result(ssl)
        if verified != Int(X509_V_OK) {
            let reason = String(cString: X509_verify_cert_error_string(verified))
            return LinkError(certificateKind(Int32(clamping: verified)), reason)
        }
        let reason = ERR_GET_REASON(code)
        let alerts = SSL_AD_REASON_OFFSET
        switch reason {
        case SSL_R_UNSUPPORTED_PROTOCOL, SSL_R_WRONG_SSL_VERSION, SSL_R_VERSION_TOO_LOW, SSL_R_NO_PROTOCOLS_AVAILABLE,
            alerts + 70:
            return LinkError(.oldProtocol, words)
        case SSL_R_PEER_DID_NOT_RETURN_A_CERTIFICATE, alerts + 41...alerts + 49, alerts + 116:
            // RFC 8446, 6.2 (70 above is protocol_version): no_certificate to access_denied, and certificate_required.
            return LinkError(.ownCertificateRefused, words)
        default: return LinkError(.badTLS, words)
        }
    }

    private func certificateKind(_ code: Int32) -> LinkError.Kind {
        switch code {
        case X509_V_ERR_CERT_HAS_EXPIRED: .certificateExpired
        case X509_V_ERR_CERT_NOT_YET_VALID: .certificateNotYetValid
        case X509_V_ERR_HOSTNAME_MISMATCH, X509_V_ERR_IP_ADDRESS_MISMATCH: .wrongHost
        case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT, X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY,
            X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT, X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN,
            X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE, X509_V_ERR_CERT_SIGNATURE_FAILURE:
            .unknownAuthority
        default: .badCertificate
        }
    }
}
