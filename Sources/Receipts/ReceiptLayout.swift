import Payments

/// A receipt set for a paper: rows of text no wider than it, some of them emphasised, and QR symbols. All renderers for paper
/// print this.
struct ReceiptLayout: Equatable {
    enum Row: Equatable {
        case text(String)
        /// Twice as high.
        case tall(String)
        case symbol(ReceiptSymbol)
    }

    /// Columns that a paper can have: 32 on 58 mm, 48 on 80 mm.
    static let widths = 24...64

    let rows: [Row]

    /// For a paper of `width` columns; other widths than 24–64 are brought to the nearest of these.
    init(_ receipt: Receipt, width: Int, language: ReceiptLanguage) {
        let setter = Setter(width: Self.width(width), language: language)
        rows = receipt.lines.flatMap { setter.rows($0) }
    }

    /// The nearest width that a paper can have.
    static func width(_ columns: Int) -> Int { min(widths.upperBound, max(widths.lowerBound, columns)) }
}

/// Sets lines for one paper.
private struct Setter {
    let width: Int
    let language: ReceiptLanguage

    func rows(_ line: Receipt.Line) -> [ReceiptLayout.Row] {
        switch line {
        case .heading(let text): centred(text.text(language)).map { .tall($0) }
        case .item(let label, let value): pair(label, value).map { .text($0) }
        case .emphasis(let label, let value): pair(label, value).map { .tall($0) }
        case .technical(let values): technical(values).map { .text($0) }
        case .note(let text): text.texts(language).flatMap { wrapped($0) }.map { .text($0) }
        case .signature(let label):
            (wrapped("\(label.text(language)):") + ["", "", "", String(repeating: "_", count: width)]).map { .text($0) }
        case .rule: [.text(String(repeating: "-", count: width))]
        case .symbol(let text, let caption):
            [.text("")] + caption.texts(language).flatMap { centred($0) }.map { .text($0) }
                + (ReceiptSymbol(text).map { [.symbol($0)] } ?? centred(text).map { .text($0) })
        case .ruler: [.text((1...width).map { "\($0 % 10)" }.joined())]
        }
    }

    /// Label left, value right; a value that does not fit beside its label goes below it, still at the right edge.
    private func pair(_ label: BilingualText, _ value: BilingualText) -> [String] {
        let left = Columns.clean(label.text(language))
        let value = Columns.clean(value.text(language))
        let gap = width - Columns.width(left) - Columns.width(value)
        if gap >= 1 { return [left + spaces(gap) + value] }
        return Columns.wrap(left, width) + Columns.wrap(value, width - 2).map { spaces(width - Columns.width($0)) + $0 }
    }

    private func technical(_ values: [Receipt.Technical]) -> [String] {
        var lines: [String] = []
        for value in values {
            let text = Columns.clean("\(value.name): \(value.value)")
            if let last = lines.last, Columns.width(last) + 2 + Columns.width(text) <= width {
                lines[lines.count - 1] = last + "  " + text
            } else {
                lines += Columns.wrap(text, width)
            }
        }
        return lines
    }

    private func wrapped(_ text: String) -> [String] { Columns.wrap(Columns.clean(text), width) }

    private func centred(_ text: String) -> [String] {
        wrapped(text).map { spaces((width - Columns.width($0)) / 2) + $0 }
    }

    private func spaces(_ count: Int) -> String { String(repeating: " ", count: max(0, count)) }
}
