import CSQLite

/// A disk's place among SQLite's file layers (VFS): SQLite calls its functions with the disk as their context.
/// Exclusive locking needs no shared memory, so the files have the first version of SQLite's methods only.
struct Layer {
    /// What SQLite knows it by: unlike any other that is there.
    let name: String
    private let vfs: UnsafeMutablePointer<sqlite3_vfs>
    private let nameBytes: UnsafeMutableBufferPointer<CChar>

    init() {
        vfs = .allocate(capacity: 1)
        name = "tender-\(UInt(bitPattern: vfs))"
        nameBytes = .allocate(capacity: name.utf8.count + 1)
        _ = nameBytes.initialize(from: name.utf8CString)
    }

    func register(_ disk: FaultyDisk) {
        var layer = sqlite3_vfs()
        layer.iVersion = 1
        layer.szOsFile = Int32(OpenFile.size)
        layer.mxPathname = 512
        layer.zName = UnsafePointer(nameBytes.baseAddress)
        // The disk outlives its place here, and a connection the files that it has open.
        layer.pAppData = Unmanaged.passUnretained(disk).toOpaque()
        layer.xOpen = { vfs, name, file, flags, _ in
            guard let disk = Self.disk(vfs), let file else { return SQLITE_MISUSE }
            file.pointee.pMethods = nil
            guard let opened = disk.open(name.map { String(cString: $0) }, makes: flags & SQLITE_OPEN_CREATE != 0)
            else { return SQLITE_CANTOPEN }
            OpenFile.store(opened, in: file)
            return SQLITE_OK
        }
        layer.xDelete = { vfs, name, isDurable in
            guard let disk = Self.disk(vfs), let name else { return SQLITE_MISUSE }
            return disk.delete(String(cString: name), isDurable: isDurable != 0)
        }
        layer.xAccess = { vfs, name, _, result in
            guard let disk = Self.disk(vfs), let name, let result else { return SQLITE_MISUSE }
            // As on Unix, an empty file is none.
            var exists = false
            let code = disk.operate(failing: LayerError.access) { state in
                exists = state.medium.file(named: String(cString: name)).map { state.medium.size($0) > 0 } ?? false
            }
            result.pointee = exists ? 1 : 0
            return code
        }
        layer.xFullPathname = { _, name, size, output in
            guard let name, let output else { return SQLITE_MISUSE }
            let path = String(cString: name).utf8CString
            guard path.count <= Int(size) else { return SQLITE_CANTOPEN }
            _ = UnsafeMutableBufferPointer(start: output, count: path.count).update(fromContentsOf: path)
            return SQLITE_OK
        }
        layer.xRandomness = { _, _, _ in 0 }
        layer.xSleep = { _, microseconds in microseconds }
        layer.xCurrentTime = { _, day in
            day?.pointee = 2_461_000.5
            return SQLITE_OK
        }
        vfs.initialize(to: layer)
        sqlite3_vfs_register(vfs, 0)
    }

    func unregister() {
        sqlite3_vfs_unregister(vfs)
        vfs.deinitialize(count: 1)
        vfs.deallocate()
        nameBytes.deallocate()
    }

    private static func disk(_ vfs: UnsafeMutablePointer<sqlite3_vfs>?) -> FaultyDisk? {
        vfs?.pointee.pAppData.map { Unmanaged<FaultyDisk>.fromOpaque($0).takeUnretainedValue() }
    }
}
