public import HAL

/// Scans of a bar code scanner in HID POS mode. A symbol that does not fit one report comes in several, each but the last
/// marked as continued; without the last one there is no scan.
public struct HIDPOSDecoder: ScanDecoder, Equatable {
    private let layout: HIDPOSLayout
    private var buffer = ScanBuffer()
    private var identifier: String?

    /// After this the rest of a scan will not come any more.
    private static let patienceMilliseconds = 500
    /// Where the report does not say whether more follows, a full one is the last if nothing follows at once.
    private static let gapMilliseconds = 100

    /// Decodes reports of `layout`.
    public init(_ layout: HIDPOSLayout) { self.layout = layout }

    /// Takes one input report, its number included. Reports of other numbers are left out.
    public mutating func take(_ report: [UInt8]) -> [Result<Scan, ScanFault>] {
        if let id = layout.reportID, let first = report.first, first != id { return [] }
        guard report.count == layout.reportBytes else { return drop(.wrongLength) }
        var used = report[layout.data]
        let isFull: Bool
        if let length = layout.length {
            guard Int(report[length]) <= used.count else { return drop(.lengthField) }
            isFull = Int(report[length]) == used.count
            used = used.prefix(Int(report[length]))
        } else {
            isFull = used.last != 0
        }
        let isContinued = layout.more.map { report[$0.byte] & $0.mask != 0 } ?? isFull
        // Zeros inside a symbol are data; behind it, where nothing tells its length, they are not.
        if layout.length == nil && !isContinued {
            used = used.prefix((used.lastIndex { $0 != 0 } ?? used.startIndex - 1) - used.startIndex + 1)
        }
        if !buffer.isPending { identifier = aimIdentifier(report) }
        var results: [Result<Scan, ScanFault>] = buffer.append(used) ? [] : [.failure(.tooLong)]
        if !isContinued, let scan = finish() { results.append(.success(scan)) }
        return results
    }

    /// How long to wait for the rest of a scan.
    public var silenceMilliseconds: Int? {
        guard buffer.isPending else { return nil }
        return layout.more == nil ? Self.gapMilliseconds : Self.patienceMilliseconds
    }

    /// Drops a scan whose rest did not come.
    public mutating func silence() -> Result<Scan, ScanFault>? {
        guard buffer.isPending else { return nil }
        if layout.more == nil { return finish().map { .success($0) } }
        let isKnown = buffer.isOverfull
        buffer.clear()
        return isKnown ? nil : .failure(.cutOff)
    }

    private mutating func drop(_ fault: ScanFault) -> [Result<Scan, ScanFault>] {
        buffer.clear()
        return [.failure(fault)]
    }

    private mutating func finish() -> Scan? {
        buffer.finish().map { Scan(data: $0, symbology: identifier) }
    }

    private func aimIdentifier(_ report: [UInt8]) -> String? {
        let bytes = layout.identifier.map { report[$0] }
        return Symbology(bytes)?.identifier
    }
}
