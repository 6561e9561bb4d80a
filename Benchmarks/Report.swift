import FoundationEssentials

/// The table on the screen, and bench.json.
struct Report {
    let figures: [Figure]

    var table: String {
        let header = ["", "value", "rounds", "budget", ""]
        let rows = [header] + figures.map(Self.row)
        let widths = header.indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        return rows.map { row in
            row.indices.map { column in
                let space = String(repeating: " ", count: widths[column] - row[column].count)
                return column == 0 || column == 4 ? row[column] + space : space + row[column]
            }.joined(separator: "  ")
        }.joined(separator: "\n")
    }

    /// Flat: each figure's key and its value.
    func write(to path: String) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        let values = Dictionary(figures.map { ($0.key, ($0.value * 1000).rounded() / 1000) }) { first, _ in first }
        try (try encoder.encode(values) + Data([0x0A])).write(to: URL(filePath: path))
    }

    private static func row(_ figure: Figure) -> [String] {
        let range = figure.range.map { "\(number($0.lowerBound))–\(number($0.upperBound))" } ?? ""
        let verdict = figure.isMet.map { $0 ? "met" : "NOT MET" } ?? ""
        return [
            figure.title, "\(number(figure.value)) \(figure.unit)", range,
            figure.budget.map { "≤ \(number($0))" } ?? figure.leastBudget.map { "≥ \(number($0))" } ?? "",
            verdict,
        ]
    }

    /// Three significant digits at least.
    private static func number(_ value: Double) -> String {
        let decimals = value < 10 ? 2 : value < 100 ? 1 : 0
        let scale = decimals == 2 ? 100.0 : decimals == 1 ? 10 : 1
        let scaled = (value * scale).rounded() / scale
        return decimals == 0 ? "\(Int(scaled))" : "\(scaled)"
    }
}
