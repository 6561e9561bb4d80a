/// A primary account number: 13 to 19 digits (ISO/IEC 7812). Prints masked; the digits come out on request only.
public struct PAN: Equatable, Sendable {
    private let secret: SecretBytes

    /// The number with these ASCII digits. `F` padding at the end is dropped.
    /// Fails on other lengths and characters. UnionPay issues numbers that fail the Luhn check, so that is not checked
    /// here: see `passesLuhn`.
    public init?(_ digits: some StringProtocol) {
        let kept = digits.utf8.reversed().drop { $0 == 0x46 || $0 == 0x66 }.reversed()
        guard (13...19).contains(kept.count), kept.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        secret = SecretBytes(Array(kept))
    }

    /// All digits in clear. Whoever asks must not let them reach a disk, a log, a receipt or a register (M8).
    public var digits: String { secret.withBytes { String(decoding: $0, as: UTF8.self) } }

    /// Number of digits.
    public var count: Int { secret.count }

    /// First six and last four digits, the rest as `*` (PCI DSS 3.4.1).
    public var masked: String {
        let all = digits
        return all.prefix(6) + String(repeating: "*", count: all.count - 10) + all.suffix(4)
    }

    /// Whether the last digit is the check digit of ISO/IEC 7812-1 Annex B. Schemes other than UnionPay require it.
    public var passesLuhn: Bool {
        let sum = digits.utf8.reversed().enumerated().reduce(0) { sum, item in
            let digit = Int(item.element - 0x30)
            let doubled = item.offset % 2 == 1 ? digit * 2 : digit
            return sum + (doubled > 9 ? doubled - 9 : doubled)
        }
        return sum % 10 == 0
    }
}

extension PAN: CustomStringConvertible, CustomDebugStringConvertible {
    /// The masked number.
    public var description: String { masked }
    /// The masked number.
    public var debugDescription: String { masked }
}
