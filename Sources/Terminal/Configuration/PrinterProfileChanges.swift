public import HAL

/// In what a printer differs from its model, as the configuration says it. What is nil is as the model's.
public struct PrinterProfileChanges: Equatable, Sendable, Decodable {
    var columns: Int?
    var dots: Int?
    var chinese: PrinterProfile.Chinese?
    var startsInChinese: Bool?
    var symbols: PrinterProfile.Symbols?
    var cutter: PrinterProfile.Cutter?
    var status: PrinterProfile.StatusReport?
    var opensDrawer: Bool?

    private enum CodingKeys: String, CodingKey {
        case columns, dots, chinese, startsInChinese, symbols, cutter, status, opensDrawer
    }

    /// No change.
    public init() {}

    /// Reads the abilities that are named.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.strictContainer(keyedBy: CodingKeys.self)
        func choice<Value: CaseIterable & RawRepresentable<String>>(_ key: CodingKeys) throws -> Value? {
            try container.contains(key) ? container.choice(key) : nil
        }
        columns = try container.contains(.columns) ? container.number(.columns, in: 24...64) : nil
        dots = try container.contains(.dots) ? container.number(.dots, in: 192...832) : nil
        guard dots.map({ $0 % 8 == 0 }) ?? true else { throw container.invalid(.dots, "must be a multiple of 8") }
        chinese = try choice(.chinese)
        startsInChinese = try container.decodeIfPresent(Bool.self, forKey: .startsInChinese)
        symbols = try choice(.symbols)
        cutter = try choice(.cutter)
        status = try choice(.status)
        opensDrawer = try container.decodeIfPresent(Bool.self, forKey: .opensDrawer)
    }

    /// The model with these changes.
    public func applied(to model: PrinterProfile) -> PrinterProfile {
        var profile = model
        profile.columns = columns ?? model.columns
        profile.dots = dots ?? model.dots
        profile.chinese = chinese ?? model.chinese
        profile.startsInChinese = startsInChinese ?? model.startsInChinese
        profile.symbols = symbols ?? model.symbols
        profile.cutter = cutter ?? model.cutter
        profile.status = status ?? model.status
        profile.opensDrawer = opensDrawer ?? model.opensDrawer
        return profile
    }

    /// The names of what is changed.
    var names: [String] {
        [
            ("columns", columns != nil), ("dots", dots != nil), ("chinese", chinese != nil),
            ("startsInChinese", startsInChinese != nil), ("symbols", symbols != nil), ("cutter", cutter != nil),
            ("status", status != nil), ("opensDrawer", opensDrawer != nil),
        ].filter(\.1).map(\.0)
    }
}
