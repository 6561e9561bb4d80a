import Wire

/// What a technician sees of card data without `--reveal`: never a whole account number, track, PIN block or CVN2 (M8).
enum Masking {
    /// First six and last four of an account number of 13 digits or more, else nothing of it.
    static func accountNumber(_ digits: some StringProtocol) -> String {
        guard digits.count >= 13 else { return stars(digits.count) }
        return digits.prefix(6) + stars(digits.count - 10) + digits.suffix(4)
    }

    /// The account number of a track masked, the rest hidden.
    static func track(_ text: String) -> String {
        let number = text.prefix { $0 != "=" }
        guard number.count < text.count else { return stars(text.count) }
        return accountNumber(number) + "=" + stars(text.count - number.count - 1)
    }

    /// Text in which every run of 13 digits or more is masked like an account number.
    static func longNumbers(_ text: String) -> String {
        var masked = ""
        var run = ""
        func flush() {
            masked += run.utf8.count >= 13 ? accountNumber(run) : run
            run = ""
        }
        for character in text {
            if character.isASCII, character.isNumber {
                run.append(character)
            } else {
                flush()
                masked.append(character)
            }
        }
        flush()
        return masked
    }

    /// Two stars for each byte.
    static func bytes(_ bytes: some Collection<UInt8>) -> String { stars(bytes.count * 2) }

    static func stars(_ count: Int) -> String { String(repeating: "*", count: count) }
}
