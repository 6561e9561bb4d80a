import EMV
import Wire

extension Transcript {
    /// The same session without account number, tracks, names, PIN data, and the card's certificate, from which anybody could
    /// recover the account number (M8). Lengths stay.
    public var masked: Transcript {
        let mask = CardDataMask(self)
        var masked = self
        masked.entries = entries.map { entry in
            guard case .exchange(let command, let response) = entry else { return entry }
            return .exchange(
                command: mask.command(command), response: response.map { mask.response($0, to: command) })
        }
        return masked
    }
}

/// Replaces what must not be shown of a session, wherever it stands: in its data object, or as bare digits.
struct CardDataMask: Sendable {
    /// The account numbers of the session.
    private var numbers: Set<String> = []
    /// Texts, as hexadecimal digits.
    private var texts: Set<String> = []

    /// A mask that knows what the card said in `transcript`.
    init(_ transcript: Transcript) {
        for case .exchange(_, let response?) in transcript.entries {
            learn(response.dropLast(2), depth: 0)
        }
    }

    private mutating func learn(_ bytes: ArraySlice<UInt8>, depth: Int) {
        guard depth < TLV.Limit.depth, let objects = try? TLV.parse(bytes) else { return }
        for object in objects {
            let digits = Hex.encode(object.value)
            switch object.tag {
            case .pan, .track2, 0x9F6B:
                let number = digits.prefix { $0.isNumber }
                if number.utf8.count >= 8 { numbers.insert(String(number)) }
            case .cardholderName, 0x9F0B:
                let name = object.value.reversed().drop { $0 == 0x20 }.reversed()
                if name.count >= 4 { texts.insert(Hex.encode(Array(name))) }
            case _ where object.tag.isConstructed: learn(object.value, depth: depth + 1)
            default: break
            }
        }
    }

    /// A command without PIN data and known account numbers.
    func command(_ bytes: [UInt8]) -> [UInt8] {
        // VERIFY and PIN CHANGE carry a PIN, enciphered or not.
        guard bytes.count > 5, bytes[1] == 0x20 || bytes[1] == 0x24 else { return bare(bytes) }
        let end = min(bytes.count, 5 + Int(bytes[4]))
        return bytes[..<5] + [UInt8](repeating: 0, count: end - 5) + bytes[end...]
    }

    /// A response without what must not be shown. What cannot be read is replaced whole, but for random numbers.
    func response(_ bytes: [UInt8], to command: [UInt8]) -> [UInt8] {
        var data = Array(bytes.dropLast(2))
        if let ranges = try? Self.sensitive(data[...], depth: 0) {
            for (tag, range) in ranges { data.replaceSubrange(range, with: Self.replaced(tag, data[range])) }
        } else if command.count > 1, command[1] != 0x84 {
            data = [UInt8](repeating: 0, count: data.count)
        }
        return bare(data) + bytes.suffix(2)
    }

    /// Where sensitive values stand; indices are those of `bytes`.
    private static func sensitive(
        _ bytes: ArraySlice<UInt8>, depth: Int
    ) throws(WireError) -> [(TLV.Tag, Range<Int>)] {
        guard depth < TLV.Limit.depth else { throw WireError(.tooDeep, at: 0) }
        var found: [(TLV.Tag, Range<Int>)] = []
        for object in try TLV.parse(bytes) {
            if object.tag.isConstructed {
                found += try sensitive(object.value, depth: depth + 1)
            } else if certificates.contains(object.tag) || DataDictionary.element(object.tag)?.isSensitive ?? false {
                found.append((object.tag, object.value.indices))
            }
        }
        return found
    }

    /// The card's certificates hold its account number, and the keys that open them are public. So do account data of phones.
    private static let certificates: Set<TLV.Tag> = [.iccCertificate, 0x9F2D, 0x9F6B, 0x5F53, 0x56]

    private static func replaced(_ tag: TLV.Tag, _ value: ArraySlice<UInt8>) -> [UInt8] {
        switch tag {
        case .pan, .track2, 0x9F6B:
            let digits = Hex.encode(value)
            let number = digits.prefix { $0.isNumber }
            let rest = digits.dropFirst(number.count).map { $0.isNumber ? "9" : $0 }
            return (try? Hex.decode(hidden(number) + String(rest))) ?? [UInt8](repeating: 0, count: value.count)
        case .iccCertificate, 0x9F2D: return [UInt8](repeating: 0, count: value.count)
        default:
            let isText = [.text, .alphanumeric].contains(DataDictionary.element(tag)?.format)
            return [UInt8](repeating: isText ? 0x2A : 0, count: value.count)
        }
    }

    /// First six and last four of an account number, nines between; nines alone below 13 digits.
    private static func hidden(_ digits: some StringProtocol) -> String {
        String(Masking.accountNumber(digits).map { $0 == "*" ? "9" : $0 })
    }

    /// The bytes without the account numbers and names of the session where they stand bare, as digits or as text.
    private func bare(_ bytes: [UInt8]) -> [UInt8] {
        var digits = Array(Hex.encode(bytes).utf8)
        for number in numbers {
            let hidden = Self.hidden(number)
            Self.replace(Array(number.utf8), by: Array(hidden.utf8), in: &digits)
            let (text, hiddenText) = (Hex.encode(Array(number.utf8)), Hex.encode(Array(hidden.utf8)))
            Self.replace(Array(text.utf8), by: Array(hiddenText.utf8), in: &digits)
        }
        for text in texts {
            let stars = String(repeating: "2A", count: text.utf8.count / 2)
            Self.replace(Array(text.utf8), by: Array(stars.utf8), in: &digits)
        }
        return (try? Hex.decode(digits[...])) ?? [UInt8](repeating: 0, count: bytes.count)
    }

    /// Replaces every `pattern` in `text` by as many other characters.
    private static func replace(_ pattern: [UInt8], by other: [UInt8], in text: inout [UInt8]) {
        guard let first = pattern.first, pattern.count == other.count, text.count >= pattern.count else { return }
        var start = 0
        while start <= text.count - pattern.count {
            if text[start] == first, text[start..<start + pattern.count].elementsEqual(pattern) {
                text.replaceSubrange(start..<start + pattern.count, with: other)
                start += pattern.count
            } else {
                start += 1
            }
        }
    }
}
