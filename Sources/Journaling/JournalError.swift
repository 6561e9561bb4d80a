/// Why the journal could not be opened, read or written. After every one of them but `inDoubt` the file holds what it
/// held before.
public struct JournalError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The reasons a caller can branch on.
    public enum Kind: String, Sendable, CaseIterable {
        /// There is no such file or folder.
        case notFound
        /// The file's content is not what was written: records changed or missing, pages broken, file cut short.
        case damaged
        /// The file is something else than a journal.
        case foreign
        /// A later release wrote it.
        case newerVersion
        /// Another process, or this one, has it open.
        case inUse
        /// Others than the owner may read or write the file.
        case permissions
        /// File, folder or file system does not let itself be written.
        case readOnly
        /// No room left.
        case full
        /// The disk failed.
        case inputOutput
        /// The disk failed while it made records durable, and again when the journal wanted to take them back: they may
        /// be there when it is opened the next time. Nobody may be told that they are or are not.
        case inDoubt
        /// The key is not 32 bytes or not the one the journal was made with.
        case wrongKey
        /// The record says something that the records before it rule out: a bug of the caller.
        case contradiction
        /// The batch has used all its numbers.
        case numbersExhausted
        /// The record is larger than a record may be.
        case tooLarge
        /// SQLite refused for another reason.
        case database
    }

    /// The reason to branch on.
    public let kind: Kind
    /// The journal's path.
    public let path: String
    /// What happened, in English, for the log and the technician; without card data.
    public let detail: String

    /// An error of this kind; `detail` without card data.
    public init(_ kind: Kind, path: String, _ detail: String) {
        self.kind = kind
        self.path = path
        self.detail = detail
    }

    /// Path, reason and detail in one line.
    public var description: String { "journal \(path): \(kind.rawValue): \(detail)" }
}
