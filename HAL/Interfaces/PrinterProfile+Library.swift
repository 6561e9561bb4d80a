extension PrinterProfile {
    /// A printer of which nothing is known, on 80 mm paper: text in ASCII, everything else as pictures.
    public static let generic80 = epson("generic-80", symbols: .picture, status: .realTime)
    /// The same on 58 mm paper, without a cutter.
    public static let generic58 = small(generic80, "generic-58")
    /// A printer for the Chinese market on 80 mm paper, the most common model on a counter there.
    public static let chinese80 = chinese("chinese-80")
    /// The same on 58 mm paper, without a cutter.
    public static let chinese58 = small(chinese80, "chinese-58")

    /// Every model that is known. A model's own entry goes before those of its kind.
    ///
    /// Epson's and Star's models for other markets have no Chinese font; what Epson sells in China has, and is configured as
    /// `epson-tm-t88-china` or `epson-tm-t20-china`, since its device id is the same.
    public static let library: [PrinterProfile] = [
        generic80, generic58, chinese80, chinese58,
        epson("epson-tm-t88", dots: 512, columns: 42), epson("epson-tm-t88-48"),
        epson("epson-tm-t88-china", chinese: .gb18030), epson("epson-tm-t20"),
        epson("epson-tm-t20-china", chinese: .gb18030), epson("epson-tm-m30"),
        epson("star-escpos", status: .realTime), epson("bixolon-srp-350"),
        chinese("xprinter-xp-80"), small(chinese80, "xprinter-xp-58"), chinese("gprinter-80"),
        small(chinese80, "gprinter-58"), chinese("sprt-80", chinese: .gb18030), small(chinese80, "sprt-58"),
        small(chinese80, "zjiang-zj-58"), chinese("zjiang-zj-80"),
        chinese("snbc-btp", chinese: .gb18030, status: .automatic),
    ]

    /// The profile of this name, nil if there is none.
    public static func named(_ name: String) -> PrinterProfile? { library.first { $0.name == name } }

    /// The profile of the printer that calls itself so (its IEEE 1284 device id, `MFG:EPSON;MDL:TM-T88V;CMD:ESC/POS;`); nil for
    /// one that is not known.
    public static func matching(deviceID: String) -> PrinterProfile? {
        let id = PrinterDeviceID(deviceID)
        let maker = id.manufacturer.uppercased()
        let model = id.model.uppercased()
        // A printer that names its languages and not ours cannot be driven.
        guard id.commandSet.isEmpty || id.commandSet.uppercased().contains("ESC") else { return nil }
        guard let sign = signs.first(where: { maker.hasPrefix($0.maker) && model.contains($0.model) }) else {
            return nil
        }
        return named(sign.profile)
    }

    /// How models are told: the beginning of the maker's name, a part of the model's, in capitals; the first that fits.
    private static let signs: [(maker: String, model: String, profile: String)] = [
        ("EPSON", "TM-T88", "epson-tm-t88"),
        ("EPSON", "TM-T20", "epson-tm-t20"),
        ("EPSON", "TM-T82", "epson-tm-t20"), ("EPSON", "TM-M30", "epson-tm-m30"),
        ("STAR", "", "star-escpos"), ("BIXOLON", "SRP-", "bixolon-srp-350"),
        ("XPRINTER", "58", "xprinter-xp-58"), ("XPRINTER", "", "xprinter-xp-80"),
        ("", "XP-58", "xprinter-xp-58"), ("", "XP-80", "xprinter-xp-80"),
        ("GPRINTER", "58", "gprinter-58"), ("GPRINTER", "", "gprinter-80"), ("", "GP-58", "gprinter-58"),
        ("", "GP-80", "gprinter-80"), ("SPRT", "58", "sprt-58"), ("SPRT", "", "sprt-80"),
        ("ZJIANG", "80", "zjiang-zj-80"), ("ZJIANG", "", "zjiang-zj-58"), ("", "ZJ-58", "zjiang-zj-58"),
        ("", "ZJ-80", "zjiang-zj-80"), ("SNBC", "", "snbc-btp"), ("", "BTP-", "snbc-btp"),
        ("", "POS58", "chinese-58"), ("", "POS-58", "chinese-58"), ("", "POS80", "chinese-80"),
        ("", "POS-80", "chinese-80"),
    ]

    /// Paper of 80 mm, ESC/POS as Epson defined it, no Chinese but where it says so.
    private static func epson(
        _ name: String, dots: Int = 576, columns: Int = 48, chinese: Chinese = .none, symbols: Symbols = .command,
        status: StatusReport = .automatic
    ) -> PrinterProfile {
        PrinterProfile(
            name: name, dots: dots, columns: columns, chinese: chinese, startsInChinese: chinese != .none,
            symbols: symbols, cutter: .partial, status: status, opensDrawer: true)
    }

    /// Paper of 80 mm, and a Chinese font that is on when the printer wakes up.
    private static func chinese(
        _ name: String, chinese: Chinese = .gbk, status: StatusReport = .realTime
    ) -> PrinterProfile {
        PrinterProfile(
            name: name, dots: 576, columns: 48, chinese: chinese, startsInChinese: true, symbols: .command,
            cutter: .partial, status: status, opensDrawer: true)
    }

    /// The same for paper of 58 mm, torn off by hand.
    private static func small(_ profile: PrinterProfile, _ name: String) -> PrinterProfile {
        var profile = profile
        profile.name = name
        profile.dots = 384
        profile.columns = 32
        profile.cutter = .none
        return profile
    }
}
