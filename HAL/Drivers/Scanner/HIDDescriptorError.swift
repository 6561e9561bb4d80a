/// Why a report descriptor is of no use. Says where, never what stood there.
public struct HIDDescriptorError: Error, Equatable, Sendable, CustomStringConvertible {
    /// What is wrong with it.
    public enum Reason: String, Sendable {
        case tooLong = "longer than 4096 bytes"
        case cutOff = "ends in the middle of an item"
        case nestedTooDeep = "nested too deep"
        case unbalanced = "a collection, pop or delimiter without its other half"
        case reportID = "report id 0, or some reports with an id and some without"
        case reportTooLong = "a report longer than 4096 bytes"
        case usageRange = "a usage range that ends before it begins"
        case tooManyUsages = "too many usages for one field"
        case noScanData = "no field for scanned data"
        case noKeys = "no fields for keys"
    }

    /// What is wrong with it.
    public let reason: Reason
    /// The item at fault, in bytes from the start.
    public let offset: Int

    /// An error at byte `offset`.
    public init(reason: Reason, offset: Int) {
        self.reason = reason
        self.offset = offset
    }

    /// "report descriptor at byte 12: …".
    public var description: String { "report descriptor at byte \(offset): \(reason.rawValue)" }
}
