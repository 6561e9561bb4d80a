import Raster

/// Text as a receipt printer counts it: a Latin character takes one column, a Chinese one two.
enum Columns {
    /// Marks that one character may carry; more are there to deface the paper.
    private static let markLimit = 2

    /// Columns that `text` takes.
    static func width(_ text: some StringProtocol) -> Int {
        text.utf8.allSatisfy { $0 < 0x80 }
            ? text.utf8.count : text.unicodeScalars.reduce(0) { $0 + Typeface.columns($1) }
    }

    /// `text` with what no receipt may hold taken out: control characters become spaces (a printer would obey them),
    /// marks that turn, join, vary or hide text go. The half-width yen sign has only a four-byte code, which common
    /// printers show as `06`, so the full-width one stands for it.
    static func clean(_ text: String) -> String {
        if text.utf8.allSatisfy({ (0x20..<0x7F).contains($0) }) { return text }
        var scalars = String.UnicodeScalarView()
        var marks = markLimit
        for scalar in text.unicodeScalars {
            let properties = scalar.properties
            switch properties.generalCategory {
            case .control, .lineSeparator, .paragraphSeparator: scalars.append(" ")
            case .format, .surrogate, .privateUse, .unassigned: continue
            case .nonspacingMark, .enclosingMark:
                // A mark at the beginning has nothing to stand on.
                if properties.isVariationSelector || marks >= markLimit { continue }
                scalars.append(scalar)
                marks += 1
                continue
            default:
                if properties.isEmojiModifier { continue }
                scalars.append(scalar == "\u{A5}" ? "\u{FFE5}" : scalar)
            }
            marks = 0
        }
        return String(scalars)
    }

    /// `text` in lines of at most `width` columns (2 or more), broken at spaces between words where there are any.
    static func wrap(_ text: String, _ width: Int) -> [String] {
        var lines: [String] = []
        var line = Substring.UnicodeScalarView()
        var used = 0
        for scalar in text.unicodeScalars {
            let columns = Typeface.columns(scalar)
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
