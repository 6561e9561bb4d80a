import CSQLite

/// A value for a statement's parameter.
enum Value {
    case integer(Int)
    case text(String)
    case blob([UInt8])
    case null

    init(_ value: Int?) { self = value.map { .integer($0) } ?? .null }
    init(_ text: String?) { self = text.map { .text($0) } ?? .null }
    init(_ bytes: [UInt8]?) { self = bytes.map { .blob($0) } ?? .null }
}

/// A prepared SQL statement. It lives no longer than its database, which keeps it for the next use.
final class Statement {
    private let handle: OpaquePointer
    private unowned let database: Database

    init(owning handle: OpaquePointer, of database: Database) {
        self.handle = handle
        self.database = database
    }

    deinit { sqlite3_finalize(handle) }

    func bind(_ values: [Value]) throws(JournalError) {
        for (index, value) in zip(Int32(1)..., values) {
            let code =
                switch value {
                case .integer(let number): sqlite3_bind_int64(handle, index, Int64(number))
                case .text(let text): tender_sqlite3_bind_text(handle, index, text, Int32(clamping: text.utf8.count))
                case .blob(let bytes):
                    bytes.withUnsafeBytes {
                        tender_sqlite3_bind_blob(handle, index, $0.baseAddress, Int32(clamping: $0.count))
                    }
                case .null: sqlite3_bind_null(handle, index)
                }
            try database.check(code, "bind")
        }
    }

    /// Goes to the next row, if there is one.
    func step() throws(JournalError) -> Bool {
        let code = sqlite3_step(handle)
        if code == SQLITE_ROW { return true }
        if code != SQLITE_DONE { try database.check(code, "step") }
        return false
    }

    /// Makes it ready for the next use and lets go of what was bound. The error of the last step was told by it.
    func reset() {
        sqlite3_reset(handle)
        sqlite3_clear_bindings(handle)
    }

    func isNull(_ column: Int32) -> Bool { sqlite3_column_type(handle, column) == SQLITE_NULL }

    func integer(_ column: Int32) -> Int { Int(sqlite3_column_int64(handle, column)) }

    func text(_ column: Int32) -> String { String(decoding: bytes(column), as: UTF8.self) }

    func bytes(_ column: Int32) -> [UInt8] {
        guard let start = sqlite3_column_blob(handle, column) else { return [] }
        return Array(UnsafeRawBufferPointer(start: start, count: Int(sqlite3_column_bytes(handle, column))))
    }
}
