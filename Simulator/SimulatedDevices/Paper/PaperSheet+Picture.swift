public import Raster

extension PaperSheet {
    /// Dots of paper beside the printed area, at each side: 4 mm.
    public static let margin = 32

    /// The sheet as dots: what can be printed on, or with the paper beside it. Throws `.noFont` where the machine has no font to
    /// draw the printer's characters with.
    public func picture(withMargins: Bool = false) throws(RasterError) -> Bitmap {
        var area = Bitmap(width: width, height: height)
        for mark in marks {
            switch mark.content {
            case .characters(let characters): try Self.draw(characters, on: &area, x: mark.x, y: mark.y)
            case .dots(let dots): Self.draw(dots, on: &area, x: mark.x, y: mark.y)
            }
        }
        guard withMargins else { return area }
        var sheet = Bitmap(width: width + 2 * Self.margin, height: height)
        sheet.draw(area, x: Self.margin, y: 0)
        return sheet
    }

    private static func draw(_ dots: PaperMark.Dots, on area: inout Bitmap, x: Int, y: Int) {
        for row in 0..<dots.rows {
            let start = row * dots.stride
            for column in 0..<dots.columns
            where dots.bytes[start + column / 8] & (0x80 >> UInt8(column % 8)) != 0 {
                let (left, top) = (x + column * dots.horizontally, y + row * dots.vertically)
                area.fill(x: left..<left + dots.horizontally, y: top..<top + dots.vertically)
            }
        }
    }

    private static func draw(
        _ characters: PaperMark.Characters, on area: inout Bitmap, x: Int, y: Int
    ) throws(RasterError) {
        let (size, font) = (characters.size, characters.font)
        for (index, scalar) in characters.scalars.enumerated() {
            let left = x + index * characters.pitch
            let letter = left + characters.left
            let cell = try font.cell(scalar)
            area.draw(cell, x: letter, y: y, across: size.width, down: size.height)
            // The head prints bold characters twice, a dot further.
            if characters.isBold { area.draw(cell, x: letter + 1, y: y, across: size.width, down: size.height) }
            let all = (x: left..<left + characters.pitch, y: y..<y + characters.height)
            if characters.isInverse {
                area.invert(x: all.x, y: all.y)
            } else if characters.underline > 0 {
                area.fill(x: all.x, y: all.y.upperBound - characters.underline..<all.y.upperBound)
            }
        }
    }
}

extension PaperFont {
    /// The character's dots. The printer's Latin fonts are narrower than the typeface's cells for what is not ASCII.
    fileprivate func cell(_ scalar: Unicode.Scalar) throws(RasterError) -> Bitmap {
        let cell = try Typeface.packaged.cell(scalar)
        guard cell.width != width || cell.height != height else { return cell }
        var ink = 0..<cell.width
        let middle = (cell.width - width) / 2..<(cell.width + width) / 2
        let isNarrow = ink.allSatisfy { column in
            middle.contains(column) || (0..<cell.height).allSatisfy { !cell[column, $0] }
        }
        if self != .b, isNarrow { ink = middle }
        var small = Bitmap(width: width, height: height)
        for y in 0..<cell.height {
            for column in ink where cell[column, y] {
                small[(column - ink.lowerBound) * width / ink.count, y * height / cell.height] = true
            }
        }
        return small
    }
}

extension Bitmap {
    fileprivate mutating func invert(x: Range<Int>, y: Range<Int>) {
        for row in y { for column in x { self[column, row].toggle() } }
    }
}
