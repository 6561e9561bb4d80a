/// One line of a decoded thing: what it is, what it holds, and what is inside it.
struct Line {
    let label: String
    let name: String
    let value: String
    var children: [Line] = []

    init(_ label: String, _ name: String, _ value: String = "", _ children: [Line] = []) {
        self.label = label
        self.name = name
        self.value = value
        self.children = children
    }

    /// The lines as text, what is inside indented below.
    static func render(_ lines: [Line], indent: Int = 0) -> String {
        let labelWidth = lines.map(\.label.count).max() ?? 0
        let nameWidth = min(32, lines.map(\.name.count).max() ?? 0)
        return lines.map { line in
            let label = line.label + String(repeating: " ", count: labelWidth - line.label.count)
            let name = line.name + String(repeating: " ", count: max(0, nameWidth - line.name.count))
            let head = [label, name, line.value].filter { !$0.isEmpty }.joined(separator: "  ")
            let end = head.lastIndex { $0 != " " }.map { head.index(after: $0) } ?? head.startIndex
            return String(repeating: " ", count: indent) + head[..<end] + "\n"
                + render(line.children, indent: indent + 4)
        }.joined()
    }
}
