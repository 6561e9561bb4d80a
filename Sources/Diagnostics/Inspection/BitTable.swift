import Payments

/// What the bits of a value say, one row for each bit or code, in Chinese and English. Everything that prints a value
/// in words reads it here.
struct BitTable: Sendable {
    /// One bit, or one value of several bits.
    struct Row: Sendable {
        /// Byte of the value, 1 first.
        let byte: Int
        /// Its bits, 8 the highest.
        let bits: ClosedRange<Int>
        /// What those bits must be for the text to hold; nil for a number that they count.
        let value: UInt8?
        /// What that says.
        let text: BilingualText

        /// A bit that is set.
        init(_ byte: Int, _ bit: Int, _ chinese: String, _ english: String) {
            self.init(byte, bit...bit, 1, chinese, english)
        }

        /// Bits of this value, or a number.
        init(_ byte: Int, _ bits: ClosedRange<Int>, _ value: UInt8?, _ chinese: String, _ english: String) {
            self.byte = byte
            self.bits = bits
            self.value = value
            text = BilingualText(chinese, english)
        }
    }

    /// What some bits of a byte say.
    struct Reading: Sendable {
        let bits: ClosedRange<Int>
        let value: UInt8
        let text: BilingualText
        /// Whether it says something, and not only that a bit is clear.
        let isSignificant: Bool

        /// `8` or `8-7`.
        var place: String {
            bits.count == 1 ? "\(bits.upperBound)" : "\(bits.upperBound)-\(bits.lowerBound)"
        }

        /// The bits as they stand.
        var digits: String {
            let digits = String(value, radix: 2)
            return String(repeating: "0", count: max(0, bits.count - digits.count)) + digits
        }
    }

    let rows: [Row]

    init(_ rows: [Row]) { self.rows = rows }

    /// What nobody has given a meaning.
    static let reserved = BilingualText("保留", "Reserved (RFU)")

    /// All eight bits of `value`, which is byte `number`, from the highest down.
    func readings(of value: UInt8, byte number: Int) -> [Reading] {
        var readings: [Reading] = []
        var bit = 8
        while bit >= 1 {
            let known = rows.filter { $0.byte == number && $0.bits.upperBound == bit }
            let bits = known.first?.bits ?? bit...bit
            let found = value >> UInt8(bits.lowerBound - 1) & UInt8(truncatingIfNeeded: (1 << bits.count) - 1)
            let match = known.first { $0.value == found || $0.value == nil }
            let name = match ?? (bits.count == 1 ? known.first : nil)
            readings.append(
                Reading(
                    bits: bits, value: found, text: name?.text ?? Self.reserved,
                    isSignificant: match != nil || found != 0))
            bit = bits.lowerBound - 1
        }
        return readings
    }
}
