import Synchronization

/// The characters of a receipt as dots: Latin ones 12 wide, all others 24, all 24 high. That is what receipt printers draw
/// themselves at 203 dpi (font A and the Chinese font), so text and pictures of text line up.
///
/// Fonts are loaded at the first character that needs them, mapped into memory and never read whole. Which fonts, and why, is
/// in decision 0031.
public final class Typeface: Sendable {
    /// Dots down of every character, and dots across of a Chinese one.
    public static let em = 24
    /// The fonts of the distribution: Zen Hei Mono, which has nearly all of GBK; and, for what that has not, Unifont with the
    /// rest of the basic plane and its companion with emoji. The last two may be missing.
    public static let packaged = Typeface(fonts: [
        FontFile("/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc", face: 1),
        FontFile("/usr/share/fonts/opentype/unifont/unifont.otf"),
        FontFile("/usr/share/fonts/opentype/unifont/unifont_upper.otf"),
    ])

    private let files: [FontFile]
    private let state = Mutex(State())

    private struct State {
        /// By their places among the files; nil for one that cannot be read.
        var fonts: [Font?] = []
        /// Cells that were drawn, some 100 bytes each.
        var cells: [Unicode.Scalar: Bitmap] = [:]
    }
    /// As many characters as the receipts of a day have, several times over: a quarter of a megabyte.
    private static let cellLimit = 2048

    /// The faces in `fonts`, the first one that has a character drawing it.
    public init(fonts: [FontFile]) { files = fonts }

    /// Columns of 12 dots that a character takes: one for ASCII, none for marks that stand on the character before, two for
    /// all others. Printers in Chinese mode count so too: what is not ASCII is a character of their Chinese font, Greek,
    /// Cyrillic and accented Latin among them.
    public static func columns(_ scalar: Unicode.Scalar) -> Int {
        if scalar.isASCII { return 1 }
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .enclosingMark: return 0
        default: return 2
        }
    }

    /// The cell of a character, 12 or 24 dots wide and 24 high; a hollow box where no font has it. Throws `.noFont`, with the
    /// package that is missing, where there is no font at all.
    public func cell(_ scalar: Unicode.Scalar) throws(RasterError) -> Bitmap {
        let cell = try state.withLock { state throws(RasterError) in
            if let cell = state.cells[scalar] { return cell }
            let cell = try draw(scalar, &state.fonts)
            if state.cells.count >= Self.cellLimit { state.cells.removeAll(keepingCapacity: true) }
            state.cells[scalar] = cell
            return cell
        }
        return cell
    }

    /// Whether one of the fonts has the character. Throws `.noFont`.
    public func has(_ scalar: Unicode.Scalar) throws(RasterError) -> Bool {
        try state.withLock { state throws(RasterError) in try font(with: scalar, &state.fonts) != nil }
    }

    /// Gives back the memory that the fonts take. Characters that were drawn stay; the next new one loads its font again, in
    /// half a millisecond.
    public func rest() { state.withLock { $0.fonts = [] } }

    /// Draws `text` with its upper left corner at `x`, `y`, each dot `across` wide and `down` high. Returns where the next
    /// character goes. Throws `.noFont`.
    @discardableResult public func draw(
        _ text: some StringProtocol, on picture: inout Bitmap, x: Int, y: Int, across: Int = 1, down: Int = 1
    ) throws(RasterError) -> Int {
        var (x, last) = (x, 0)
        for scalar in text.unicodeScalars where x < picture.width {
            let cell = try cell(scalar)
            let columns = Self.columns(scalar)
            // A mark goes over the middle of the character that it belongs to.
            let left = columns > 0 ? x : max(0, x - (last + cell.width * across) / 2)
            picture.draw(cell, x: left, y: y, across: across, down: down)
            guard columns > 0 else { continue }
            last = columns * Self.em / 2 * across
            x += last
        }
        return x
    }

    private func draw(_ scalar: Unicode.Scalar, _ fonts: inout [Font?]) throws(RasterError) -> Bitmap {
        let width = max(1, Self.columns(scalar)) * Self.em / 2
        if let font = try font(with: scalar, &fonts), let cell = font.draw(scalar, width: width) { return cell }
        var box = Bitmap(width: width, height: Self.em)
        box.fill(x: 2..<width - 2, y: 3..<Self.em - 3)
        box.fill(x: 3..<width - 3, y: 4..<Self.em - 4, false)
        return box
    }

    /// The first font with the character; the ones up to it are loaded.
    private func font(with scalar: Unicode.Scalar, _ fonts: inout [Font?]) throws(RasterError) -> Font? {
        for (index, file) in files.enumerated() {
            if index == fonts.count { fonts.append(Font(file)) }
            if let font = fonts[index], font.has(scalar) { return font }
        }
        guard fonts.contains(where: { $0 != nil }) else {
            // Somebody may install one while we run.
            fonts = []
            throw RasterError(
                .noFont, "no font for pictures of text: install the package fonts-wqy-zenhei (and fonts-unifont)")
        }
        return nil
    }
}
