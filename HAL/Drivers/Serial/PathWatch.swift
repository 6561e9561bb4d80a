#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Watches whether something is at a path, such as a link of udev below /dev/serial, by the kernel's events alone (inotify).
struct PathWatch: ~Copyable {
    private let path: String
    private let descriptor: Int32
    private var watched: Set<Int32> = []

    /// Where the kernel gives no watch (its limit for each user is small), looking now and then must do.
    private static let fallbackMilliseconds: Int32 = 1000
    private static let events =
        IN_CREATE | IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO | IN_ATTRIB | IN_DELETE_SELF
        | IN_MOVE_SELF

    init(_ path: String) {
        self.path = path
        descriptor = inotify_init1(Int32(IN_NONBLOCK | IN_CLOEXEC))
    }

    deinit { if descriptor >= 0 { close(descriptor) } }

    /// What is there now, told from what was there before; nil for nothing. A later change ends `wait`.
    mutating func sight() -> [Int]? {
        // Watching comes before looking, so that nothing happens unseen between the two.
        rearm()
        var state = stat()
        guard stat(path, &state) == 0 else { return nil }
        return [Int(state.st_rdev), Int(state.st_ino), state.st_ctim.tv_sec, state.st_ctim.tv_nsec]
    }

    /// Blocks until something changed that may matter; false when `wakeUp` is readable.
    func wait(wakeUp: Int32) -> Bool {
        var waits = [
            pollfd(fd: wakeUp, events: Int16(POLLIN), revents: 0),
            pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0),
        ]
        _ = poll(&waits, 2, watched.isEmpty ? Self.fallbackMilliseconds : -1)
        var bytes = [UInt8](repeating: 0, count: 4096)
        while read(descriptor, &bytes, bytes.count) > 0 {}
        return waits[0].revents == 0
    }

    /// Watches the nearest folders that exist, of the path and of what it links to.
    private mutating func rearm() {
        guard descriptor >= 0 else { return }
        var current: Set<Int32> = []
        for path in [path, target].compactMap(\.self) {
            // A folder may appear while the one above it is being watched: look again until nothing moves.
            for _ in 0..<8 {
                let folder = Self.nearestFolder(of: path)
                let watch = inotify_add_watch(descriptor, folder, UInt32(bitPattern: Int32(Self.events)))
                if watch >= 0 { current.insert(watch) }
                if Self.nearestFolder(of: path) == folder { break }
            }
        }
        for old in watched.subtracting(current) { inotify_rm_watch(descriptor, old) }
        watched = current
    }

    /// What a link at the path points to, there or not.
    private var target: String? {
        var bytes = [CChar](repeating: 0, count: Int(PATH_MAX))
        let count = readlink(path, &bytes, bytes.count)
        guard count > 0 else { return nil }
        let link = String(decoding: bytes[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
        return link.hasPrefix("/") ? link : Self.parent(of: path) + "/" + link
    }

    private static func nearestFolder(of path: String) -> String {
        var folder = parent(of: path)
        while folder != "/", access(folder, F_OK) != 0 { folder = parent(of: folder) }
        return folder
    }

    private static func parent(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }
}
