/// The keys of a keyboard with US layout, by their usages (HID Usage Tables, 10: keyboard page 0x07).
enum HIDKey {
    /// The modifier keys of a report, bit by bit.
    struct Modifiers: OptionSet {
        let rawValue: UInt8
        var isControl: Bool { rawValue & 0x11 != 0 }
        var isShift: Bool { rawValue & 0x22 != 0 }
        var isAlternate: Bool { rawValue & 0x44 != 0 }
    }

    /// Too many keys are down; smaller than every key.
    static let rollover: UInt8 = 0x01
    static let capsLock: UInt8 = 0x39
    /// Enter, Tab and the keypad's Enter.
    static let ends: [UInt8] = [0x28, 0x2B, 0x58]

    /// 1–9 and 0 of the keypad; others nil.
    static func keypadDigit(_ key: UInt8) -> Int? { (0x59...0x62).contains(key) ? (Int(key) - 0x58) % 10 : nil }

    /// What the key types; nil for one that types nothing.
    static func character(_ key: UInt8, _ modifiers: Modifiers, isCapsLocked: Bool) -> UInt8? {
        let isLetter = (0x04...0x1D).contains(key)
        let shifted = modifiers.isShift != (isLetter && isCapsLocked)
        guard let character = (shifted ? shiftedCharacters : characters)[key] else { return nil }
        guard modifiers.isControl else { return character }
        // Control takes bits 5 and 6 away: @ A–Z [ \ ] ^ _ become 0x00–0x1F. With 6 and - shift may be missing.
        let upper = isLetter ? character & 0xDF : key == 0x23 ? 0x5E : key == 0x2D ? 0x5F : character
        return (0x40...0x5F).contains(upper) ? upper & 0x1F : nil
    }

    private static let characters = table("abcdefghijklmnopqrstuvwxyz1234567890", "-=[]\\#;'`,./")
    private static let shiftedCharacters = table("ABCDEFGHIJKLMNOPQRSTUVWXYZ!@#$%^&*()", "_+{}|~:\"~<>?")

    /// Letters and digits from 0x04 on, signs from 0x2D on; the rest is the same with shift and without.
    private static func table(_ first: String, _ signs: String) -> [UInt8: UInt8] {
        var table: [UInt8: UInt8] = [0x29: 0x1B, 0x2C: 0x20]
        for (key, character) in zip(0x04..., first.utf8) { table[UInt8(key)] = character }
        for (key, character) in zip(0x2D..., signs.utf8) { table[UInt8(key)] = character }
        for (key, character) in zip(0x54..., "/*-+".utf8) { table[UInt8(key)] = character }
        for (key, character) in zip(0x59..., "1234567890.".utf8) { table[UInt8(key)] = character }
        table[0x64] = table[0x31]
        return table
    }
}
