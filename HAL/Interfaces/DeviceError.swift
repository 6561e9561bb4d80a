/// Why a device could not do what it was told. Branch on `kind`; the rest is for the technician.
public struct DeviceError: Error, Equatable, Sendable, CustomStringConvertible {
    /// What to branch on.
    public enum Kind: String, Sendable {
        /// The device is not there, or its service does not run.
        case absent
        /// The device went away in the middle: unplugged, connection closed.
        case gone
        /// The card left the reader.
        case cardRemoved
        /// The card gives no answer to reset, or none to a command.
        case cardMute
        /// The deadline passed.
        case timeout
        /// Somebody asked the wait to end.
        case cancelled
        /// Somebody else holds the device.
        case busy
        /// The other side refused (connection refused, permission denied).
        case refused
        /// The device answered something that its protocol does not allow.
        case protocolViolation
        /// The printer has no paper or an open cover.
        case notReady
        /// Anything else.
        case other
    }

    /// What to branch on.
    public let kind: Kind
    /// The operation that failed, as its library calls it, `SCardConnect`.
    public let operation: String
    /// The library's code or errno, in its usual notation, `0x8010001C` or `ECONNREFUSED`.
    public let code: String

    /// An error of `operation`.
    public init(_ kind: Kind, _ operation: String, code: String = "") {
        self.kind = kind
        self.operation = operation
        self.code = code
    }

    /// Operation, kind and code in one line.
    public var description: String { code.isEmpty ? "\(operation): \(kind)" : "\(operation): \(kind) (\(code))" }
}
