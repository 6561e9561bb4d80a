/// Where the terminal keeps what lasts. Relative paths count from the configuration file's folder.
public struct FileSettings: Equatable, Sendable, Decodable {
    /// The journal, a SQLite file.
    public let journal: String
    /// Master and working keys, encrypted.
    public let keys: String
    /// The shop's operators and the hashes of their PINs, encrypted; by default `operators` beside `keys`.
    public let operators: String
    /// The key that encrypts them and the journal's account numbers; readable by its owner only.
    public let keyEncryptionKey: String
    /// The Unix socket of the control API, made with mode 0660.
    public let controlSocket: String

    private enum CodingKeys: String, CodingKey {
        case journal, keys, operators, keyEncryptionKey, controlSocket
    }

    /// Reads the section `files`.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.strictContainer(keyedBy: CodingKeys.self)
        journal = try container.path(.journal, in: decoder)
        keys = try container.path(.keys, in: decoder)
        operators =
            container.contains(.operators)
            ? try container.path(.operators, in: decoder)
            : "\(Self.folder(of: keys))/operators"
        keyEncryptionKey = try container.path(.keyEncryptionKey, in: decoder)
        controlSocket = try container.path(.controlSocket, in: decoder)
        guard controlSocket.utf8.count <= 107 else {
            throw container.invalid(.controlSocket, "a socket's path has at most 107 bytes")
        }
    }

    /// The folder of `keys`, where what is downloaded is kept too.
    public var folder: String { Self.folder(of: keys) }

    private static func folder(of path: String) -> String {
        path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
    }
}

extension KeyedDecodingContainer {
    /// A file path, made absolute from the configuration file's folder.
    func path(_ key: Key, in decoder: any Decoder) throws -> String {
        let path = try text(key, "a path") { !$0.isEmpty }
        guard !path.hasPrefix("/"), let folder = decoder.userInfo[.configurationFolder] as? String else { return path }
        return "\(folder)/\(path)"
    }
}
