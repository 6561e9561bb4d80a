public import Journaling
import Wire

/// What a check of the whole journal found.
public struct JournalVerification: Codable, Sendable, Equatable {
    /// The hash of the last record, in hexadecimal: what an auditor may have noted. Nil for a journal that is damaged.
    public let hash: String?
    /// What is wrong, and with which record; nil for a sound journal.
    public let damage: String?

    /// What a check came to. Throws what kept it from being made.
    public init(_ result: Result<[UInt8], JournalError>) throws(JournalError) {
        switch result {
        case .success(let last): (hash, damage) = (Hex.encode(last), nil)
        case .failure(let error) where error.kind == .damaged: (hash, damage) = (nil, error.detail)
        case .failure(let error): throw error
        }
    }
}
