import CSQLite
import Synchronization

/// A file as SQLite has it open: gone with the power, although SQLite does not know.
final class OpenFile {
    let disk: FaultyDisk
    let file: Int
    /// Tells it from others in the question of locks.
    let number: Int
    /// The disk's life in which it was opened.
    let life: Int

    init(_ disk: FaultyDisk, _ file: Int, number: Int, life: Int) {
        self.disk = disk
        self.file = file
        self.number = number
        self.life = life
    }

    // SQLite's own part of the memory that it gives for a file, then the reference.
    static let size = MemoryLayout<sqlite3_file>.stride + MemoryLayout<UnsafeMutableRawPointer>.stride

    static func store(_ file: OpenFile, in memory: UnsafeMutablePointer<sqlite3_file>) {
        UnsafeMutableRawPointer(memory + 1).storeBytes(
            of: Unmanaged.passRetained(file).toOpaque(), as: UnsafeMutableRawPointer.self)
        memory.pointee.pMethods = methods
    }

    private static func reference(_ memory: UnsafeMutablePointer<sqlite3_file>?) -> Unmanaged<OpenFile>? {
        guard let memory else { return nil }
        return Unmanaged.fromOpaque(UnsafeRawPointer(memory + 1).load(as: UnsafeMutableRawPointer.self))
    }

    private static func at(_ memory: UnsafeMutablePointer<sqlite3_file>?) -> OpenFile? {
        reference(memory)?.takeUnretainedValue()
    }

    /// Made once, never written again, never freed.
    private nonisolated(unsafe) static let methods: UnsafePointer<sqlite3_io_methods> = {
        var methods = sqlite3_io_methods()
        methods.iVersion = 1
        methods.xClose = { memory in
            let file = OpenFile.reference(memory)?.takeRetainedValue()
            file?.close()
            return SQLITE_OK
        }
        methods.xRead = { memory, buffer, count, offset in
            OpenFile.at(memory)?.read(UnsafeMutableRawBufferPointer(start: buffer, count: Int(count)), at: Int(offset))
                ?? SQLITE_MISUSE
        }
        methods.xWrite = { memory, bytes, count, offset in
            OpenFile.at(memory)?.write(Array(UnsafeRawBufferPointer(start: bytes, count: Int(count))), at: Int(offset))
                ?? SQLITE_MISUSE
        }
        methods.xTruncate = { memory, size in OpenFile.at(memory)?.truncate(to: Int(size)) ?? SQLITE_MISUSE }
        methods.xSync = { memory, _ in OpenFile.at(memory)?.synchronize() ?? SQLITE_MISUSE }
        methods.xFileSize = { memory, size in
            guard let file = OpenFile.at(memory), let size else { return SQLITE_MISUSE }
            return file.operate(failing: LayerError.status) { size.pointee = Int64($0.medium.size(file.file)) }
        }
        methods.xLock = { memory, _ in OpenFile.at(memory)?.lock() ?? SQLITE_MISUSE }
        methods.xUnlock = { memory, level in
            if level == SQLITE_LOCK_NONE { OpenFile.at(memory)?.unlock() }
            return SQLITE_OK
        }
        methods.xCheckReservedLock = { _, result in
            result?.pointee = 0
            return SQLITE_OK
        }
        methods.xFileControl = { _, _, _ in SQLITE_NOTFOUND }
        // As SQLite's own layer says of Linux: a write damages no byte beside it.
        methods.xSectorSize = { _ in 4_096 }
        methods.xDeviceCharacteristics = { _ in SQLITE_IOCAP_POWERSAFE_OVERWRITE }
        let memory = UnsafeMutablePointer<sqlite3_io_methods>.allocate(capacity: 1)
        memory.initialize(to: methods)
        return UnsafePointer(memory)
    }()
}

extension OpenFile {
    private func operate(
        failing code: Int32, needsRoom: Bool = false, _ body: (inout FaultyDisk.State) -> Void,
        partly: (inout FaultyDisk.State) -> Void = { _ in }
    ) -> Int32 {
        disk.operate(life: life, failing: code, needsRoom: needsRoom, body, partly: partly)
    }

