/// What a receipt is shown as.
public enum ReceiptForm: String, CaseIterable, Sendable {
    /// Lines of text.
    case text
    /// A page for a browser.
    case html
    /// A picture of the paper.
    case png
    /// The commands for the printer.
    case escpos

    /// Its media type.
    public var mediaType: String {
        switch self {
        case .text: "text/plain; charset=utf-8"
        case .html: "text/html; charset=utf-8"
        case .png: "image/png"
        case .escpos: "application/octet-stream"
        }
    }
}
