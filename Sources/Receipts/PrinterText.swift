import HAL
import Wire

/// A row of text as a printer's own characters: runs of ASCII and runs of its Chinese font.
struct PrinterText: Equatable {
    struct Run: Equatable {
        let isChinese: Bool
        var bytes: [UInt8]
    }
    private(set) var runs: [Run] = []

    /// The full-width question mark.
    private static let unknown: [UInt8] = [0xA3, 0xBF]

    /// Nil if the text holds a character that a printer with these does not have. No control character gets through.
    init?(_ text: String, for chinese: PrinterProfile.Chinese) {
        guard chinese != .none || text.utf8.allSatisfy({ $0 < 0x80 }), let bytes = GB18030.encode(text) else {
            return nil
        }
        var place = 0
        while place < bytes.count {
            let length = Self.length(bytes, place)
            let code = Array(bytes[place..<min(bytes.count, place + length)])
            guard code.count == length, Self.has(code, chinese) else { return nil }
            append(code)
            place += length
        }
    }

    /// The text with a question mark, as wide, for each character that such a printer does not have.
    init(replacingIn text: String, for chinese: PrinterProfile.Chinese) {
        for scalar in text.unicodeScalars where Columns.width(String(scalar)) > 0 {
            if let own = PrinterText(String(scalar), for: chinese) {
                for run in own.runs { append(run.bytes) }
            } else {
                let sign = chinese == .none ? Array("??".utf8) : Self.unknown
                append(Columns.width(String(scalar)) == 1 ? [0x3F] : sign)
            }
        }
    }

    private mutating func append(_ code: [UInt8]) {
        let isChinese = code.first.map { $0 >= 0x80 } ?? false
        if runs.last?.isChinese != isChinese { runs.append(Run(isChinese: isChinese, bytes: [])) }
        runs[runs.count - 1].bytes += code
    }

    /// Bytes of the code at `place`: a second byte that is a digit begins a four-byte one (GB 18030).
    private static func length(_ bytes: [UInt8], _ place: Int) -> Int {
        if bytes[place] < 0x80 { return 1 }
        guard place + 1 < bytes.count else { return 2 }
        return (0x30...0x39).contains(bytes[place + 1]) ? 4 : 2
    }

    private static func has(_ code: [UInt8], _ chinese: PrinterProfile.Chinese) -> Bool {
        switch (code.count, chinese) {
        case (1, _): (0x20..<0x7F).contains(code[0])
        case (2, .gbk): !isNewInGB18030(code[0], code[1])
        case (2, .gb18030), (4, .gb18030): true
        case (2, .gb2312): isGB2312(code[0], code[1])
        default: false
        }
    }

    /// The two-byte codes that GBK leaves free: the euro sign, small and vertical forms, some radicals.
    private static func isNewInGB18030(_ row: UInt8, _ cell: UInt8) -> Bool {
        switch row {
        case 0xA2: cell == 0xE3
        case 0xA6: [0xD9...0xDF, 0xEC...0xED, 0xF3...0xF3].contains { $0.contains(cell) }
        case 0xA8: cell == 0xBC || cell == 0xBF
        case 0xA9: (0x89...0x95).contains(cell)
        case 0xFE: cell >= 0x50
        default: false
        }
    }

    /// Rows 1–9 and 16–87 of GB 2312, as far as they are filled; GBK put characters of its own into the gaps.
    private static func isGB2312(_ row: UInt8, _ cell: UInt8) -> Bool {
        switch row {
        case 0xA1, 0xA3, 0xB0...0xD6, 0xD8...0xF7: (0xA1...0xFE).contains(cell)
        case 0xA2: [0xB1...0xE2, 0xE5...0xEE, 0xF1...0xFC].contains { $0.contains(cell) }
        case 0xA4: (0xA1...0xF3).contains(cell)
        case 0xA5: (0xA1...0xF6).contains(cell)
        case 0xA6: [0xA1...0xB8, 0xC1...0xD8].contains { $0.contains(cell) }
        case 0xA7: [0xA1...0xC1, 0xD1...0xF1].contains { $0.contains(cell) }
        case 0xA8: [0xA1...0xBA, 0xC5...0xE9].contains { $0.contains(cell) }
        case 0xA9: (0xA4...0xEF).contains(cell)
        case 0xD7: (0xA1...0xF9).contains(cell)
        default: false
        }
    }
}
