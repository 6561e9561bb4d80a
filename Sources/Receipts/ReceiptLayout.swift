import Payments

/// A receipt set for a paper: lines of text no wider than it, some of them emphasised. Both renderers print this.
struct ReceiptLayout: Equatable {
    struct Row: Equatable {
        let text: String
        let isEmphasised: Bool
    }

    let rows: [Row]

    init(_ receipt: Receipt, width: Int) {
        rows = receipt.lines.flatMap { ReceiptLayout.rows($0, width) }
    }

    private static func rows(_ line: Receipt.Line, _ width: Int) -> [Row] {
        switch line {
        case .heading(let text):
            Columns.wrap(Columns.clean("\(text.chinese) \(text.english)"), width)
                .map { Row(text: spaces((width - Columns.width($0)) / 2) + $0, isEmphasised: true) }
        case .item(let label, let value): pair(label, value, width).map { Row(text: $0, isEmphasised: false) }
        case .emphasis(let label, let value): pair(label, value, width).map { Row(text: $0, isEmphasised: true) }
        case .technical(let values): technical(values, width).map { Row(text: $0, isEmphasised: false) }
        case .note(let text):
            [text.chinese, text.english].flatMap { Columns.wrap(Columns.clean($0), width) }
                .map { Row(text: $0, isEmphasised: false) }
        case .signature(let label):
            (Columns.wrap(Columns.clean("\(label.chinese) \(label.english):"), width) + ["", "", ""]
                + [String(repeating: "_", count: width)])
                .map { Row(text: $0, isEmphasised: false) }
        case .rule: [Row(text: String(repeating: "-", count: width), isEmphasised: false)]
        }
    }

    /// Label left, value right; a value that does not fit beside its label goes below it, still at the right edge.
    private static func pair(_ label: BilingualText, _ value: String, _ width: Int) -> [String] {
        let left = Columns.clean("\(label.chinese) \(label.english)")
        let value = Columns.clean(value)
        let gap = width - Columns.width(left) - Columns.width(value)
        if gap >= 1 { return [left + spaces(gap) + value] }
        return Columns.wrap(left, width) + Columns.wrap(value, width - 2).map { spaces(width - Columns.width($0)) + $0 }
    }

    private static func technical(_ values: [Receipt.Technical], _ width: Int) -> [String] {
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

    private static func spaces(_ count: Int) -> String { String(repeating: " ", count: max(0, count)) }
}