    private func read(_ buffer: UnsafeMutableRawBufferPointer, at offset: Int) -> Int32 {
        var count = 0
        let code = operate(failing: LayerError.read) { count = $0.medium.read(file, at: offset, into: buffer) }
        guard code == SQLITE_OK, count < buffer.count else { return code }
        // SQLite wants the rest as zeros.
        UnsafeMutableRawBufferPointer(rebasing: buffer[count...]).initializeMemory(as: UInt8.self, repeating: 0)
        return LayerError.shortRead
    }

    private func write(_ bytes: [UInt8], at offset: Int) -> Int32 {
        operate(failing: LayerError.write, needsRoom: true) {
            $0.medium.write(bytes, to: file, at: offset)
        } partly: {
            guard !bytes.isEmpty else { return }
            $0.medium.write(Array(bytes.prefix($0.random.below(bytes.count))), to: file, at: offset)
        }
    }

    private func truncate(to size: Int) -> Int32 {
        operate(failing: LayerError.truncate) { $0.medium.truncate(file, to: size) }
    }

    private func synchronize() -> Int32 {
        operate(failing: LayerError.synchronize) {
            $0.medium.synchronize(file)
        } partly: {
            $0.medium.loseChanges(of: file, &$0.random)
        }
    }

    private func lock() -> Int32 {
        disk.state.withLock { state in
            guard state.isInUse, state.life == life else { return LayerError.lock }
            return state.medium.lock(file, for: number) ? SQLITE_OK : SQLITE_BUSY
        }
    }

    private func unlock() {
        disk.state.withLock { state in
            if state.life == life { state.medium.unlock(file, for: number) }
        }
    }

    private func close() { unlock() }
}

extension FaultyDisk {
    /// One operation of SQLite, on a file that was opened in `life`. A failing one is done `partly`; a power cut comes
    /// when it is done.
    func operate(
        life: Int? = nil, failing code: Int32, needsRoom: Bool = false, _ body: (inout State) -> Void,
        partly: (inout State) -> Void = { _ in }
    ) -> Int32 {
        state.withLock { state in
            guard state.isInUse, life == nil || life == state.life else { return code }
            switch state.begin(needsRoom: needsRoom) {
            case nil:
                body(&state)
                return SQLITE_OK
            case .powerCut:
                // It may have been done, and may be lost.
                body(&state)
                state.losePower()
                return code
            case .kill:
                body(&state)
                state.endProcess()
                return code
            case .error:
                partly(&state)
                return code
            case .full:
                partly(&state)
                return SQLITE_FULL
            }
        }
    }

    /// Opens a file for SQLite; nil if that fails.
    func open(_ name: String?, makes: Bool) -> OpenFile? {
        var opened: OpenFile?
        let code = operate(failing: SQLITE_CANTOPEN) { state in
            let known = name.flatMap { state.medium.file(named: $0) }
            guard let file = known ?? (makes ? state.medium.make(name) : nil) else { return }
            state.opened += 1
            opened = OpenFile(self, file, number: state.opened, life: state.life)
        }
        return code == SQLITE_OK ? opened : nil
    }

    /// Removes a file for SQLite.
    func delete(_ name: String, isDurable: Bool) -> Int32 {
        var isThere = false
        let code = operate(failing: LayerError.delete) { state in
            isThere = state.medium.file(named: name) != nil
            guard isThere else { return }
            state.medium.remove(name)
            if isDurable { state.medium.synchronizeNames() }
        }
        return code == SQLITE_OK && !isThere ? LayerError.nothingToDelete : code
    }
}

/// SQLite's input/output errors, which are macros that Swift does not import.
enum LayerError {
    static let read = SQLITE_IOERR | 1 << 8
    static let shortRead = SQLITE_IOERR | 2 << 8
    static let write = SQLITE_IOERR | 3 << 8
    static let synchronize = SQLITE_IOERR | 4 << 8
    static let truncate = SQLITE_IOERR | 6 << 8
    static let status = SQLITE_IOERR | 7 << 8
    static let delete = SQLITE_IOERR | 10 << 8
    static let access = SQLITE_IOERR | 13 << 8
    static let lock = SQLITE_IOERR | 15 << 8
    static let nothingToDelete = SQLITE_IOERR | 23 << 8
}
