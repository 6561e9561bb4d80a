public import HAL

/// Receipts for a printer, one after the other, each cut off. They are encoded when it is known for which printer.
public struct ReceiptDocument: PrintDocument, Equatable {
    /// `receipt of R-2041`.
    public let name: String
    private let receipts: [Receipt]
    private let language: ReceiptLanguage

    /// A document of these papers.
    public init(name: String, _ receipts: [Receipt], language: ReceiptLanguage = .both) {
        self.name = name
        self.receipts = receipts
        self.language = language
    }

    /// Each receipt from `ESC @` to the cut. `isRepeat` puts the mark of a duplicate on each.
    public func bytes(for profile: PrinterProfile, isRepeat: Bool) -> [UInt8] {
        let renderer = ESCPOSRenderer(profile: profile, language: language)
        return receipts.flatMap { renderer.render(isRepeat ? $0.duplicate : $0) }
    }
}
