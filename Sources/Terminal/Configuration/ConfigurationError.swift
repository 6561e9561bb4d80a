/// What is wrong with a configuration file, in one line that says where.
public struct ConfigurationError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The place in the file, `acquirer.tls.key`; empty for the file as a whole.
    public let path: String
    /// What is wrong and what would be right.
    public let reason: String

    /// An error at `path`.
    public init(_ path: String, _ reason: String) {
        self.path = path
        self.reason = reason
    }

    /// Path and reason.
    public var description: String { path.isEmpty ? reason : "\(path): \(reason)" }

    /// What a decoder found wrong.
    public init(_ error: DecodingError) {
        let (context, reason): (DecodingError.Context, String)
        switch error {
        case .typeMismatch(let type, let found): (context, reason) = (found, "must be \(Self.name(of: type))")
        case .valueNotFound(let type, let found):
            (context, reason) = (found, "must be \(Self.name(of: type)), not null")
        case .keyNotFound(let key, let found):
            self.init(Self.path(found.codingPath + [key]), "is missing")
            return
        case .dataCorrupted(let found):
            (context, reason) = (found, found.codingPath.isEmpty ? "this is no JSON" : found.debugDescription)
        @unknown default:
            self.init("", "cannot be read")
            return
        }
        self.init(Self.path(context.codingPath), reason)
    }

    private static func path(_ keys: [any CodingKey]) -> String {
        keys.reduce(into: "") { path, key in
            if let index = key.intValue {
                path += "[\(index)]"
            } else {
                path += path.isEmpty ? key.stringValue : ".\(key.stringValue)"
            }
        }
    }

    private static func name(of type: any Any.Type) -> String {
        switch type {
        case is String.Type: "a text"
        case is Int.Type: "a whole number"
        case is Bool.Type: "true or false"
        case is [Any].Type: "a list"
        default: "an object"
        }
    }
}
