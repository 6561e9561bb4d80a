/// A receipt as plain text, for a screen or a log of the shop.
public struct TextRenderer: Sendable {
    /// Columns of the paper, 24–64; 32 on 58 mm, 48 on 80 mm.
    public let width: Int

    /// A renderer for paper of `width` columns; other widths than 24–64 are brought to the nearest of these.
    public init(width: Int = 48) { self.width = min(64, max(24, width)) }

    /// Lines without trailing spaces, each ended by a newline.
    public func render(_ receipt: Receipt) -> String {
        ReceiptLayout(receipt, width: width).rows.map { $0.text + "\n" }.joined()
    }
}
