public import Raster

/// A receipt as a picture, as a printer of 203 dpi puts it on paper.
public struct PictureRenderer: Sendable {
    /// Columns of the paper, 24–64.
    public let width: Int
    /// Dots of the paper: 12 a column, or more.
    public let dots: Int
    private let language: ReceiptLanguage
    private let typeface: Typeface
    /// Dots from one row to the next: the height of a character and white, as printers set it after `ESC @`.
    private static let rowGap = 6

    /// A renderer for paper of `width` columns; other widths than 24–64 are brought to the nearest of these. More `dots` than
    /// these need are white at the right.
    public init(
        width: Int = 48, dots: Int = 0, language: ReceiptLanguage = .both, typeface: Typeface = .packaged
    ) {
        self.width = ReceiptLayout.width(width)
        self.dots = min(4096, max(dots, self.width * Typeface.em / 2))
        self.language = language
        self.typeface = typeface
    }

    /// The whole paper. Throws `.noFont` with the package to install.
    public func render(_ receipt: Receipt) throws(RasterError) -> Bitmap {
        defer { typeface.rest() }
        var paper = Bitmap(width: dots, height: 0)
        for row in ReceiptLayout(receipt, width: width, language: language).rows { paper.append(try picture(row)) }
        return paper
    }

    /// One row with the white below it.
    func picture(_ row: ReceiptLayout.Row) throws(RasterError) -> Bitmap {
        switch row {
        case .text(let text): try picture(text, down: 1)
        case .tall(let text): try picture(text, down: 2)
        case .symbol(let symbol): picture(symbol)
        }
    }

    private func picture(_ text: String, down: Int) throws(RasterError) -> Bitmap {
        var picture = Bitmap(width: dots, height: Typeface.em * down + Self.rowGap)
        try typeface.draw(RightToLeft.drawn(text), on: &picture, x: 0, y: 0, down: down)
        return picture
    }

    private func picture(_ symbol: ReceiptSymbol) -> Bitmap {
        guard let modules = symbol.modules?.bitmap(moduleDots: symbol.moduleDots) else {
            return Bitmap(width: dots, height: 0)
        }
        var picture = Bitmap(width: dots, height: modules.height)
        picture.draw(modules, x: (width * Typeface.em / 2 - modules.width) / 2, y: 0)
        return picture
    }
}
