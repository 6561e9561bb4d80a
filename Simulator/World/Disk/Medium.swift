/// Files as a disk has them: what a process reads, and what a power cut leaves of it. What has not been synchronized
/// since it was written may survive, be lost, or be torn, each sector by itself and in any order.
struct Medium {
    /// What was done to a file since it was last synchronized.
    private enum Change {
        case write([UInt8], at: Int)
        case truncate(Int)
    }

    /// What was done to the folder; of this an end may be lost, never a middle.
    private enum Naming {
        case enter(String, Int)
        case rename(String, String)
        case remove(String)
    }

    private struct File {
        var bytes: [UInt8] = []
        var durable: [UInt8] = []
        var changes: [Change] = []
        /// The open file that has the lock.
        var holder: Int?
    }

    private static let sector = 512

    private var files: [Int: File] = [:]
    private var made = 0
    private var names: [String: Int] = [:]
    private var durableNames: [String: Int] = [:]
    private var namings: [Naming] = []

    // MARK: Names

    func file(named name: String) -> Int? { names[name] }

    /// Makes an empty file; one without a name is nobody else's.
    mutating func make(_ name: String?) -> Int {
        made += 1
        files[made] = File()
        if let name { note(.enter(name, made)) }
        return made
    }

    mutating func rename(_ old: String, to new: String) { note(.rename(old, new)) }

    mutating func remove(_ name: String) { note(.remove(name)) }

    /// Makes durable what was done to names: all of it, or up to the entering of a file.
    mutating func synchronizeNames(of file: Int? = nil) {
        var count = namings.count
        if let file {
            count = namings.lastIndex { if case .enter(_, file) = $0 { true } else { false } }.map { $0 + 1 } ?? 0
        }
        for naming in namings.prefix(count) { Self.apply(naming, to: &durableNames) }
        namings.removeFirst(count)
    }

    private mutating func note(_ naming: Naming) {
        namings.append(naming)
        Self.apply(naming, to: &names)
    }

    private static func apply(_ naming: Naming, to names: inout [String: Int]) {
        switch naming {
        case .enter(let name, let file): names[name] = file
        case .rename(let old, let new): names[new] = names.removeValue(forKey: old)
        case .remove(let name): names[name] = nil
        }
    }

    // MARK: Contents

    func size(_ file: Int) -> Int { files[file]?.bytes.count ?? 0 }

    func bytes(_ file: Int) -> [UInt8] { files[file]?.bytes ?? [] }

    /// Fills `buffer` from `offset` on as far as the file goes, and answers how far that is.
    func read(_ file: Int, at offset: Int, into buffer: UnsafeMutableRawBufferPointer) -> Int {
        guard let bytes = files[file]?.bytes, offset < bytes.count else { return 0 }
        let count = min(buffer.count, bytes.count - offset)
        bytes.withUnsafeBytes { buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[offset..<offset + count])) }
        return count
    }

    mutating func write(_ bytes: [UInt8], to file: Int, at offset: Int) {
        guard !bytes.isEmpty else { return }
        Self.put(bytes[...], into: &files[file, default: File()].bytes, at: offset)
        files[file]?.changes.append(.write(bytes, at: offset))
    }

    mutating func truncate(_ file: Int, to size: Int) {
        Self.cut(&files[file, default: File()].bytes, to: size)
        files[file]?.changes.append(.truncate(size))
    }

    /// Makes durable what was done to the file, and its name.
    mutating func synchronize(_ file: Int) {
        var durable = files[file]?.durable ?? []
        files[file]?.durable = []
        for change in files[file]?.changes ?? [] {
            switch change {
            case .write(let bytes, let offset): Self.put(bytes[...], into: &durable, at: offset)
            case .truncate(let size): Self.cut(&durable, to: size)
            }
        }
        files[file]?.durable = durable
        files[file]?.changes = []
        synchronizeNames(of: file)
    }

    private static func put(_ bytes: ArraySlice<UInt8>, into target: inout [UInt8], at offset: Int) {
        if target.count < offset { target += [UInt8](repeating: 0, count: offset - target.count) }
        let inside = min(bytes.count, target.count - offset)
        target.withUnsafeMutableBytes { target in
            bytes.withUnsafeBytes { bytes in
                UnsafeMutableRawBufferPointer(rebasing: target[offset...]).copyMemory(
                    from: UnsafeRawBufferPointer(rebasing: bytes[..<inside]))
            }
        }
        target += bytes.dropFirst(inside)
    }

    private static func cut(_ bytes: inout [UInt8], to size: Int) {
        if size < bytes.count {
            bytes.removeLast(bytes.count - size)
        } else {
            bytes += [UInt8](repeating: 0, count: size - bytes.count)
        }
    }

    // MARK: Locks

    /// Takes the file's lock for an open file; false if another has it.
    mutating func lock(_ file: Int, for holder: Int) -> Bool {
        if let other = files[file]?.holder, other != holder { return false }
        files[file]?.holder = holder
        return true
    }

    mutating func unlock(_ file: Int, for holder: Int) {
        if files[file]?.holder == holder { files[file]?.holder = nil }
    }

    // MARK: Faults

    /// No file is open any more.
    mutating func close() {
        for file in files.keys { files[file]?.holder = nil }
    }

    /// Only what is durable is left, and what the disk happened to have written of the rest.
    mutating func losePower(_ random: inout Randomness) {
        for file in files.keys.sorted() {
            loseChanges(of: file, &random)
            let durable = files[file]?.durable ?? []
            files[file] = File(bytes: durable, durable: durable)
        }
        for naming in namings.prefix(random.below(namings.count + 1)) { Self.apply(naming, to: &durableNames) }
        namings = []
        names = durableNames
        let named = Set(names.values)
        files = files.filter { named.contains($0.key) }
    }

    /// The disk decides about what was not synchronized, and forgets that it had to be: so a file fares whose
    /// synchronization failed, although the process goes on reading what it wrote.
    mutating func loseChanges(of file: Int, _ random: inout Randomness) {
        guard let changes = files[file]?.changes, !changes.isEmpty else { return }
        var durable = files[file]?.durable ?? []
        let surviving = random.one(of: [0, 50, 90, 100])
        for change in changes {
            switch change {
            case .truncate(let size): if random.happens(surviving) { Self.cut(&durable, to: size) }
            case .write(let bytes, let offset):
                var start = 0
                while start < bytes.count {
                    let end = min(bytes.count, start + Self.sector - (offset + start) % Self.sector)
                    if random.happens(surviving) {
                        Self.put(bytes[start..<end], into: &durable, at: offset + start)
                    } else if random.happens(30) {
                        Self.put(torn(bytes[start..<end], &random), into: &durable, at: offset + start)
                    }
                    start = end
                }
            }
        }
        files[file]?.durable = durable
        files[file]?.changes = []
    }

    /// The beginning of a sector's new bytes; behind it nothing was written, or nonsense.
    private func torn(_ bytes: ArraySlice<UInt8>, _ random: inout Randomness) -> ArraySlice<UInt8> {
        let count = random.below(bytes.count)
        guard random.happens(30) else { return bytes.prefix(count) }
        return bytes.prefix(count) + (count..<bytes.count).map { _ in UInt8(random.below(256)) }
    }
}
