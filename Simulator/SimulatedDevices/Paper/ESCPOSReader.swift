/// Reads commands off the bytes for a printer, whole or cut anywhere. It keeps at most half a megabyte, the longest command
/// there is; a picture comes row by row, as a printer takes it.
public struct ESCPOSReader: Equatable, Sendable {
    /// Whether the printer knows commands with a length (`GS (`). One that does not takes their first two bytes for an
    /// unknown command and prints the rest as text.
    private let knowsFunctions: Bool
    /// A command whose end has not come.
    private var partial: [UInt8] = []
    /// At least so many bytes are needed to know more about it.
    private var needed = 1
    /// Where the next bytes are a picture's.
    private var stride = 0
    private var rows = 0
    /// Bytes that are passed over.
    private var skipped = 0

    /// A reader at the start of a command. A printer where `knowsFunctions` is false prints `GS ( k` as text.
    public init(knowsFunctions: Bool = true) { self.knowsFunctions = knowsFunctions }

    /// Takes a byte; the command that it ends, or nil.
    public mutating func take(_ byte: UInt8) -> ESCPOSCommand? {
        if skipped > 0 {
            skipped -= 1
            return nil
        }
        if partial.isEmpty, rows == 0, byte >= 0x20 { return .character(byte) }
        partial.append(byte)
        if rows > 0 { return takeRow() }
        guard partial.count >= needed else { return nil }
        let length = Self.length(partial, knowsFunctions)
        guard partial.count >= length else {
            needed = length
            return nil
        }
        let command = command(partial)
        partial = []
        needed = 1
        return command
    }

    private mutating func takeRow() -> ESCPOSCommand? {
        guard partial.count == stride else { return nil }
        rows -= 1
        defer { partial = [] }
        return .pictureRow(partial)
    }

    /// How long the command is that begins so, as far as `bytes` tell; more than they are where its end has not come.
    private static func length(_ bytes: [UInt8], _ knowsFunctions: Bool) -> Int {
        guard [0x10, 0x1B, 0x1C, 0x1D].contains(bytes[0]) else { return 1 }
        guard bytes.count >= 2 else { return 2 }
        if bytes[1] == 0x28, bytes[0] != 0x10 { return knowsFunctions ? function(bytes) : 2 }
        switch (bytes[0], bytes[1]) {
        case (0x10, 0x04), (0x10, 0x05): return 3
        case (0x10, 0x14): return 5
        case (0x1B, 0x2A):
            guard bytes.count >= 5 else { return 5 }
            return 5 + little(bytes, 3) * (bytes[2] >= 32 ? 3 : 1)
        case (0x1B, 0x44):
            // Tab stops end with a zero, and there are 32 at most.
            return bytes.count > 2 && (bytes.last == 0 || bytes.count == 35) ? bytes.count : bytes.count + 1
        case (0x1C, 0x32): return 76
        case (0x1D, 0x2A): return bytes.count < 4 ? 4 : 4 + Int(bytes[2]) * Int(bytes[3]) * 8
        case (0x1D, 0x56):
            guard bytes.count >= 3 else { return 3 }
            return [65, 66, 97, 98, 103, 104].contains(bytes[2]) ? 4 : 3
        case (0x1D, 0x6B): return barCode(bytes)
        default: return 2 + (parameters[bytes[0]]?[bytes[1]] ?? 0)
        }
    }

    /// A letter, a length of two bytes, and so many more.
    private static func function(_ bytes: [UInt8]) -> Int {
        bytes.count < 5 ? 5 : 5 + little(bytes, 3)
    }

    /// Form A (to 6) ends with a zero, form B (from 65) tells its length.
    private static func barCode(_ bytes: [UInt8]) -> Int {
        guard bytes.count >= 4 else { return 4 }
        if bytes[2] >= 65 { return 4 + Int(bytes[3]) }
        return bytes.last == 0 || bytes.count == 260 ? bytes.count : bytes.count + 1
    }

    /// Parameters of the commands whose length is fixed; those that are missing have none.
    private static let parameters: [UInt8: [UInt8: Int]] = [
        0x1B: [
            0x20: 1, 0x21: 1, 0x24: 2, 0x25: 1, 0x2D: 1, 0x33: 1, 0x3D: 1, 0x3F: 1, 0x42: 2, 0x43: 3, 0x45: 1,
            0x47: 1, 0x4A: 1, 0x4B: 1, 0x4D: 1, 0x52: 1, 0x54: 1, 0x56: 1, 0x57: 8, 0x5C: 2, 0x61: 1, 0x63: 2,
            0x64: 1, 0x65: 1, 0x70: 3, 0x72: 1, 0x74: 1, 0x75: 1, 0x7B: 1,
        ],
        0x1C: [0x21: 1, 0x2D: 1, 0x3F: 2, 0x43: 1, 0x53: 2, 0x57: 1, 0x70: 2],
        0x1D: [
            0x21: 1, 0x24: 2, 0x2F: 1, 0x38: 5, 0x42: 1, 0x45: 1, 0x48: 1, 0x49: 1, 0x4C: 2, 0x50: 2, 0x54: 1,
            0x57: 2, 0x5C: 2, 0x5E: 3, 0x61: 1, 0x62: 1, 0x66: 1, 0x68: 1, 0x6A: 1, 0x72: 1, 0x76: 6, 0x77: 1,
        ],
    ]

