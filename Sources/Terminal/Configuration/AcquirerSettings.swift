/// How the acquirer is reached and spoken to.
public struct AcquirerSettings: Equatable, Sendable, Decodable {
    /// Where it listens.
    public let primary: HostAddress
    /// Where it listens when the first address cannot be reached.
    public let backup: HostAddress?
    /// Certificates and keys.
    public let tls: TLSSettings
    /// Milliseconds for the TCP connection.
    public let connectMilliseconds: Int
    /// Milliseconds for the TLS handshake.
    public let handshakeMilliseconds: Int
    /// Milliseconds from the request to its reply.
    public let replyMilliseconds: Int
    /// Transport header, ten digits, the first two 60.
    public let tpdu: String
    /// The working keys that sign-in asks for.
    public let workingKeys: WorkingKeys
    /// Refusals of a reversal after which payments go on without its answer.
    public let reversalTries: Int
    /// Whether the acquirer is told that a part of an amount may be approved.
    public let takesPartialApproval: Bool

    /// Kinds of working keys.
    public enum WorkingKeys: String, CaseIterable, Sendable {
        /// Double-length 3DES (003).
        case tripleDES
        /// Double-length 3DES with a track key (004).
        case tripleDESWithTrackKey
        /// SM4 (005).
        case sm4
    }

    private enum CodingKeys: String, CodingKey {
        case primary, backup, tls, connectMilliseconds, handshakeMilliseconds, replyMilliseconds, tpdu, workingKeys
        case reversalTries, partialApproval
    }

    /// Reads the section `acquirer`.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.strictContainer(keyedBy: CodingKeys.self)
        primary = try container.decode(HostAddress.self, forKey: .primary)
        backup = try container.decodeIfPresent(HostAddress.self, forKey: .backup)
        tls = try container.decode(TLSSettings.self, forKey: .tls)
        connectMilliseconds = try container.number(.connectMilliseconds, in: 100...60_000, or: 5_000)
        handshakeMilliseconds = try container.number(.handshakeMilliseconds, in: 100...60_000, or: 10_000)
        replyMilliseconds = try container.number(.replyMilliseconds, in: 100...180_000, or: 60_000)
        tpdu = try container.value(.tpdu, or: "6000030000")
        guard tpdu.utf8.count == 10, tpdu.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
            throw container.invalid(.tpdu, "must be 10 digits")
        }
        workingKeys = try container.choice(.workingKeys, or: .tripleDES)
        reversalTries = try container.number(.reversalTries, in: 1...99, or: 3)
        takesPartialApproval = try container.value(.partialApproval, or: false)
    }
}

/// A host and its port.
public struct HostAddress: Equatable, Sendable, Decodable {
    /// Host name or address.
    public let host: String
    /// TCP port.
    public let port: Int

    private enum CodingKeys: String, CodingKey {
        case host, port
    }

    /// Reads an object of `host` and `port`.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.strictContainer(keyedBy: CodingKeys.self)
        host = try container.text(.host, "a host name or address") { !$0.isEmpty && $0.utf8.count <= 253 }
        port = try container.number(.port, in: 1...65_535)
    }
}

/// Certificates and keys of the link to the acquirer, all of them PEM files.
public struct TLSSettings: Equatable, Sendable, Decodable {
    /// The CA that signs the acquirer's certificate.
    public let ca: String
    /// The terminal's certificate.
    public let certificate: String
    /// The terminal's private key; readable by its owner only.
    public let key: String
    /// The name that the acquirer's certificate must bear; the connected host's where absent.
    public let serverName: String?
    /// SHA-256 of the acquirer's public key (SubjectPublicKeyInfo) in hexadecimal, if it is pinned.
    public let pinnedKey: String?

    private enum CodingKeys: String, CodingKey {
        case ca, certificate, key, serverName, pinnedKey
    }

    /// Reads the section `acquirer.tls` and looks at the files it names.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.strictContainer(keyedBy: CodingKeys.self)
        ca = try container.path(.ca, in: decoder)
        certificate = try container.path(.certificate, in: decoder)
        key = try container.path(.key, in: decoder)
        serverName = try container.decodeIfPresent(String.self, forKey: .serverName)
        pinnedKey = try container.decodeIfPresent(String.self, forKey: .pinnedKey)
        for (name, file) in [(CodingKeys.ca, ca), (.certificate, certificate), (.key, key)] {
            guard let isOpen = FileReason.isReadableByOthers(file) else {
                throw container.invalid(name, "\(file) cannot be read: \(FileReason.of(file))")
            }
            guard name != .key || !isOpen else {
                throw container.invalid(name, "\(file) can be read by others than its owner: run chmod 600 on it")
            }
        }
        if let pinnedKey,
            pinnedKey.utf8.count != 64 || !pinnedKey.utf8.allSatisfy({ Character(UnicodeScalar($0)).isHexDigit })
        {
            throw container.invalid(.pinnedKey, "must be 64 hexadecimal digits (SHA-256 of the public key)")
        }
    }
}
