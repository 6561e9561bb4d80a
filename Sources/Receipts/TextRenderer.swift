/// A receipt as plain text, for a screen or a log of the shop.
public struct TextRenderer: Sendable {
    /// Columns of the paper, 24–64; 32 on 58 mm, 48 on 80 mm.
    public let width: Int
    private let language: ReceiptLanguage

    /// A renderer for paper of `width` columns; other widths than 24–64 are brought to the nearest of these.
    public init(width: Int = 48, language: ReceiptLanguage = .both) {
        self.width = ReceiptLayout.width(width)
        self.language = language
    }

    /// Lines without trailing spaces, each ended by a newline. A QR symbol is its text.
    public func render(_ receipt: Receipt) -> String {
        ReceiptLayout(receipt, width: width, language: language).rows.flatMap { row in
            switch row {
            case .text(let text), .tall(let text): [text]
            case .symbol(let symbol): Columns.wrap(symbol.text, width)
            }
        }
        .map { $0 + "\n" }.joined()
    }
}