    /// What the whole command `bytes` says.
    private mutating func command(_ bytes: [UInt8]) -> ESCPOSCommand {
        switch bytes[0] {
        case 0x0A: .lineFeed
        case 0x09: .tab
        case 0x10 where bytes[1] == 0x04: .realTimeStatus(bytes[2])
        case 0x10 where bytes[1] == 0x05: .recover(bytes[2])
        case 0x1B: Self.escape(bytes)
        case 0x1C: Self.chinese(bytes)
        case 0x1D: group(bytes)
        default: .other
        }
    }

    private static func escape(_ bytes: [UInt8]) -> ESCPOSCommand {
        let value = bytes.count > 2 ? bytes[2] : 0
        return switch bytes[1] {
        case 0x20: .characterSpacing(value)
        case 0x21: .printMode(value)
        case 0x24: .position(UInt16(little(bytes, 2)))
        case 0x2A: .columns(mode: value, Array(bytes.dropFirst(5)))
        case 0x2D: .underline(value)
        case 0x32: .lineSpacing(nil)
        case 0x33: .lineSpacing(value)
        case 0x40: .initialize
        case 0x44: .tabStops(bytes.dropFirst(2).filter { $0 != 0 })
        case 0x45, 0x47: .bold(value & 1 != 0)
        case 0x4A: .feedDots(value)
        case 0x4D: .font(value)
        case 0x5C: .move(Int16(bitPattern: UInt16(little(bytes, 2))))
        case 0x61: .alignment(value)
        case 0x64: .feedLines(value)
        case 0x69: .cut(isPartial: false, feed: nil)
        case 0x6D: .cut(isPartial: true, feed: nil)
        case 0x70: .openDrawer
        case 0x74: .codePage(value)
        default: .other
        }
    }

    private static func chinese(_ bytes: [UInt8]) -> ESCPOSCommand {
        let value = bytes.count > 2 ? bytes[2] : 0
        return switch bytes[1] {
        case 0x21: .chineseMode(value)
        case 0x26: .chinese(true)
        case 0x2D: .chineseUnderline(value)
        case 0x2E: .chinese(false)
        case 0x53: .chineseSpacing(left: value, right: bytes[3])
        case 0x57: .chineseQuadruple(value & 1 != 0)
        default: .other
        }
    }

    private mutating func group(_ bytes: [UInt8]) -> ESCPOSCommand {
        let value = bytes.count > 2 ? bytes[2] : 0
        switch bytes[1] {
        case 0x21: return .size(value)
        case 0x28:
            guard value == 0x6B, bytes.count >= 7 else { return .other }
            return .symbol(bytes[5], function: bytes[6], Array(bytes.dropFirst(7)))
        case 0x38:
            skipped = Self.little(bytes, 3) | Self.little(bytes, 5) << 16
            return .other
        case 0x42: return .inverse(value & 1 != 0)
        case 0x48: return .barCodeText(value)
        case 0x49: return .identify(value)
        case 0x4C: return .leftMargin(UInt16(Self.little(bytes, 2)))
        case 0x56: return .cut(isPartial: value & 1 == (value < 65 ? 1 : 0), feed: bytes.count > 3 ? bytes[3] : nil)
        case 0x57: return .areaWidth(UInt16(Self.little(bytes, 2)))
        case 0x61: return .automaticStatus(value)
        case 0x68: return .barCodeHeight(value)
        case 0x6B:
            return value < 65
                ? .barCode(value &+ 65, bytes[3...].prefix { $0 != 0 }.map { $0 }) : .barCode(value, Array(bytes[4...]))
        case 0x72: return .status(value)
        case 0x76:
            let (width, height) = (Self.little(bytes, 4), Self.little(bytes, 6))
            (stride, rows) = width > 0 ? (width, height) : (0, 0)
            return .picture(
                stride: width, rows: height, isDoubleWidth: bytes[3] & 1 != 0, isDoubleHeight: bytes[3] & 2 != 0)
        case 0x77: return .barCodeModule(value)
        default: return .other
        }
    }

    /// The number in the two bytes at `index`, the low one first.
    private static func little(_ bytes: [UInt8], _ index: Int) -> Int {
        guard index + 1 < bytes.count else { return 0 }
        return Int(bytes[index]) | Int(bytes[index + 1]) << 8
    }
}
