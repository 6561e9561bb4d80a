import Acquiring
import ISO8583
public import PaymentCryptography
import Payments
import Wire

/// What was fetched from the acquirer: one sealed file a kind, replaced whole when a download is complete, so that half a
/// download changes nothing. Kept as it came: `TerminalParameters` decides at each start what of it is used.
public struct DownloadStore: Sendable {
    private let folder: String
    private let key: any KeyEncryptionKey

    /// A store whose files stand in `folder`, which must exist, under names that begin with `download-`.
    public init(folder: String, key: any KeyEncryptionKey) {
        self.folder = folder
        self.key = key
    }

    /// Keeps what came in place of what there was.
    func keep(_ data: Downloaded) throws {
        try file(data.kind).replace(SecretBytes(Array(data.lines.joined(separator: "\n").utf8)))
    }

    /// What was kept of this kind; nil where nothing was. Throws for a file that cannot be read.
    func kept(_ kind: Download) throws -> Downloaded? {
        guard let contents = try file(kind).contents() else { return nil }
        let lines = contents.withBytes { String(decoding: $0, as: UTF8.self) }.split(separator: "\n").map(String.init)
        return try Downloaded(kind, lines)
    }

    private func file(_ kind: Download) -> SealedFile {
        SealedFile(path: "\(folder)/download-\(kind.rawValue)", key: key, label: "tender download \(kind.rawValue)")
    }
}

extension Downloaded {
    /// What kind of download it is.
    var kind: Download {
        switch self {
        case .terminalParameters: .terminalParameters
        case .caPublicKeys: .caPublicKeys
        case .applications: .applications
        case .contactlessParameters: .contactlessParameters
        case .blacklist: .blacklist
        }
    }

    /// One line an entry, for the file.
    fileprivate var lines: [String] {
        switch self {
        case .terminalParameters(let values): [Hex.encode(values.encoded)]
        case .caPublicKeys(let entries), .applications(let entries): entries.map { Hex.encode(TLV.encode($0)) }
        case .contactlessParameters(let parameters): parameters.map { "\($0.tag) \(Hex.encode($0.value))" }
        case .blacklist(let prefixes): prefixes
        }
    }

    /// What `lines` wrote.
    fileprivate init(_ kind: Download, _ lines: [String]) throws {
        func entries() throws -> [[TLV]] { try lines.map { try TLV.parse(try Hex.decode($0)) } }
        switch kind {
        case .terminalParameters:
            let values = try Hex.decode(lines.first ?? "")
            self = .terminalParameters(try CodedValues(decoding: values, lengths: CodedValues.parameters))
        case .caPublicKeys: self = .caPublicKeys(try entries())
        case .applications: self = .applications(try entries())
        case .contactlessParameters:
            self = .contactlessParameters(
                try lines.map { line in
                    ContactlessParameter(tag: String(line.prefix(6)), value: try Hex.decode(line.dropFirst(7)))
                })
        case .blacklist: self = .blacklist(lines)
        }
    }
}
