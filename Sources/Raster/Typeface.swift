import CFreeType
import Synchronization

/// The characters of a receipt as dots: Latin ones 12 wide, Chinese ones 24, all 24 high. That is what receipt printers draw
/// themselves at 203 dpi (font A and the Chinese font), so text and pictures of text line up.
///
/// The font is loaded at the first character, from Debian's package fonts-wqy-zenhei, whose fixed-width face has every
/// character of GBK (decision 0031). What it has not is drawn as a hollow box.
public final class Typeface: Sendable {
    /// Height of every character, and width of a Chinese one.
    public static let em = 24
    /// The package's font.
    public static let packagedFile = "/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc"
    /// The face of fixed width in it.
    private static let packagedFace = 1
    /// The packaged font, loaded when it is first used.
    public static let packaged = Typeface(file: packagedFile)

    private let file: String
    private let state = Mutex(State())

    private struct State {
        var font: Font?
        /// Cells that were drawn, some 80 bytes each.
        var cells: [Unicode.Scalar: Bitmap] = [:]
    }
    /// As many characters as the receipts of a day have, several times over.
    private static let cellLimit = 2048

    /// The face in `file`, a TrueType collection.
    public init(file: String) { self.file = file }

    /// Columns of 12 dots that a character takes: 1 or 2. Marks that stand on the character before take none.
    public static func columns(_ scalar: Unicode.Scalar) -> Int {
        if scalar.isASCII { return 1 }
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .enclosingMark: return 0
        default: return 2
        }
    }

    /// The cell of a character, 12 or 24 dots wide and 24 high. Throws `.noFont`, with the package that is missing.
    public func cell(_ scalar: Unicode.Scalar) throws(RasterError) -> Bitmap {
        let result = state.withLock { state in
            Result { () throws(RasterError) in
                if let cell = state.cells[scalar] { return cell }
                let font: Font
                if let loaded = state.font { font = loaded } else { font = try Font(file, face: Self.packagedFace) }
                state.font = font
                let cell = font.draw(scalar) ?? Self.hollowBox(scalar)
                if state.cells.count >= Self.cellLimit { state.cells.removeAll(keepingCapacity: true) }
                state.cells[scalar] = cell
                return cell
            }
        }
        return try result.get()
    }

    /// A line of text, 24 dots high, at most `width` dots wide; what is beyond is left out.
    public func line(_ text: some StringProtocol, width: Int) throws(RasterError) -> Bitmap {
        var line = Bitmap(width: width, height: Self.em)
        var x = 0
        for scalar in text.unicodeScalars {
            let columns = Self.columns(scalar)
            let cell = try cell(scalar)
            // A mark goes over the character that it belongs to.
            line.draw(cell, x: columns == 0 ? max(0, x - cell.width) : x, y: 0)
            x += columns * Self.em / 2
            if x >= width { break }
        }
        return line
    }

    private static func hollowBox(_ scalar: Unicode.Scalar) -> Bitmap {
        let width = max(1, columns(scalar)) * em / 2
        var cell = Bitmap(width: width, height: em)
        cell.fill(x: 2..<width - 2, y: 3..<em - 3)
        cell.fill(x: 3..<width - 3, y: 4..<em - 4, false)
        return cell
    }
}

/// FreeType's handle of one face.
private final class Font {
    private let library: FT_Library
    private let face: FT_Face
    /// Rows above the base line. A character that reaches higher or lower than the cell is moved into it.
    private static let ascent = 20

    init(_ file: String, face index: Int) throws(RasterError) {
        var library: FT_Library?
        guard FT_Init_FreeType(&library) == 0, let library else { throw RasterError(.other, "FreeType does not start") }
        var face: FT_Face?
        let status = FT_New_Face(library, file, index, &face)
        guard status == 0, let face else {
            FT_Done_FreeType(library)
            throw RasterError(
                .noFont, "the font \(file) cannot be read (\(status)): install the package fonts-wqy-zenhei")
        }
        guard FT_Set_Pixel_Sizes(face, 0, FT_UInt(Typeface.em)) == 0 else {
            FT_Done_FreeType(library)
            throw RasterError(.noFont, "the font \(file) has no size of \(Typeface.em) dots")
        }
        self.library = library
        self.face = face
    }

    // The library takes its faces with it.
    deinit { FT_Done_FreeType(library) }

    /// The cell of a character; nil if the font does not have it.
    func draw(_ scalar: Unicode.Scalar) -> Bitmap? {
        let index = FT_Get_Char_Index(face, FT_ULong(scalar.value))
        guard index != 0, tender_ft_render(face, index) == 0, let slot = face.pointee.glyph?.pointee else { return nil }
        var cell = Bitmap(width: max(1, Typeface.columns(scalar)) * Typeface.em / 2, height: Typeface.em)
        let (rows, columns, pitch) = (Int(slot.bitmap.rows), Int(slot.bitmap.width), Int(slot.bitmap.pitch))
        guard let buffer = slot.bitmap.buffer, pitch > 0, columns <= pitch * 8 else { return cell }
        let x = min(max(0, Int(slot.bitmap_left)), max(0, cell.width - columns))
        let y = min(max(0, Self.ascent - Int(slot.bitmap_top)), max(0, cell.height - rows))
        for row in 0..<rows {
            for column in 0..<columns where Self.isSet(buffer[row * pitch + (column >> 3)], column) {
                cell[x + column, y + row] = true
            }
        }
        return cell
    }

    private static func isSet(_ byte: UInt8, _ column: Int) -> Bool { byte << UInt8(column & 7) & 0x80 != 0 }
}
