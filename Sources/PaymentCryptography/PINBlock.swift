public import Payments

/// PIN blocks of ISO 9564-1: a PIN as it travels, always enciphered. PINs are ASCII digits, 4 to 12 of them.
public enum PINBlock {
    /// How PIN and account number stand in the block.
    public enum Format: UInt8, Sendable {
        /// PIN filled with `F`, added to the account number.
        case iso0 = 0
        /// PIN filled with random nibbles, no account number.
        case iso1 = 1
        /// PIN filled with `F`, no account number: for a card that checks it itself (`CardPIN`), never under a cipher key.
        case iso2 = 2
        /// PIN filled with random nibbles `A`–`F`, added to the account number.
        case iso3 = 3
        /// For ciphers of 16-byte blocks: enciphered twice, with the account number between.
        case iso4 = 4
    }

    /// The enciphered block: 8 bytes under DES, 16 under the others, which take format 4 alone.
    ///
    /// Without `pan` format 0 is the PIN part alone, as UnionPay's field 53 can say; formats 3 and 4 need it and format
    /// 1 passes it over. Throws `unsuitable` for a PIN that is not 4 to 12 digits, and for a key that does not fit the
    /// format.
    public static func encipher(
        _ pin: SecretBytes, pan: PAN?, format: Format = .iso0, under key: CipherKey
    ) throws(CryptographyError) -> SecretBytes {
        try encipher(pin, pan: pan, format: format, under: key, filler: RandomBytes.make(8))
    }

    /// The PIN in an enciphered block. Throws `wrongPINBlock` if there is none: other key, other account number,
    /// damaged.
    public static func decipher(
        _ block: SecretBytes, pan: PAN?, format: Format = .iso0, under key: CipherKey
    ) throws(CryptographyError) -> SecretBytes {
        try checkFit(format, pan, key)
        guard block.count == key.blockSize else { throw CryptographyError(.wrongLength, "PIN block") }
        var clear = try key.transform(.decipher, block)
        if let pan, let field = panField(pan, format) {
            clear = clear.added(to: field)
            if format == .iso4 { clear = try key.transform(.decipher, clear) }
        }
        return try pin(in: clear, format)
    }

    static func encipher(
        _ pin: SecretBytes, pan: PAN?, format: Format, under key: CipherKey, filler: [UInt8]
    ) throws(CryptographyError) -> SecretBytes {
        try checkFit(format, pan, key)
        var clear = try pinField(pin, format, filler)
        if format == .iso4 { clear = try key.transform(.encipher, clear) }
        if let pan, let field = panField(pan, format) { clear = clear.added(to: field) }
        return try key.transform(.encipher, clear)
    }

    private static func checkFit(_ format: Format, _ pan: PAN?, _ key: CipherKey) throws(CryptographyError) {
        guard (format == .iso4) == (key.blockSize == 16) else {
            throw CryptographyError(.unsuitable, "PIN block format \(format.rawValue) under \(key.algorithm)")
        }
        guard format != .iso2, pan != nil || format == .iso0 || format == .iso1 else {
            throw CryptographyError(.unsuitable, "PIN block format \(format.rawValue) here")
        }
    }

    /// Format and length nibbles, the PIN, the filler: 8 bytes, 16 in format 4 (ISO 9564-1, 9.3 and 9.4).
    static func pinField(
        _ pin: SecretBytes, _ format: Format, _ filler: [UInt8]
    ) throws(CryptographyError) -> SecretBytes {
        guard (4...12).contains(pin.count), pin.withBytes({ $0.allSatisfy { (0x30...0x39).contains($0) } }) else {
            throw CryptographyError(.unsuitable, "PIN")
        }
        guard filler.count == 8 else { throw CryptographyError(.wrongLength, "filler of a PIN block") }
        return SecretBytes(count: format == .iso4 ? 16 : 8) { buffer in
            for position in 0..<16 {
                let random = filler[position / 2] >> (position % 2 == 0 ? 4 : 0) & 0x0F
                let nibble: UInt8 =
                    switch position {
                    case 0: format.rawValue
                    case 1: UInt8(pin.count)
                    case 2..<(2 + pin.count): pin.withBytes { $0[position - 2] - 0x30 }
                    default:
                        switch format {
                        case .iso0, .iso2: 0x0F
                        case .iso1: random
                        case .iso3: 0x0A + random % 6
                        case .iso4: 0x0A
                        }
                    }
                buffer[position / 2] |= position % 2 == 0 ? nibble << 4 : nibble
            }
            if format == .iso4 { buffer[8...].copyBytes(from: filler) }
        }
    }

    /// The account number's part; nil in formats 1 and 2, which have none.
    static func panField(_ pan: PAN, _ format: Format) -> SecretBytes? {
        let digits = pan.digits.utf8.map { $0 - 0x30 }
        let nibbles: [UInt8]
        switch format {
        case .iso1, .iso2: return nil
        case .iso0, .iso3: nibbles = [0, 0, 0, 0] + digits.dropLast().suffix(12)
        case .iso4:
            // The first nibble is how many digits there are more than 12.
            let padded = [UInt8(digits.count - 12)] + digits
            nibbles = padded + [UInt8](repeating: 0, count: 32 - padded.count)
        }
        return SecretBytes(stride(from: 0, to: nibbles.count, by: 2).map { nibbles[$0] << 4 | nibbles[$0 + 1] })
    }

    /// Reads the PIN field, which must be filled as its format says: other filling is another key or account number.
    static func pin(in field: SecretBytes, _ format: Format) throws(CryptographyError) -> SecretBytes {
        let digits: SecretBytes? = field.withBytes { bytes in
            func nibble(_ position: Int) -> UInt8 { bytes[position / 2] >> (position % 2 == 0 ? 4 : 0) & 0x0F }
            let count = Int(nibble(1))
            guard nibble(0) == format.rawValue, (4...12).contains(count) else { return nil }
            let filled = (2 + count..<16).allSatisfy { position in
                switch format {
                case .iso0, .iso2: nibble(position) == 0x0F
                case .iso1: true
                case .iso3: nibble(position) >= 0x0A
                case .iso4: nibble(position) == 0x0A
                }
            }
            guard filled, (2..<2 + count).allSatisfy({ nibble($0) <= 9 }) else { return nil }
            return SecretBytes(count: count) { buffer in
                for index in 0..<count { buffer[index] = 0x30 + nibble(index + 2) }
            }
        }
        guard let digits else { throw CryptographyError(.wrongPINBlock, "PIN block format \(format.rawValue)") }
        return digits
    }
}

extension SecretBytes {
    /// The sum (XOR) with as many other bytes.
    func added(to other: SecretBytes) -> SecretBytes {
        SecretBytes(count: min(count, other.count)) { buffer in
            withBytes { left in
                other.withBytes { right in
                    for index in buffer.indices { buffer[index] = left[index] ^ right[index] }
                }
            }
        }
    }
}

extension CipherKey {
    /// Enciphers or deciphers what must stay in memory that is wiped.
    func transform(_ direction: Direction, _ input: SecretBytes) throws(CryptographyError) -> SecretBytes {
        try SecretBytes(count: input.count) { (output) throws(CryptographyError) in
            try input.withBytes { (input) throws(CryptographyError) in
                try transform(
                    direction, input.bindMemory(to: UInt8.self).baseAddress,
                    into: output.bindMemory(to: UInt8.self).baseAddress, input.count)
            }
        }
    }
}
