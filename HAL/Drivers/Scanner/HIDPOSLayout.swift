/// Where a bar code scanner's report carries what: found by usage, since makers order and size the fields as they like.
public struct HIDPOSLayout: Equatable, Sendable {
    /// One bit of the report.
    struct Bit: Equatable, Sendable {
        let byte: Int
        let mask: UInt8
    }

    /// The number of the report that carries scans; nil where reports have none.
    public let reportID: UInt8?
    /// Its length, the number included.
    public let reportBytes: Int
    /// Byte offsets from here on, the report's number at 0.
    let data: Range<Int>
    /// The number of bytes used of `data`; nil: up to the trailing zeros.
    let length: Int?
    /// The three characters of the AIM identifier; empty where the report has none.
    let identifier: [Int]
    /// Set while more follows; nil: more follows a full report.
    let more: Bit?

    /// The layout that `descriptor` tells. Throws `noScanData` if it has nothing that can carry a scan.
    ///
    /// Scanners that do not use the bar code scanner page for the data itself (Microscan) still are one by their
    /// collection: then the longest run of bytes is the data, and the byte before it, or else its first one, the length.
    public init(_ descriptor: HIDReportDescriptor) throws(HIDDescriptorError) {
        let bytes = descriptor.inputs.filter { $0.bitSize == 8 && $0.bitOffset % 8 == 0 && !$0.isConstant }
        let known = bytes.compactMap { field in field.elements(.decodedData).map { (field, $0) } }
            .max { $0.1.count < $1.1.count }
        let unknown = bytes.filter { $0.count >= 8 && $0.application?.page == HIDUsage.barCodeScanner.page }
            .max { $0.count < $1.count }
        guard let field = known?.0 ?? unknown, let total = descriptor.reportBytes(id: field.reportID) else {
            throw HIDDescriptorError(reason: .noScanData, offset: 0)
        }
        let siblings = descriptor.inputs.filter { $0.reportID == field.reportID }
        func byte(_ usage: HIDUsage) -> Int? {
            siblings.filter { $0.bitSize == 8 }.lazy.compactMap { $0.elements(usage)?.bitOffset }.first { $0 % 8 == 0 }
                .map { $0 / 8 }
        }

        reportID = field.reportID
        reportBytes = total
        let start = (known?.1.bitOffset ?? field.bitOffset) / 8
        let end = start + (known?.1.count ?? field.count)
        if known != nil {
            data = start..<end
            length = byte(.byteCount)
        } else if bytes.contains(where: {
            $0.reportID == field.reportID && $0.count == 1 && $0.bitOffset == field.bitOffset - 8
        }) {
            data = start..<end
            length = start - 1
        } else {
            data = start + 1..<end
            length = start
        }
        let identifier = HIDUsage.symbologyIdentifiers.compactMap(byte)
        self.identifier = identifier.count == 3 ? identifier : []
        more = siblings.lazy.filter { !$0.isArray }.compactMap { $0.elements(.decodedDataContinued)?.bitOffset }.first
            .map { Bit(byte: $0 / 8, mask: 1 << UInt8($0 % 8)) }
    }
}
