/// A picture of black and white dots.
public struct Bitmap: Equatable, Sendable {
    /// Dots across.
    public let width: Int
    /// Dots down.
    public private(set) var height: Int
    /// Rows from top to bottom, `stride` bytes each: eight dots a byte, the left one in the highest bit, 1 is black, as
    /// `GS v 0` takes them. Bits beyond the width are 0.
    public private(set) var bytes: [UInt8]

    /// Bytes of a row.
    public var stride: Int { (width + 7) / 8 }

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
            return bytes[y * stride + (x >> 3)] & Self.mask(x) != 0
        }
        set {
            guard x >= 0, x < width, y >= 0, y < height else { return }
            let place = y * stride + (x >> 3)
            bytes[place] = newValue ? bytes[place] | Self.mask(x) : bytes[place] & ~Self.mask(x)
        }
    }

    /// Whether no dot is black.
    public var isBlank: Bool { bytes.allSatisfy { $0 == 0 } }

    /// Makes a rectangle black, or white; what is outside is left out.
    public mutating func fill(x: Range<Int>, y: Range<Int>, _ isBlack: Bool = true) {
        for row in y.clamped(to: 0..<height) {
            for column in x.clamped(to: 0..<width) { self[column, row] = isBlack }
        }
    }

    /// Makes the black dots of `picture` black here, its upper left corner at `x`, `y`, each dot `across` wide and `down`
    /// high (1 or more); what is outside is left out.
    public mutating func draw(_ picture: Bitmap, x: Int, y: Int, across: Int = 1, down: Int = 1) {
        let (across, down) = (max(1, across), max(1, down))
        if across == 1, x >= 0, x + picture.width <= width { return drawRows(picture, x: x, y: y, down: down) }
        for row in 0..<picture.height {
            for column in 0..<picture.width where picture[column, row] {
                let (left, top) = (x + column * across, y + row * down)
                fill(x: left..<left + across, y: top..<top + down)
            }
        }
    }

    /// The same for a picture that is not made wider and lies within the width: by bytes.
    private mutating func drawRows(_ picture: Bitmap, x: Int, y: Int, down: Int) {
        let shift = UInt8(x & 7)
        for row in 0..<picture.height {
            for target in y + row * down..<y + (row + 1) * down where (0..<height).contains(target) {
                let start = target * stride + (x >> 3)
                for place in 0..<picture.stride {
                    let byte = picture.bytes[row * picture.stride + place]
                    bytes[start + place] |= byte >> shift
                    // What is shifted out of a row's last byte is beyond the width, and white.
                    if shift > 0, byte << (8 - shift) != 0 { bytes[start + place + 1] |= byte << (8 - shift) }
                }
            }
        }
    }

    /// Adds the rows of `picture` below, cut or filled with white to this width.
    public mutating func append(_ picture: Bitmap) {
        let top = height
        grow(by: picture.height)
        draw(picture, x: 0, y: top)
    }

    /// Adds white rows below.
    public mutating func grow(by rows: Int) {
        height += max(0, rows)
        bytes += [UInt8](repeating: 0, count: max(0, rows) * stride)
    }

    /// Rows `rows` of it, or as many of them as there are.
    public func cropped(rows: Range<Int>) -> Bitmap {
        let rows = rows.clamped(to: 0..<height)
        var part = Bitmap(width: width, height: rows.count)
        part.bytes = Array(bytes[rows.lowerBound * stride..<rows.upperBound * stride])
        return part
    }

    private static func mask(_ x: Int) -> UInt8 { 0x80 >> UInt8(x & 7) }
}
