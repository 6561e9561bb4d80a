import EMV

/// Status words that only a card gives (ISO/IEC 7816-4, 5.6; EMV 4.4 Book 3, 6.3.5).
extension StatusWord {
    /// 6300: authentication failed.
    static let authenticationFailed = StatusWord(rawValue: 0x6300)
    /// 6988: the MAC of a script is wrong.
    static let secureMessagingIncorrect = StatusWord(rawValue: 0x6988)
    /// 6A80: wrong data.
    static let wrongData = StatusWord(rawValue: 0x6A80)
    /// 6A86: wrong parameters P1 or P2.
    static let wrongParameters = StatusWord(rawValue: 0x6A86)
    /// 6F00: no precise diagnosis.
    static let internalError = StatusWord(rawValue: 0x6F00)

    /// 63Cx: wrong PIN, so many tries are left.
    static func triesLeft(_ count: UInt8) -> StatusWord { StatusWord(rawValue: 0x63C0 | UInt16(count & 0x0F)) }
    /// 61xx: so many bytes wait, 00 for 256.
    static func bytesWait(_ count: Int) -> StatusWord {
        StatusWord(rawValue: 0x6100 | UInt16(truncatingIfNeeded: count & 0xFF))
    }
    /// 6Cxx: ask again for so many bytes, 00 for 256.
    static func exactLength(_ count: Int) -> StatusWord {
        StatusWord(rawValue: 0x6C00 | UInt16(truncatingIfNeeded: count & 0xFF))
    }
}
