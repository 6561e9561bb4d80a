/// Cuts a document between its commands: only there may a question stand, which inside a picture would be a part of it.
enum DocumentPieces {
    /// Pieces of about `limit` bytes; one command that is longer stays whole. The reset stands alone, so that what it
    /// forgets can be set again, and so does the last line with the cut: whether it was begun decides whether all may be on
    /// paper.
    static func of(_ document: [UInt8], limit: Int = 1024) -> [[UInt8]] {
        var pieces: [[UInt8]] = []
        var start = 0
        var offset = 0
        var lastLine = 0
        var boundary = 0
        func finish(at end: Int) {
            if end > start { pieces.append(Array(document[start..<end])) }
            start = end
        }
        while offset < document.count {
            let next = min(document.count, offset + length(document[offset...]))
            if offset > start, isBoundary(document, offset) {
                if offset - start > limit, boundary > start { finish(at: boundary) }
                boundary = offset
            }
            let isLineFeed = document[offset] == 0x0A
            if isLineFeed, next < document.count - 8 { lastLine = next }
            offset = next
            if offset == 2, document.starts(with: PrinterCommand.initialize) { finish(at: offset) }
        }
        if document.count - start > limit, boundary > start { finish(at: boundary) }
        if lastLine > start { finish(at: lastLine) }
        finish(at: document.count)
        return pieces
    }

    /// Letters of a text are not torn from one another: a Chinese one has two bytes, and looks like two letters here.
    private static func isBoundary(_ document: [UInt8], _ offset: Int) -> Bool {
        document[offset - 1] == 0x0A || [0x1B, 0x1C, 0x1D].contains(document[offset])
    }

    /// The length of the command or letter at the beginning of `bytes`, which are not empty; an unknown command takes what
    /// most take.
    static func length(_ bytes: ArraySlice<UInt8>) -> Int {
        guard let first = bytes.first, (0x1B...0x1D).contains(first) else { return 1 }
        func byte(_ offset: Int) -> Int {
            let index = bytes.startIndex + offset
            return index < bytes.endIndex ? Int(bytes[index]) : 0
        }
        let word = { (offset: Int) in byte(offset) | byte(offset + 1) << 8 }
        switch (byte(0), byte(1)) {
        case (0x1B, 0x40), (0x1B, 0x32), (0x1B, 0x3C), (0x1B, 0x69), (0x1B, 0x6D), (0x1C, 0x26), (0x1C, 0x2E): return 2
        case (0x1B, 0x24), (0x1B, 0x5C), (0x1C, 0x53), (0x1D, 0x4C), (0x1D, 0x50), (0x1D, 0x57): return 4
        case (0x1B, 0x70): return 5
        case (0x1B, 0x2A): return 5 + word(3) * (byte(2) < 32 ? 1 : 3)
        case (0x1C, 0x28), (0x1D, 0x28): return 5 + word(3)
        case (0x1D, 0x38): return 7 + word(3) + word(5) << 16
        case (0x1D, 0x76): return 8 + word(4) * word(6)
        case (0x1D, 0x6B) where byte(2) >= 65: return 4 + byte(3)
        case (0x1D, 0x6B): return 4 + bytes.dropFirst(3).prefix { $0 != 0 }.count
        case (0x1D, 0x56): return byte(2) >= 65 ? 4 : 3
        case (0x1B, _), (0x1C, _), (0x1D, _): return 3
        default: return 1
        }
    }
}
