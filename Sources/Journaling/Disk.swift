/// What a journal stands on: SQLite's file layer, and the little that the journal itself does with files before SQLite
/// opens them. `SystemDisk` is the real one; a test has one that fails on purpose.
public protocol Disk: Sendable {
    /// The name of the SQLite VFS that has the files; nil for SQLite's own.
    var layer: String? { get }
    /// Whether something has this name.
    func exists(_ path: String) throws(JournalError) -> Bool
    /// What stands at `path`, with its first 100 bytes. Reads only.
    func look(at path: String) throws(JournalError) -> FileLook
    /// Makes an empty file that is its owner's only, where nothing may be.
    func create(_ path: String) throws(JournalError)
    /// Gives a file its name, in place of what had it: `draft` is durable before, and its new name after it.
    func rename(_ draft: String, to path: String) throws(JournalError)
    /// Makes all that can be read of the file durable, also what the disk has lost without the process seeing it: after
    /// a failed synchronization Linux takes the next for a success. By a copy that gets the file's name.
    func rewrite(_ path: String) throws(JournalError)
    /// Removes a file, if there is one.
    func remove(_ path: String)
    /// Takes the right to be the one that has the journal at `path` open, for as long as the answer lives. Throws
    /// `inUse` if another has it.
    func lock(_ path: String) throws(JournalError) -> any AnyObject & Sendable
}

/// A file, seen from outside.
public struct FileLook: Sendable {
    /// Neither a folder nor a device.
    public let isPlain: Bool
    /// Nobody but the owner has access.
    public let isPrivate: Bool
    /// In bytes.
    public let size: Int
    /// Its first bytes, 100 or all there are.
    public let head: [UInt8]

    /// A file that looks so.
    public init(isPlain: Bool = true, isPrivate: Bool = true, size: Int, head: [UInt8]) {
        self.isPlain = isPlain
        self.isPrivate = isPrivate
        self.size = size
        self.head = head
    }
}
