public import HAL

/// Scans of a scanner on a serial line: ended by the configured suffix, or else by CR, LF, Tab or silence; or between STX
/// and ETX.
public struct SerialScanDecoder: ScanDecoder, Equatable {
    private let suffix: [UInt8]
    private let gapMilliseconds: Int
    private var buffer = ScanBuffer()
    /// Between STX and ETX: only ETX ends it.
    private var isFramed = false
    /// The end of what was dropped for its length: where the suffix is looked for then.
    private var tail: [UInt8] = []

    private static let stx: UInt8 = 0x02
    private static let etx: UInt8 = 0x03
    private static let ends: [UInt8] = [0x09, 0x0A, 0x0D]

    /// Decodes by the suffix and the gap of `rules`.
    public init(rules: ScanRules = ScanRules()) {
        suffix = rules.suffix
        gapMilliseconds = rules.gapMilliseconds
    }

    /// Takes what has come, however it was cut into pieces.
    public mutating func take(_ bytes: [UInt8]) -> [Result<Scan, ScanFault>] {
        var results: [Result<Scan, ScanFault>] = []
        for byte in bytes { take(byte, &results) }
        return results
    }

    /// The gap that ends a scan.
    public var silenceMilliseconds: Int? { buffer.isPending || isFramed ? gapMilliseconds : nil }

    /// Ends the scan, unless its end must look different: then it is cut off.
    public mutating func silence() -> Result<Scan, ScanFault>? {
        guard buffer.isPending || isFramed else { return nil }
        let isKnown = buffer.isOverfull
        let needsEnd = isFramed || !suffix.isEmpty
        let scan = finish(dropping: 0)
        if needsEnd { return isKnown ? nil : .failure(.cutOff) }
        return scan.map { .success($0) }
    }

    private mutating func take(_ byte: UInt8, _ results: inout [Result<Scan, ScanFault>]) {
        if !buffer.isPending && !isFramed && byte == Self.stx && suffix.first != Self.stx {
            isFramed = true
        } else if isFramed {
            if byte == Self.etx { end(&results) } else { append(byte, &results) }
        } else if suffix.isEmpty {
            if Self.ends.contains(byte) { end(&results) } else { append(byte, &results) }
        } else {
            append(byte, &results)
            tail.append(byte)
            if tail.count > suffix.count { tail.removeFirst() }
            if tail == suffix { end(dropping: suffix.count, &results) }
        }
    }

    private mutating func append(_ byte: UInt8, _ results: inout [Result<Scan, ScanFault>]) {
        if !buffer.append(CollectionOfOne(byte)) { results.append(.failure(.tooLong)) }
    }

    private mutating func end(dropping dropped: Int = 0, _ results: inout [Result<Scan, ScanFault>]) {
        if let scan = finish(dropping: dropped) { results.append(.success(scan)) }
    }

    private mutating func finish(dropping dropped: Int) -> Scan? {
        isFramed = false
        tail.removeAll(keepingCapacity: true)
        return buffer.finish(dropping: dropped).map { Scan(data: $0, symbology: nil) }
    }
}
