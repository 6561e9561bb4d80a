import Foundation
import Testing

/// A page of docs/, found from where this file was compiled.
struct Document {
    let text: String

    private init(text: String) { self.text = text }

    init(_ name: String) throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        text = try String(contentsOf: root.appending(path: "docs/\(name)"), encoding: .utf8)
    }

    /// The first block of this language.
    func block(_ language: String) throws -> String {
        let start = try #require(text.range(of: "```\(language)\n"))
        let end = try #require(text.range(of: "\n```", range: start.upperBound..<text.endIndex))
        return String(text[start.upperBound..<end.lowerBound])
    }

    /// What stands under this heading.
    func section(_ title: String) throws -> Document {
        let start = try #require(text.range(of: "\n## \(title)\n"))
        let end = text.range(of: "\n## ", range: start.upperBound..<text.endIndex)?.lowerBound ?? text.endIndex
        return Document(text: String(text[start.upperBound..<end]))
    }

    /// What stands between back-ticks in the first column of all tables.
    var firstColumn: [String] {
        text.split(separator: "\n").filter { $0.hasPrefix("| `") }.compactMap { line in
            line.dropFirst(3).split(separator: "`").first.map(String.init)
        }
    }
}
