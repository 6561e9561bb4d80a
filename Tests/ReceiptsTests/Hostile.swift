/// Texts that nobody wants on a receipt, from a seed.
struct Hostile: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    /// SplitMix64.
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }

    private static let pieces: [String] = [
        "A", "z9", "  ", "88.80", "天", "意小馆", "（", "￥", "¥", "é", "e\u{301}", "\u{301}\u{302}\u{303}\u{304}", "😀", "👩‍👩‍👧",
        "👍🏽", "🇨🇳", "☕️", "שלום", "مرحبا", "\u{202E}", "\u{2066}", "\u{200B}", "\u{200D}", "\u{FEFF}", "\u{AD}", "㐀", "𠀀",
        "\u{E000}", "\u{10FFFD}", "\u{0}", "\u{1B}@", "\u{1B}p\u{0}\u{19}\u{19}", "\u{1C}&", "\u{1C}.", "\u{1D}V\u{0}",
        "\u{1D}v0\u{0}\u{1}\u{0}\u{1}\u{0}", "\u{10}\u{14}\u{1}\u{0}\u{1}", "\n", "\r\n", "\u{2028}", "\u{85}",
        "\u{9B}", "\u{7F}",
        "\t", "<script>", "&amp;", "\"'", "</main>", "\u{FF21}", "ｱ", "각", "\u{1100}\u{1161}", "ก็", "\u{20DD}",
        "SUPERCALIFRAGILISTIC",
    ]

    mutating func text(_ pieces: Int = 12) -> String {
        (0..<Int.random(in: 0...pieces, using: &self)).map { _ in Self.pieces.randomElement(using: &self) ?? "" }
            .joined()
    }
}
