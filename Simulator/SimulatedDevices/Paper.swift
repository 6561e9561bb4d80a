import Wire

/// What an ESC/POS printer makes of the bytes it gets, as text: lines, and a receipt at each cut. A value without a
/// printer around it. It powers on in Chinese mode, as printers for the Chinese market do.
public struct Paper: Equatable, Sendable {
    /// The receipts cut so far, lines ended with line feeds, trailing spaces dropped.
    public private(set) var receipts: [String] = []
    /// Out of paper: jobs wait, status requests are answered.
    public var isOut = false {
        didSet { if !isOut { print() } }
    }

    /// More than a picture over a whole roll; what exceeds it is lost, as in a printer.
    private static let bufferLimit = 4 * 1024 * 1024

    private let columns: Int
    private var waiting: [UInt8] = []
    private var lines: [String] = []
    private var line = ""
    private var lineWidth = 0
    private var style = Style()

    private struct Style: Equatable, Sendable {
        var alignment: UInt8 = 0
        var widthFactor = 1
        var isChinese = true
    }

    /// A blank roll: 48 columns on 80 mm paper, 32 on 58 mm.
    public init(columns: Int = 48) { self.columns = max(1, columns) }

    /// What has been printed since the last cut.
    public var uncut: String { (lines + (line.isEmpty ? [] : [alignedLine])).map { $0 + "\n" }.joined() }

    /// Takes the next bytes, cut anywhere, and returns what the printer answers: to `DLE EOT n` at once, whatever waits.
    public mutating func feed(_ bytes: some Sequence<UInt8>) -> [UInt8] {
        var answers: [UInt8] = []
        for byte in bytes {
            if waiting.count >= Self.bufferLimit { waiting = [] }
            waiting.append(byte)
            guard waiting.count >= 3, waiting[waiting.count - 3] == 0x10, waiting[waiting.count - 2] == 0x04,
                (1...4).contains(byte)
            else { continue }
            waiting.removeLast(3)
            answers.append(status(byte))
        }
        if !isOut { answers += print() }
        return answers
    }

    /// Forgets what is not printed yet.
    mutating func forget() {
        waiting = []
        line = ""
        lineWidth = 0
        style = Style()
    }

    /// Fixed bits 1 and 4; out of paper: offline (1), stopped by paper end (2), roll sensors (4).
    private func status(_ kind: UInt8) -> UInt8 {
        switch (isOut, kind) {
        case (true, 1): 0x1A
        case (true, 2): 0x32
        case (true, 4): 0x7E
        default: 0x12
        }
    }

    /// Performs all whole commands that wait; an unfinished one waits on.
    @discardableResult
    private mutating func print() -> [UInt8] {
        var answers: [UInt8] = []
        var rest = waiting[...]
        while let command = Command(&rest, isChinese: style.isChinese) { answers += perform(command) }
        waiting = Array(rest)
        return answers
    }

    private enum Command {
        case text(String, width: Int)
        case lineFeed(Int)
        case reset
        case alignment(UInt8)
        case size(UInt8)
        case chinese(Bool)
        case cut(feed: Int)
        case note(String)
        case paperSensor
        case other

        /// Takes one whole command off `bytes`; nil if its end has not come yet.
        init?(_ bytes: inout ArraySlice<UInt8>, isChinese: Bool) {
            var reader = ByteReader(bytes)
            do throws(WireError) {
                self = try Self.read(&reader, isChinese)
                bytes = bytes.dropFirst(reader.offset)
            } catch {
                return nil
            }
        }

        private static func read(_ reader: inout ByteReader, _ isChinese: Bool) throws(WireError) -> Command {
            let byte = try reader.readByte()
            switch byte {
            case 0x0A: return .lineFeed(1)
            case 0x09: return .text(" ", width: 1)
            case 0x10: return try other(&reader, [0x05: 1, 0x04: 1, 0x14: 3])
            case 0x1B: return try escape(&reader)
            case 0x1C: return try chineseCommand(&reader)
            case 0x1D: return try group(&reader)
            case 0x20..<0x7F: return .text(String(UnicodeScalar(byte)), width: 1)
            case 0x81...0xFE where isChinese: return try chineseText(byte, &reader)
            // Without Chinese mode these are letters of a code page nobody chose: garbage on paper too.
            case 0x80...0xFF: return .text("?", width: 1)
            default: return .other
            }
        }

