/// Why a JSON document is no message, and where in it. Never holds its values.
public struct DocumentError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The place in the document: `fields.11`.
    public let path: String
    /// What is wrong there.
    public let reason: String

    /// An error for `reason` at `path`.
    public init(_ path: String, _ reason: String) {
        self.path = path
        self.reason = reason
    }

    /// What a decoder of the standard library reported.
    init(_ error: any Error) {
        if let error = error as? DocumentError {
            self = error
        } else if case .keyNotFound(let key, let context) = error as? DecodingError {
            self.init(DocumentError.path(context, key), "missing")
        } else if case .typeMismatch(_, let context) = error as? DecodingError {
            self.init(DocumentError.path(context), "of the wrong type")
        } else if case .valueNotFound(_, let context) = error as? DecodingError {
            self.init(DocumentError.path(context), "null")
        } else {
            self.init("$", "not JSON")
        }
    }

    private static func path(_ context: DecodingError.Context, _ key: (any CodingKey)? = nil) -> String {
        let names = (context.codingPath + (key.map { [$0] } ?? [])).map(\.stringValue)
        return names.isEmpty ? "$" : names.joined(separator: ".")
    }

    /// `fields.11: invalidDigit at 3`.
    public var description: String { "\(path): \(reason)" }
}
