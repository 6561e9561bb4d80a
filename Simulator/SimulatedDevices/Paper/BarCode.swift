/// The bars of a bar code, a module each, true for black.
struct BarCode: Equatable, Sendable {
    let modules: [Bool]
    /// What stands under them for people.
    let text: String

    /// The bar code of `system`, numbered as in form B of `GS k`: 65 UPC-A, 67 EAN-13, 68 EAN-8, 69 CODE39, 73 CODE128. Nil
    /// for other systems and for data that the system cannot carry: then a printer prints nothing.
    init?(_ system: UInt8, _ data: [UInt8]) {
        switch system {
        case 65: self.init(ean: data, digits: 12)
        case 67: self.init(ean: data, digits: 13)
        case 68: self.init(ean: data, digits: 8)
        case 69: self.init(code39: data)
        case 73: self.init(code128: data)
        default: return nil
        }
    }

    // MARK: - EAN, UPC (ISO/IEC 15420)

    /// The check digit may be left out.
    private init?(ean data: [UInt8], digits count: Int) {
        guard data.count == count || data.count == count - 1, data.allSatisfy({ (0x30...0x39).contains($0) }) else {
            return nil
        }
        var digits = data.map { Int($0) - 0x30 }
        let sum = digits.prefix(count - 1).reversed().enumerated().reduce(0) { sum, digit in
            sum + digit.element * (digit.offset % 2 == 0 ? 3 : 1)
        }
        let check = (10 - sum % 10) % 10
        if digits.count < count { digits.append(check) }
        guard digits[count - 1] == check else { return nil }
        text = digits.map(String.init).joined()
        if count == 12 { digits.insert(0, at: 0) }
        let half = digits.count / 2
        // The first of 13 digits is in the choice of patterns for the next six.
        let parity = digits.count == 13 ? Self.parities[digits[0]] : 0
        let left = digits.count == 13 ? digits[1...half] : digits[0..<half]
        var modules = Self.bits(0b101, 3)
        for (index, digit) in left.enumerated() {
            let odd = Self.bits(Self.oddDigits[digit], 7)
            let isEven = parity >> (5 - index) & 1 != 0
            modules += isEven ? odd.reversed().map { !$0 } : odd
        }
        modules += Self.bits(0b01010, 5)
        for digit in digits.suffix(half) { modules += Self.bits(Self.oddDigits[digit], 7).map { !$0 } }
        self.modules = modules + Self.bits(0b101, 3)
    }

    private static let oddDigits = [
        0b0001101, 0b0011001, 0b0010011, 0b0111101, 0b0100011, 0b0110001, 0b0101111, 0b0111011, 0b0110111, 0b0001011,
    ]
    private static let parities = [
        0b000000, 0b001011, 0b001101, 0b001110, 0b010011, 0b011001, 0b011100, 0b010101, 0b010110, 0b011010,
    ]

    // MARK: - CODE39 (ISO/IEC 16388)

    /// The asterisks at both ends may be left out. A wide bar is three modules.
    private init?(code39 data: [UInt8]) {
        var letters = data[...]
        if letters.first == 0x2A { letters = letters.dropFirst() }
        if letters.last == 0x2A { letters = letters.dropLast() }
        guard !letters.isEmpty else { return nil }
        var modules: [Bool] = []
        for letter in [0x2A] + letters + [0x2A] {
            guard let pattern = Self.code39[letter] else { return nil }
            if !modules.isEmpty { modules.append(false) }
            for element in 0..<9 {
                let isWide = pattern >> (8 - element) & 1 != 0
                modules += [Bool](repeating: element % 2 == 0, count: isWide ? 3 : 1)
            }
        }
        self.modules = modules
        text = String(decoding: letters, as: UTF8.self)
    }

