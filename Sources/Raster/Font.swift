import CFreeType

/// FreeType's handle of one face. It has a library of its own, so fonts share nothing; its owner locks it.
final class Font {
    private let library: FT_Library
    private let face: FT_Face
    /// Rows above the base line. A character that reaches higher or lower than the cell is moved into it.
    private static let ascent = 20
    /// From this shade on, of 255, a dot is black. A little below the middle: the thin strokes of dense characters stay.
    private static let blackFrom: UInt8 = 110

    /// Maps the file into memory. Nil for one that is not there, is no font, or has no such face.
    init?(_ file: FontFile) {
        var library: FT_Library?
        guard FT_Init_FreeType(&library) == 0, let library else { return nil }
        var face: FT_Face?
        guard FT_New_Face(library, file.path, file.face, &face) == 0, let face,
            FT_Set_Pixel_Sizes(face, 0, FT_UInt(Typeface.em)) == 0
        else {
            FT_Done_FreeType(library)
            return nil
        }
        self.library = library
        self.face = face
    }

    // The library takes its face with it.
    deinit { FT_Done_FreeType(library) }

    /// Whether the face has the character.
    func has(_ scalar: Unicode.Scalar) -> Bool { FT_Get_Char_Index(face, FT_ULong(scalar.value)) != 0 }

    /// The character in the middle of a cell of `width` dots; nil if it cannot be drawn.
    ///
    /// The automatic hinter puts horizontal strokes on whole rows, and shades decide which dots are black: drawn in black and
    /// white from the start, dense characters lose strokes at this size.
    func draw(_ scalar: Unicode.Scalar, width: Int) -> Bitmap? {
        guard tender_ft_render(face, FT_Get_Char_Index(face, FT_ULong(scalar.value))) == 0,
            let slot = face.pointee.glyph?.pointee
        else { return nil }
        var cell = Bitmap(width: width, height: Typeface.em)
        let (rows, columns, pitch) = (Int(slot.bitmap.rows), Int(slot.bitmap.width), Int(slot.bitmap.pitch))
        // A blank has no dots, and nothing else looks like one.
        guard let shades = slot.bitmap.buffer, pitch >= columns else { return cell }
        let indent = (width - Int(slot.advance.x >> 6)) / 2 + Int(slot.bitmap_left)
        let x = min(max(0, indent), max(0, width - columns))
        let y = min(max(0, Self.ascent - Int(slot.bitmap_top)), max(0, Typeface.em - rows))
        for row in 0..<min(rows, Typeface.em) {
            for column in 0..<min(columns, width) where shades[row * pitch + column] >= Self.blackFrom {
                cell[x + column, y + row] = true
            }
        }
        return cell
    }
}
