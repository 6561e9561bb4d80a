/// What is on a piece of paper from one cut to the next: marks where the head put them, and the text in them.
public struct PaperSheet: Equatable, Sendable {
    /// Dots across that can be printed.
    public let width: Int
    /// Dots from the upper edge to where the head stands, or to the lower edge once it is cut.
    public private(set) var height: Int
    private(set) var marks: [PaperMark] = []
    private var lines: [Line] = []
    /// Bytes it takes to keep.
    private(set) var cost = 256

    private struct Line: Equatable, Sendable {
        /// Where its last row of dots is.
        var bottom: Int
        var text: String
        /// Dots of the picture whose line this is.
        var picture: PrintStyle.Size?
    }

    /// Five metres: what a printer is sent beyond them is lost.
    static let heightLimit = 40_000
    /// Bytes of marks.
    private static let costLimit = 8 * 1024 * 1024

    /// Blank paper that begins so many dots above the head.
    init(width: Int, height: Int) {
        self.width = width
        self.height = height
    }

    /// The characters, lines ended with line feeds, trailing spaces dropped; a note in brackets for a picture, a bar code or a
    /// QR symbol.
    public var text: String { lines.map { $0.text + "\n" }.joined() }

    /// Whether nothing is printed on it.
    public var isBlank: Bool { marks.isEmpty }

    /// Puts marks down, `y` counted from the head, and moves the paper on by `advance` dots. `text` is nil where it is no
    /// line of text.
    mutating func print(_ new: [PaperMark], text: String?, advance: Int) {
        guard height < Self.heightLimit else { return }
        for mark in new where cost < Self.costLimit {
            var mark = mark
            mark.y += height
            marks.append(mark)
            cost += mark.cost
        }
        if let text {
            let bottom = new.map { $0.y + $0.height }.max() ?? advance
            lines.append(Line(bottom: height + bottom, text: text))
            cost += 64 + text.utf8.count
        }
        feed(advance)
    }

    /// Puts a row of a picture down, below the last one where that has the same place and size.
    mutating func print(row dots: PaperMark.Dots, x: Int) {
        guard height < Self.heightLimit, cost < Self.costLimit else { return }
        if let last = marks.indices.last, marks[last].x == x, marks[last].y + marks[last].height == height,
            case .dots(var above) = marks[last].content, above.columns == dots.columns,
            above.horizontally == dots.horizontally, above.vertically == dots.vertically
        {
            // So that the rows above have one owner, and grow where they are.
            marks[last].content = .dots(PaperMark.Dots(columns: 0, bytes: [], horizontally: 1, vertically: 1))
            above.bytes += dots.bytes
            marks[last].content = .dots(above)
            cost += dots.bytes.count
        } else {
            marks.append(PaperMark(x: x, y: height, content: .dots(dots)))
            cost += 96 + dots.bytes.count
        }
        var size = PrintStyle.Size(width: dots.width, height: dots.height)
        if let last = lines.last, let picture = last.picture, picture.width == size.width, last.bottom == height {
            size.height += picture.height
            lines.removeLast()
        } else {
            cost += 64
        }
        feed(dots.height)
        lines.append(Line(bottom: height, text: "[picture \(size.width)×\(size.height)]", picture: size))
    }

    /// Moves the paper on; from a full sheet once more, to the knife.
    mutating func feed(_ dots: Int) { height = min(Self.heightLimit + 1_000, height + max(0, dots)) }

    /// Cuts `distance` dots above the head: returns what is above the knife, and keeps what is below it.
    mutating func cut(distance: Int) -> PaperSheet {
        let knife = max(0, height - distance)
        var above = PaperSheet(width: width, height: knife)
        var below = PaperSheet(width: width, height: height - knife)
        for mark in marks {
            if mark.y < knife { above.marks.append(mark) }
            guard mark.y + mark.height > knife else { continue }
            below.marks.append(mark)
            below.marks[below.marks.count - 1].y -= knife
        }
        for line in lines {
            if line.bottom <= knife {
                above.lines.append(line)
            } else {
                below.lines.append(line)
                below.lines[below.lines.count - 1].bottom -= knife
            }
        }
        above.cost = cost
        below.cost += below.marks.reduce(0) { $0 + $1.cost } + below.lines.reduce(0) { $0 + 64 + $1.text.utf8.count }
        self = below
        return above
    }
}
