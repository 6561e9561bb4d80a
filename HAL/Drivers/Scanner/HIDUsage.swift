/// What a field or a collection of a HID report is for: a number on a usage page (HID Usage Tables).
public struct HIDUsage: Hashable, Sendable {
    /// The usage page, 0x8C for bar code scanners.
    public let page: UInt16
    /// The number on that page.
    public let id: UInt16

    /// Number `id` on `page`.
    public init(page: UInt16, id: UInt16) {
        self.page = page
        self.id = id
    }

    /// A bar code scanner (HID Point of Sale Usage Tables 1.02, 3.1).
    public static let barCodeScanner = HIDUsage(page: 0x8C, id: 0x02)
    /// A keyboard, which is also what a scanner in keyboard mode says of itself.
    public static let keyboard = HIDUsage(page: 0x01, id: 0x06)

    /// How many bytes of decoded data this report carries.
    static let byteCount = HIDUsage(page: 0x01, id: 0x3B)
    /// The three characters of the AIM identifier.
    static let symbologyIdentifiers = (0xFB...0xFD).map { HIDUsage(page: 0x8C, id: $0) }
    static let decodedData = HIDUsage(page: 0x8C, id: 0xFE)
    /// Set while the next report carries more of the same scan.
    static let decodedDataContinued = HIDUsage(page: 0x8C, id: 0xFF)
    static let firstModifierKey = HIDUsage(page: 0x07, id: 0xE0)

    /// Page and number as the descriptor's four-byte usages write them.
    var extended: UInt32 { UInt32(page) << 16 | UInt32(id) }

    init(extended: UInt32) {
        self.init(page: UInt16(truncatingIfNeeded: extended >> 16), id: UInt16(truncatingIfNeeded: extended))
    }
}
