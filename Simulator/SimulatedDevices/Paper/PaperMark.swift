/// Something printed in one place of a sheet.
struct PaperMark: Equatable, Sendable {
    /// The printer's own characters, all alike, one beside the other.
    struct Characters: Equatable, Sendable {
        var scalars: [Unicode.Scalar]
        let font: PaperFont
        let size: PrintStyle.Size
        let isBold: Bool
        let isInverse: Bool
        let underline: Int
        /// Dots left of each, and right of it.
        let left: Int
        let right: Int

        /// Dots from one to the next.
        var pitch: Int { left + font.width * size.width + right }
        var height: Int { font.height * size.height }
        var width: Int { pitch * scalars.count }
        /// Columns of font A each takes in text.
        var columns: Int { font.columns * size.width }

        func looks(like other: Characters) -> Bool {
            font == other.font && size == other.size && isBold == other.isBold && isInverse == other.isInverse
                && underline == other.underline && left == other.left && right == other.right
        }
    }

    /// Dots as they were sent, or made from what was sent.
    struct Dots: Equatable, Sendable {
        /// Dots of a row; its bytes are filled up with white.
        let columns: Int
        var bytes: [UInt8]
        /// Dots of paper for a dot of these.
        let horizontally: Int
        let vertically: Int

        var stride: Int { (columns + 7) / 8 }
        var rows: Int { stride == 0 ? 0 : bytes.count / stride }
        var width: Int { columns * horizontally }
        var height: Int { rows * vertically }

        init(columns: Int, bytes: [UInt8], horizontally: Int, vertically: Int) {
            self.columns = columns
            self.bytes = bytes
            self.horizontally = horizontally
            self.vertically = vertically
        }

        /// Rows of `columns` modules, true for black.
        init(modules: [Bool], columns: Int, horizontally: Int, vertically: Int) {
            let stride = (columns + 7) / 8
            var bytes = [UInt8](repeating: 0, count: columns == 0 ? 0 : modules.count / columns * stride)
            for (index, isBlack) in modules.enumerated() where isBlack {
                let (row, column) = index.quotientAndRemainder(dividingBy: columns)
                bytes[row * stride + column / 8] |= 0x80 >> UInt8(column % 8)
            }
            self.init(columns: columns, bytes: bytes, horizontally: horizontally, vertically: vertically)
        }
    }

    enum Content: Equatable, Sendable {
        case characters(Characters)
        case dots(Dots)
    }

    var x: Int
    var y: Int
    var content: Content

    var width: Int {
        switch content {
        case .characters(let characters): characters.width
        case .dots(let dots): dots.width
        }
    }
    var height: Int {
        switch content {
        case .characters(let characters): characters.height
        case .dots(let dots): dots.height
        }
    }
    /// Bytes it takes to keep.
    var cost: Int {
        switch content {
        case .characters(let characters): 96 + 4 * characters.scalars.count
        case .dots(let dots): 96 + dots.bytes.count
        }
    }
}
