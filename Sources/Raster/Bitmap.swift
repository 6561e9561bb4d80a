/// A picture of black and white dots.
public struct Bitmap: Equatable, Sendable {
    /// Dots across.
    public let width: Int
    /// Dots down.
    public private(set) var height: Int
    /// Bytes of a row: eight dots each, the left one in the highest bit, 1 is black (as `GS v 0` takes them).
    public var stride: Int { (width + 7) / 8 }
    /// Rows from top to bottom.
    public private(set) var bytes: [UInt8]

    /// A white picture; sizes below zero count as zero.
    public init(width: Int, height: Int) {
        self.width = max(0, width)
        self.height = max(0, height)
        bytes = [UInt8](repeating: 0, count: (self.width + 7) / 8 * self.height)
    }

    /// The dot at `x`, `y`; outside everything is white, and nothing can be set.
    public subscript(x: Int, y: Int) -> Bool {
        get {
            guard x >= 0, x < width, y >= 0, y < height else { return false }
            return bytes[y * stride + (x >> 3)] & (0x80 >> UInt8(x & 7) as UInt8) != 0
        }
        set {
            guard x >= 0, x < width, y >= 0, y < height else { return }
            let mask: UInt8 = 0x80 >> UInt8(x & 7)
            if newValue { bytes[y * stride + (x >> 3)] |= mask } else { bytes[y * stride + (x >> 3)] &= ~mask }
        }
    }
}
