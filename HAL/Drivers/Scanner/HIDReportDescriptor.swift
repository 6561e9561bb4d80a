/// The input reports that a HID device says it sends, read from its report descriptor (HID 1.11, 6.2.2).
public struct HIDReportDescriptor: Equatable, Sendable {
    /// One input item: elements of one size in a row.
    public struct Field: Equatable, Sendable {
        /// The number of the report that carries it, its first byte; nil where the device numbers none.
        public let reportID: UInt8?
        /// From the start of the report, the report's number included.
        public let bitOffset: Int
        /// Bits of one element.
        public let bitSize: Int
        /// Number of elements.
        public let count: Int
        /// Padding.
        public let isConstant: Bool
        /// Each element names what is pressed, rather than being the state of one thing.
        public let isArray: Bool
        /// The application collection that it stands in.
        public let application: HIDUsage?
        /// In order of the elements; the last one holds for all that remain. Page in the upper half.
        let usages: [ClosedRange<UInt32>]

        /// Whether its elements may have or, in an array, name `usage`.
        public func knows(_ usage: HIDUsage) -> Bool { usages.contains { $0.contains(usage.extended) } }

        /// The first element with `usage`, in bits from the start of the report, and the number of elements that have it in
        /// a row; nil where there is none.
        public func elements(_ usage: HIDUsage) -> (bitOffset: Int, count: Int)? {
            var index = 0
            var found: (first: Int, count: Int)?
            for (number, range) in usages.enumerated() where index < count {
                let isLast = number == usages.count - 1
                if range.contains(usage.extended) {
                    let first = index + Int(usage.extended - range.lowerBound)
                    guard first < count else { break }
                    let repeats = isLast && usage.extended == range.upperBound ? count - first : 1
                    found = (found?.first ?? first, (found?.count ?? 0) + repeats)
                } else if found != nil {
                    break
                }
                index += range.count
            }
            return found.map { (bitOffset + $0.first * bitSize, $0.count) }
        }
    }

    /// All input items, in order.
    public let inputs: [Field]
    /// The top level collections: what the interface is.
    public let applications: [HIDUsage]
    private let reportBits: [UInt8: Int]

    /// Reads a descriptor of at most 4,096 bytes whose reports are no longer than that.
    public init(_ bytes: [UInt8]) throws(HIDDescriptorError) {
        var parser = HIDReportDescriptorParser()
        try parser.parse(bytes)
        // Only here it is known whether the device numbers its reports.
        let shift = parser.isNumbered ? 8 : 0
        inputs = parser.inputs.map {
            Field(
                reportID: $0.reportID, bitOffset: $0.bitOffset + shift, bitSize: $0.bitSize, count: $0.count,
                isConstant: $0.isConstant, isArray: $0.isArray, application: $0.application, usages: $0.usages)
        }
        applications = parser.applications
        reportBits = parser.reportBits.mapValues { $0 + shift }
    }

    /// The length of an input report in bytes, its number included; nil if there is no such report.
    public func reportBytes(id: UInt8?) -> Int? { reportBits[id ?? 0].map { ($0 + 7) / 8 } }

    /// The length of the longest input report in bytes: what a transfer must have room for.
    public var longestReportBytes: Int { ((reportBits.values.max() ?? 0) + 7) / 8 }
}
