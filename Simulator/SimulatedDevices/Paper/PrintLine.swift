/// The line that a printer has not printed yet: what is in it, and how far it goes.
struct PrintLine: Equatable, Sendable {
    private(set) var marks: [PaperMark] = []
    private(set) var text = ""
    /// Where the next character goes, in dots.
    var position = 0
    /// Where the last mark ends.
    private(set) var width = 0
    private(set) var height = 0
    private var textColumns = 0

    /// Marks in it, at most.
    private static let limit = 4096

    var isEmpty: Bool { marks.isEmpty }

    /// Puts one character at the position.
    mutating func put(_ character: PaperMark.Characters, text letter: String) {
        defer { advance(character.width, height: character.height) }
        if position >= width + PaperFont.a.width {
            // The gap before it, in text.
            let columns = position / PaperFont.a.width - textColumns
            if columns > 0 { write(String(repeating: " ", count: columns), columns) }
        }
        write(letter, character.columns)
        if let last = marks.indices.last, case .characters(var before) = marks[last].content,
            marks[last].x + before.width == position, before.looks(like: character)
        {
            before.scalars += character.scalars
            marks[last].content = .characters(before)
        } else if marks.count < Self.limit {
            marks.append(PaperMark(x: position, y: 0, content: .characters(character)))
        }
    }

    /// Puts a picture at the position.
    mutating func put(_ dots: PaperMark.Dots) {
        defer { advance(dots.width, height: dots.height) }
        write("[picture \(dots.width)×\(dots.height)]", 0)
        guard marks.count < Self.limit else { return }
        marks.append(PaperMark(x: position, y: 0, content: .dots(dots)))
    }

    /// The marks with their feet on one line, moved right by `x`.
    func placed(x: Int) -> [PaperMark] {
        marks.map { PaperMark(x: $0.x + x, y: height - $0.height, content: $0.content) }
    }

    /// The text, moved right by `columns`, without trailing spaces.
    func text(indent columns: Int) -> String {
        guard let last = text.lastIndex(where: { $0 != " " }) else { return "" }
        return String(repeating: " ", count: max(0, columns)) + text[...last]
    }

    private mutating func advance(_ dots: Int, height: Int) {
        position += dots
        width = max(width, position)
        self.height = max(self.height, height)
    }

    private mutating func write(_ letters: String, _ columns: Int) {
        guard text.utf8.count < Self.limit else { return }
        text += letters
        textColumns += columns
    }
}
