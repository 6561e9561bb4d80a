public import HAL

extension PrinterProfile {
    /// The models that are simulated, each with what makes receipts go wrong on it.
    public static let simulated: [PrinterProfile] = [
        .chinese80,
        model("chinese-58") { ($0.dots, $0.columns) = (384, 32) },
        // Knows the 6,763 characters of GB 2312; of the others it prints question marks.
        model("gb2312-80") { $0.chinese = .gb2312 },
        model("gb18030-80") { ($0.chinese, $0.status) = (.gb18030, .automatic) },
        // No Chinese font: what is meant for one prints as letters with accents and lines.
        model("western-80") { ($0.chinese, $0.startsInChinese, $0.status) = (.none, false, .automatic) },
        model("western-512") {
            ($0.chinese, $0.startsInChinese, $0.status) = (.none, false, .automatic)
            ($0.dots, $0.columns) = (512, 42)
        },
        // Prints the commands of QR symbols as text.
        model("no-symbols-80") { $0.symbols = .picture },
        // Neither a knife nor a word about itself.
        model("plain-58") {
            ($0.dots, $0.columns) = (384, 32)
            ($0.symbols, $0.cutter, $0.status, $0.opensDrawer) = (.picture, .none, .port, false)
        },
    ]

    /// The simulated model with this name; nil if there is none.
    public static func simulated(named name: String) -> PrinterProfile? { simulated.first { $0.name == name } }

    private static func model(_ name: String, _ change: (inout PrinterProfile) -> Void) -> PrinterProfile {
        var profile = chinese80
        profile.name = name
        change(&profile)
        return profile
    }
}
