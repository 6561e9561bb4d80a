/// Reports as scanners send them.
enum Reports {
    /// Honeywell's report 2.
    static func honeywell(_ data: [UInt8], _ identifier: String = "]Q1", more: Bool = false) -> [UInt8] {
        let padding = [UInt8](repeating: 0, count: 56 - data.count)
        return [2, UInt8(data.count)] + Array(identifier.utf8) + data + padding + [0x73, 0, more ? 1 : 0]
    }

    /// A whole scan in as many reports as it takes.
    static func honeywell(whole data: [UInt8], _ identifier: String = "]Q1") -> [[UInt8]] {
        stride(from: 0, to: data.count, by: 56).map { start in
            let end = min(start + 56, data.count)
            return honeywell(Array(data[start..<end]), identifier, more: end < data.count)
        }
    }

    /// Boot reports that type `text`, each key followed by its release.
    static func keys(_ text: String) -> [[UInt8]] { text.flatMap { [key($0), released] } }

    static let released = [UInt8](repeating: 0, count: 8)

    /// The report of one pressed key.
    static func key(_ character: Character) -> [UInt8] {
        for (usage, plain, shifted) in layout {
            if character == plain { return boot([usage]) }
            if character == shifted { return boot([usage], modifiers: 0x02) }
        }
        return boot([])
    }

    static func boot(_ keys: [UInt8], modifiers: UInt8 = 0) -> [UInt8] {
        [modifiers, 0] + keys + [UInt8](repeating: 0, count: 6 - keys.count)
    }

    /// Usage, key, key with shift: HID Usage Tables, 10.
    static let layout: [(UInt8, Character, Character)] = [
        (0x04, "a", "A"), (0x05, "b", "B"), (0x06, "c", "C"), (0x07, "d", "D"), (0x08, "e", "E"), (0x09, "f", "F"),
        (0x0A, "g", "G"), (0x0B, "h", "H"), (0x0C, "i", "I"), (0x0D, "j", "J"), (0x0E, "k", "K"), (0x0F, "l", "L"),
        (0x10, "m", "M"), (0x11, "n", "N"), (0x12, "o", "O"), (0x13, "p", "P"), (0x14, "q", "Q"), (0x15, "r", "R"),
        (0x16, "s", "S"), (0x17, "t", "T"), (0x18, "u", "U"), (0x19, "v", "V"), (0x1A, "w", "W"), (0x1B, "x", "X"),
        (0x1C, "y", "Y"), (0x1D, "z", "Z"), (0x1E, "1", "!"), (0x1F, "2", "@"), (0x20, "3", "#"), (0x21, "4", "$"),
        (0x22, "5", "%"), (0x23, "6", "^"), (0x24, "7", "&"), (0x25, "8", "*"), (0x26, "9", "("), (0x27, "0", ")"),
        (0x28, "\n", "\n"), (0x2B, "\t", "\t"), (0x2C, " ", " "), (0x2D, "-", "_"), (0x2E, "=", "+"),
        (0x2F, "[", "{"), (0x30, "]", "}"), (0x31, "\\", "|"), (0x33, ";", ":"), (0x34, "'", "\""), (0x35, "`", "~"),
        (0x36, ",", "<"), (0x37, ".", ">"), (0x38, "/", "?"),
    ]
}
