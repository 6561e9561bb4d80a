import HAL
import Payments

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// What has come of a scan. Bounded: past the limit the rest is dropped up to the end of the scan.
struct ScanBuffer: Equatable, Sendable {
    private(set) var bytes: [UInt8] = []
    /// The scan was too long: what still comes of it is not kept.
    private(set) var isOverfull = false

    /// The largest QR symbol, and room for prefix, identifier and suffix, which the filter takes off.
    static let limit = ScanRules.largestScan + 128

    /// Whether a scan has begun.
    var isPending: Bool { !bytes.isEmpty || isOverfull }

    /// False if the scan became too long with this.
    mutating func append(_ more: some Collection<UInt8>) -> Bool {
        if isOverfull { return true }
        if bytes.isEmpty { bytes.reserveCapacity(Self.limit) }
        guard more.count <= Self.limit - bytes.count else {
            clear()
            isOverfull = true
            return false
        }
        bytes.append(contentsOf: more)
        return true
    }

    /// The scan, if there is one, without its last `dropped` bytes; then begins anew.
    mutating func finish(dropping dropped: Int = 0) -> SecretBytes? {
        defer { clear() }
        return bytes.count > dropped ? SecretBytes(bytes.dropLast(dropped)) : nil
    }

    /// Begins anew; nothing of the scan stays in memory.
    mutating func clear() {
        bytes.withUnsafeMutableBytes { if let base = $0.baseAddress { explicit_bzero(base, $0.count) } }
        bytes.removeAll(keepingCapacity: true)
        isOverfull = false
    }
}

extension ScanBuffer: CustomStringConvertible, CustomReflectable {
    /// Dots: what was scanned can pay.
    var description: String { isPending ? "••••" : "" }
    /// Nothing to see, for whoever prints a decoder.
    var customMirror: Mirror { Mirror(self, children: []) }
}
