/// Packed binary-coded decimal: two digits in a byte, the first in the high nibble.
public enum BCD {
    /// Where the digits stand when their count is odd or the field is longer than they are.
    public enum Alignment: Sendable {
        /// Digits at the end, zeros before them.
        case right
        /// Digits at the start, the pad nibble after them.
        case left(pad: UInt8)
    }

    /// Packs decimal digits into the fewest bytes that hold them.
    /// `digits` is ASCII; `=` and `D` give nibble D, as track 2 needs.
    public static func encode(_ digits: some StringProtocol, _ alignment: Alignment = .right) throws(WireError)
        -> [UInt8]
    {
        var nibbles: [UInt8] = []
        nibbles.reserveCapacity(digits.utf8.count + 1)
        for (offset, character) in digits.utf8.enumerated() {
            switch character {
            case 0x30...0x39: nibbles.append(character - 0x30)
            case 0x3D, 0x44, 0x64: nibbles.append(0x0D)
            default: throw WireError(.invalidDigit, at: offset)
            }
        }
        if nibbles.count % 2 == 1 {
            switch alignment {
            case .right: nibbles.insert(0, at: 0)
            case .left(let pad): nibbles.append(pad & 0x0F)
            }
        }
        return stride(from: 0, to: nibbles.count, by: 2).map { nibbles[$0] << 4 | nibbles[$0 + 1] }
    }

    /// The decimal digits packed in `bytes`: all of them, or the `count` that `alignment` leaves.
    /// Nibble D reads as `=` where `separator` allows it; any other nibble above 9 is an error.
    public static func decode(
        _ bytes: some Collection<UInt8>, count: Int? = nil, _ alignment: Alignment = .right, separator: Bool = false
    ) throws(WireError) -> String {
        let total = bytes.count * 2
        let count = count ?? total
        guard count <= total, count >= 0 else { throw WireError(.truncated, at: bytes.count) }
        let skipped = if case .right = alignment { total - count } else { 0 }
        var text: [UInt8] = []
        text.reserveCapacity(count)
        var position = 0
        for byte in bytes {
            for nibble in [byte >> 4, byte & 0x0F] {
                defer { position += 1 }
                guard position >= skipped, text.count < count else { continue }
                switch nibble {
                case 0...9: text.append(0x30 + nibble)
                case 0x0D where separator: text.append(0x3D)
                default: throw WireError(.invalidDigit, at: position / 2)
                }
            }
        }
        return String(decoding: text, as: UTF8.self)
    }
}