        private static func escape(_ reader: inout ByteReader) throws(WireError) -> Command {
            switch try reader.readByte() {
            case 0x40: return .reset
            case 0x61: return .alignment(try reader.readByte() & 0x03)
            case 0x64: return .lineFeed(Int(try reader.readByte()))
            case 0x4A:
                _ = try reader.readByte()
                return .lineFeed(1)
            case 0x21: return .size(try reader.readByte() & 0x20 == 0 ? 0x00 : 0x10)
            case 0x70:
                _ = try reader.read(3)
                return .note("[drawer]")
            case 0x24, 0x5C:
                _ = try reader.read(2)
                return .other
            case 0x32, 0x3C, 0x69, 0x6D: return .other
            default:
                _ = try reader.readByte()
                return .other
            }
        }

        private static func chineseCommand(_ reader: inout ByteReader) throws(WireError) -> Command {
            switch try reader.readByte() {
            case 0x26: return .chinese(true)
            case 0x2E: return .chinese(false)
            case 0x21: return .size(try reader.readByte() & 0x04 == 0 ? 0x00 : 0x10)
            case 0x53:
                _ = try reader.read(2)
                return .other
            default:
                _ = try reader.readByte()
                return .other
            }
        }

        private static func group(_ reader: inout ByteReader) throws(WireError) -> Command {
            switch try reader.readByte() {
            case 0x21: return .size(try reader.readByte())
            case 0x56:
                let kind = try reader.readByte()
                return .cut(feed: kind == 0x41 || kind == 0x42 ? Int(try reader.readByte()) : 0)
            case 0x72: return try reader.readByte() & 0x0F == 1 ? .paperSensor : .other
            case 0x4C, 0x50, 0x57:
                _ = try reader.read(2)
                return .other
            case 0x28:
                let function = try reader.readByte()
                let low = Int(try reader.readByte())
                let high = Int(try reader.readByte())
                let parameters = Array(try reader.read(high << 8 | low))
                guard function == 0x6B, parameters.count > 3, parameters.starts(with: [0x31, 0x50]) else {
                    return .other
                }
                return .note("[QR \(String(decoding: parameters.dropFirst(3), as: UTF8.self))]")
            case 0x76:
                _ = try reader.read(2)
                let sizes = Array(try reader.read(4)).map(Int.init)
                let (width, height) = (sizes[1] << 8 | sizes[0], sizes[3] << 8 | sizes[2])
                _ = try reader.read(width * height)
                return .note("[picture \(width * 8)×\(height)]")
            case 0x6B: return try barcode(&reader)
            default:
                _ = try reader.readByte()
                return .other
            }
        }

        /// Form A ends with a zero, form B (65 and up) tells its length.
        private static func barcode(_ reader: inout ByteReader) throws(WireError) -> Command {
            if try reader.readByte() >= 65 {
                _ = try reader.read(Int(try reader.readByte()))
            } else {
                while try reader.readByte() != 0 {}
            }
            return .note("[bar code]")
        }

        /// Two bytes of GBK, or four of GB 18030 if the second is a digit.
        private static func chineseText(_ first: UInt8, _ reader: inout ByteReader) throws(WireError) -> Command {
            var bytes = [first, try reader.readByte()]
            if (0x30...0x39).contains(bytes[1]) { bytes += try reader.read(2) }
            return .text(GB18030.decode(bytes) ?? "?", width: 2)
        }

        private static func other(
            _ reader: inout ByteReader, _ parameters: [UInt8: Int]
        ) throws(WireError) -> Command {
            _ = try reader.read(parameters[try reader.readByte()] ?? 0)
            return .other
        }
    }

    private mutating func perform(_ command: Command) -> [UInt8] {
        switch command {
        case .text(let text, let width):
            let width = width * style.widthFactor
            if lineWidth + width > columns { endLine() }
            line += text
            lineWidth += width
        case .lineFeed(let count): for _ in 0..<max(1, count) { endLine() }
        case .reset: style = Style()
        case .alignment(let alignment): style.alignment = alignment
        case .size(let size): style.widthFactor = Int(size >> 4 & 0x07) + 1
        case .chinese(let isOn): style.isChinese = isOn
        case .note(let note):
            line += note
            lineWidth += note.count
            endLine()
        case .cut:
            if !line.isEmpty { endLine() }
            receipts.append(lines.map { $0 + "\n" }.joined())
            lines = []
        case .paperSensor: return [0x00]
        case .other: break
        }
        return []
    }

    private mutating func endLine() {
        lines.append(alignedLine)
        line = ""
        lineWidth = 0
    }

    private var alignedLine: String {
        let space = max(0, columns - lineWidth)
        let indent =
            switch style.alignment {
            case 1: space / 2
            case 2: space
            default: 0
            }
        let end = line.lastIndex { $0 != " " }.map(line.index(after:)) ?? line.startIndex
        return end == line.startIndex ? "" : String(repeating: " ", count: indent) + line[..<end]
    }
}
