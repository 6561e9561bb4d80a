/// What a printer makes of bytes and characters, told independently of the renderers.
enum Printed {
    /// Columns on a Chinese printer. Marks are the characters that Unicode calls Mn and Me.
    static func width(_ text: some StringProtocol) -> Int {
        text.unicodeScalars.reduce(0) {
            switch $1.properties.generalCategory {
            case .nonspacingMark, .enclosingMark: $0
            default: $0 + ($1.value < 0x80 ? 1 : 2)
            }
        }
    }

    enum Element: Equatable {
        case initialize, chineseOn, chineseOff, lineFeed
        case feed(UInt8), cut(UInt8), align(UInt8), latinSize(UInt8), chineseSize(UInt8)
        /// Bytes across, rows, and the dots.
        case picture(Int, Int, [UInt8])
        /// What stands behind `GS ( k` and its length.
        case symbol([UInt8])
        case text([UInt8])
    }

    struct UnknownCommand: Error {
        let bytes: [UInt8]
    }

    /// What a printer understands of a job; a command that no receipt needs is an error, and so is one that is cut off.
    static func elements(_ job: [UInt8]) throws -> [Element] {
        var elements: [Element] = []
        var rest = job[...]
        while let first = rest.first {
            if first >= 0x20 {
                let text = rest.prefix { $0 >= 0x20 }
                elements.append(.text(Array(text)))
                rest = rest.dropFirst(text.count)
                continue
            }
            guard let (element, length) = command(Array(rest.prefix(8)), Array(rest)) else {
                throw UnknownCommand(bytes: Array(rest.prefix(8)))
            }
            elements.append(element)
            rest = rest.dropFirst(length)
        }
        return elements
    }

    private static func command(_ head: [UInt8], _ rest: [UInt8]) -> (Element, Int)? {
        func byte(_ place: Int) -> UInt8? { place < head.count ? head[place] : nil }
        func short(_ place: Int) -> Int? {
            place + 1 < head.count ? Int(head[place]) + 256 * Int(head[place + 1]) : nil
        }
        switch (head[0], byte(1)) {
        case (0x0A, _): return (.lineFeed, 1)
        case (0x1B, 0x40): return (.initialize, 2)
        case (0x1B, 0x61): return byte(2).map { (.align($0), 3) }
        case (0x1B, 0x64): return byte(2).map { (.feed($0), 3) }
        case (0x1C, 0x26): return (.chineseOn, 2)
        case (0x1C, 0x2E): return (.chineseOff, 2)
        case (0x1C, 0x21): return byte(2).map { (.chineseSize($0), 3) }
        case (0x1D, 0x21): return byte(2).map { (.latinSize($0), 3) }
        case (0x1D, 0x56): return byte(3).flatMap { _ in byte(2).map { (.cut($0), 4) } }
        case (0x1D, 0x76) where byte(2) == 0x30 && byte(3) == 0:
            guard let across = short(4), let rows = short(6), rest.count >= 8 + across * rows else { return nil }
            return (.picture(across, rows, Array(rest[8..<8 + across * rows])), 8 + across * rows)
        case (0x1D, 0x28) where byte(2) == 0x6B:
            guard let count = short(3), rest.count >= 5 + count else { return nil }
            return (.symbol(Array(rest[5..<5 + count])), 5 + count)
        default: return nil
        }
    }
}
