/// Text as a receipt printer counts it: a Latin character takes one column, a Chinese one two.
enum Columns {
    /// Columns that `text` takes. Everything but ASCII is a full-width glyph to a Chinese printer.
    static func width(_ text: some StringProtocol) -> Int {
        text.unicodeScalars.reduce(0) { $0 + ($1.isASCII ? 1 : 2) }
    }

    /// `text` with what no receipt may hold taken out: control characters become spaces (a printer would obey them),
    /// marks that turn or hide text go. The half-width yen sign has only a four-byte code, which common printers
    /// show as `06`, so the full-width one stands for it.
    static func clean(_ text: String) -> String {
        var scalars = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            switch scalar.properties.generalCategory {
            case .control, .lineSeparator, .paragraphSeparator: scalars.append(" ")
            case .format, .surrogate, .privateUse, .unassigned: continue
            default: scalars.append(scalar == "\u{A5}" ? "\u{FFE5}" : scalar)
            }
        }
        return String(scalars)
    }

    /// `text` in lines of at most `width` columns (2 or more), broken at spaces between words where there are any.
    static func wrap(_ text: String, _ width: Int) -> [String] {
        var lines: [String] = []
        var line = Substring.UnicodeScalarView()
        var used = 0
        for scalar in text.unicodeScalars {
            let columns = scalar.isASCII ? 1 : 2
            if used + columns > width {
                if scalar == " " {
                    lines.append(String(line))
                    (line, used) = (.init(), 0)
                    continue
                }
                let space = scalar.isASCII ? line.lastIndex(of: " ") : nil
                let rest = space.map { line[line.index(after: $0)...] } ?? .init()
                lines.append(String(space.map { line[..<$0] } ?? line))
                line = rest
                used = self.width(String(rest))
            }
            line.append(scalar)
            used += columns
        }
        lines.append(String(line))
        return lines
    }
}