    private static let code39 = Dictionary(
        zip(
            "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-. $/+%*".utf8,
            [
                0x034, 0x121, 0x061, 0x160, 0x031, 0x130, 0x070, 0x025, 0x124, 0x064, 0x109, 0x049, 0x148, 0x019,
                0x118, 0x058, 0x00D, 0x10C, 0x04C, 0x01C, 0x103, 0x043, 0x142, 0x013, 0x112, 0x052, 0x007, 0x106,
                0x046, 0x016, 0x181, 0x0C1, 0x1C0, 0x091, 0x190, 0x0D0, 0x085, 0x184, 0x0C4, 0x0A8, 0x0A2, 0x08A,
                0x02A, 0x094,
            ]), uniquingKeysWith: { first, _ in first })

    // MARK: - CODE128 (ISO/IEC 15417)

    /// `{A`, `{B` and `{C` choose the code set, the first two bytes the one to start with; in set C a byte is two digits.
    private init?(code128 data: [UInt8]) {
        guard data.count > 2, data[0] == 0x7B, let start = Self.codeSets[data[1]] else { return nil }
        var (values, text, set, index) = ([start], "", data[1], 2)
        while index < data.count {
            let byte = data[index]
            if byte == 0x7B {
                guard index + 1 < data.count, let value = Self.special(data[index + 1], in: set) else { return nil }
                values.append(value)
                if Self.codeSets[data[index + 1]] != nil { set = data[index + 1] }
                if data[index + 1] == 0x7B { text += "{" }
                index += 2
                continue
            }
            switch set {
            case 0x41 where byte < 0x60: values.append(byte < 0x20 ? Int(byte) + 64 : Int(byte) - 32)
            case 0x42 where (0x20..<0x80).contains(byte): values.append(Int(byte) - 32)
            case 0x43 where byte < 100: values.append(Int(byte))
            default: return nil
            }
            text +=
                set == 0x43 ? "\(byte / 10)\(byte % 10)" : byte < 0x20 ? " " : String(Unicode.Scalar(byte))
            index += 1
        }
        let sum = values.enumerated().reduce(0) { $0 + $1.element * max(1, $1.offset) }
        values += [sum % 103, 106]
        modules = values.flatMap { value in
            Self.code128[value].utf8.enumerated().flatMap { element in
                [Bool](repeating: element.offset % 2 == 0, count: Int(element.element) - 0x30)
            }
        }
        self.text = text
    }

    private static let codeSets: [UInt8: Int] = [0x41: 103, 0x42: 104, 0x43: 105]

    /// The value of what follows a brace.
    private static func special(_ letter: UInt8, in set: UInt8) -> Int? {
        switch (letter, set) {
        case (0x41, 0x42), (0x41, 0x43): 101
        case (0x42, 0x41), (0x42, 0x43): 100
        case (0x43, 0x41), (0x43, 0x42): 99
        case (0x31, _): 102
        case (0x32, 0x41), (0x32, 0x42): 97
        case (0x33, 0x41), (0x33, 0x42): 96
        case (0x34, 0x41): 101
        case (0x34, 0x42): 100
        case (0x7B, 0x42): 0x7B - 32
        default: nil
        }
    }

    /// Widths of bars and spaces by value; the last is the stop.
    private static let code128 = """
        212222 222122 222221 121223 121322 131222 122213 122312 132212 221213 221312 231212 112232 122132 122231 113222 \
        123122 123221 223211 221132 221231 213212 223112 312131 311222 321122 321221 312212 322112 322211 212123 212321 \
        232121 111323 131123 131321 112313 132113 132311 211313 231113 231311 112133 112331 132131 113123 113321 133121 \
        313121 211331 231131 213113 213311 213131 311123 311321 331121 312113 312311 332111 314111 221411 431111 111224 \
        111422 121124 121421 141122 141221 112214 112412 122114 122411 142112 142211 241211 221114 413111 241112 134111 \
        111242 121142 121241 114212 124112 124211 411212 421112 421211 212141 214121 412121 111143 111341 131141 114113 \
        114311 411113 411311 113141 114131 311141 411131 211412 211214 211232 2331112
        """.split(separator: " ").map(String.init)

    private static func bits(_ value: Int, _ count: Int) -> [Bool] {
        (0..<count).map { value >> (count - 1 - $0) & 1 != 0 }
    }
}
