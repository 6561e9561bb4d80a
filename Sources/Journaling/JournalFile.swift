/// The journal as a file among files: looked at before SQLite may touch it, made whole or not at all.
enum JournalFile {
    /// Refuses what is no journal of this release, from mode and header alone; reads, never writes. Where there is a log,
    /// the file says nothing but its mode: a power cut may have torn what the log has whole.
    static func inspect(_ path: String, hasLog: Bool, on disk: any Disk) throws(JournalError) {
        let file = try disk.look(at: path)
        guard file.isPlain else { throw JournalError(.foreign, path: path, "not a plain file") }
        guard file.isPrivate else {
            throw JournalError(.permissions, path: path, "others than the owner have access; chmod 600 it")
        }
        // A rollback journal beside it would be played back on opening: that is a write.
        guard try !disk.exists("\(path)-journal") else {
            throw JournalError(.damaged, path: path, "not in write-ahead mode")
        }
        if hasLog { return }
        let header = file.head
        guard header.count == 100, header.starts(with: Array("SQLite format 3\0".utf8)) else {
            throw JournalError(.foreign, path: path, "not a SQLite file")
        }
        func word(_ offset: Int) -> Int { header[offset..<offset + 4].reduce(0) { $0 << 8 | Int($1) } }
        try checkIdentity(application: word(68), version: word(60), path: path)
        guard header[18] == 2, header[19] == 2 else {
            throw JournalError(.damaged, path: path, "not in write-ahead mode")
        }
        let size = word(28) * (word(14) & 0xFFFF)
        guard file.size == size else { throw JournalError(.damaged, path: path, "\(file.size) bytes, not \(size)") }
    }

    /// Refuses another program's file and a later release's.
    static func checkIdentity(application: Int, version: Int, path: String) throws(JournalError) {
        guard application == Schema.application else {
            throw JournalError(.foreign, path: path, "application id \(application), not \(Schema.application)")
        }
        guard version <= Schema.version else {
            throw JournalError(.newerVersion, path: path, "version \(version); this release knows \(Schema.version)")
        }
        guard version > 0 else { throw JournalError(.damaged, path: path, "version \(version)") }
    }

    /// Makes a file under another name, lets `fill` write it, and gives it its name when it is whole and on the disk.
    static func create(
        _ path: String, on disk: any Disk, fill: (String) throws(JournalError) -> Void
    ) throws(JournalError) {
        guard try !disk.exists("\(path)-wal") else {
            throw JournalError(.damaged, path: path, "its log (-wal) is there, the journal itself is not")
        }
        let draft = "\(path).new"
        let drafts = [draft, "\(draft)-wal", "\(draft)-shm", "\(draft)-journal"]
        for left in drafts { disk.remove(left) }
        try disk.create(draft)
        do throws(JournalError) {
            try fill(draft)
            try disk.rename(draft, to: path)
        } catch {
            for left in drafts { disk.remove(left) }
            throw error
        }
    }
}
