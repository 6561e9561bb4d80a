/// One measured figure, the line it takes on the screen, and the budget it is held against (docs/architecture.md).
struct Figure: Sendable {
    /// Its name in bench.json; the unit stands last.
    let key: String
    /// What was measured.
    let title: String
    /// Unit of `value`, `range` and `budget`; empty for a ratio.
    let unit: String
    /// The median of the rounds, unless the title says otherwise.
    let value: Double
    /// The smallest and the largest round.
    var range: ClosedRange<Double>?
    /// What it must not exceed; nil where nothing is asked for.
    var budget: Double?
    /// What it must reach; nil where nothing is asked for.
    var leastBudget: Double?

    /// Whether it meets its budget; nil without one.
    var isMet: Bool? { budget.map { value <= $0 } ?? leastBudget.map { value >= $0 } }
}

extension Figure {
    /// A figure of several rounds: their median, with the smallest and the largest beside it.
    init(
        _ key: String, _ title: String, _ unit: String, _ rounds: [Double], budget: Double? = nil,
        atLeast leastBudget: Double? = nil
    ) {
        let sorted = rounds.sorted()
        self.init(
            key: key, title: title, unit: unit, value: sorted.percentile(50), range: sorted.range, budget: budget,
            leastBudget: leastBudget)
    }
}

extension [Double] {
    /// The value that `percent` of the values, sorted before, do not exceed.
    func percentile(_ percent: Double) -> Double {
        guard !isEmpty else { return .nan }
        return self[Swift.min(count - 1, Int(Double(count) * percent / 100))]
    }

    /// Mean of the values.
    var mean: Double { reduce(0, +) / Double(count) }

    fileprivate var range: ClosedRange<Double>? {
        guard let first, let last else { return nil }
        return first...last
    }
}
