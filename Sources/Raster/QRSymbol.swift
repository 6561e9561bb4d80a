import CQREncode

/// A QR symbol (ISO/IEC 18004), model 2.
public struct QRSymbol: Equatable, Sendable {
    /// How much of it may be damaged.
    public enum Correction: Int, CaseIterable, Sendable {
        /// 7 %, 15 %, 25 %, 30 % of the code words.
        case low, medium, quartile, high
    }

    /// Modules of a side, 21–177, without the quiet zone.
    public let size: Int
    private let modules: [Bool]

    /// The quiet zone that readers need around it, in modules.
    public static let quietZone = 4

    /// A symbol of the smallest size that holds `data`. Throws `.tooLong` for more than a symbol can hold (2,953 bytes at low
    /// correction) and for nothing at all.
    public init(_ data: [UInt8], correction: Correction = .medium) throws(RasterError) {
        guard !data.isEmpty,
            let code = QRcode_encodeData(
                Int32(clamping: data.count), data, 0, QRecLevel(UInt32(correction.rawValue)))
        else { throw RasterError(.tooLong, "a QR symbol cannot hold \(data.count) bytes") }
        defer { QRcode_free(code) }
        let size = Int(code.pointee.width)
        self.size = size
        modules = (0..<size * size).map { code.pointee.data[$0] & 1 != 0 }
    }

    /// Whether the module is black; outside all are white.
    public subscript(x: Int, y: Int) -> Bool {
        guard (0..<size).contains(x), (0..<size).contains(y) else { return false }
        return modules[y * size + x]
    }

    /// The symbol as dots with its quiet zone, each module `moduleDots` wide and high (1 or more).
    public func bitmap(moduleDots: Int) -> Bitmap {
        let dots = max(1, moduleDots)
        let side = (size + 2 * Self.quietZone) * dots
        var picture = Bitmap(width: side, height: side)
        for y in 0..<size {
            for x in 0..<size where self[x, y] {
                let (left, top) = ((x + Self.quietZone) * dots, (y + Self.quietZone) * dots)
                picture.fill(x: left..<left + dots, y: top..<top + dots)
            }
        }
        return picture
    }
}
