/// Where a keyboard's report carries modifiers and keys.
public struct HIDKeyboardLayout: Equatable, Sendable {
    /// The number of the report; nil where reports have none.
    public let reportID: UInt8?
    /// Its length, the number included.
    public let reportBytes: Int
    /// The byte of the modifier keys, control, shift, ALT and GUI of the left hand and of the right.
    let modifiers: Int
    /// The bytes of the other keys.
    let keys: Range<Int>

    private init(reportID: UInt8?, reportBytes: Int, modifiers: Int, keys: Range<Int>) {
        self.reportID = reportID
        self.reportBytes = reportBytes
        self.modifiers = modifiers
        self.keys = keys
    }

    /// The boot protocol, which every boot keyboard speaks when told to (HID 1.11, B.1).
    public static let boot = HIDKeyboardLayout(reportID: nil, reportBytes: 8, modifiers: 0, keys: 2..<8)

    /// The layout that `descriptor` tells, for a keyboard that knows no boot protocol. Throws `noKeys` if it tells none.
    public init(_ descriptor: HIDReportDescriptor) throws(HIDDescriptorError) {
        for modifiers in descriptor.inputs where modifiers.bitSize == 1 && !modifiers.isArray {
            guard let first = modifiers.elements(.firstModifierKey), first.bitOffset % 8 == 0 else { continue }
            let keys = descriptor.inputs.first {
                $0.reportID == modifiers.reportID && $0.isArray && !$0.isConstant && $0.bitSize == 8
                    && $0.bitOffset % 8 == 0 && $0.knows(HIDUsage(page: 0x07, id: 0x04))
            }
            guard let keys, let total = descriptor.reportBytes(id: modifiers.reportID) else { continue }
            self.init(
                reportID: modifiers.reportID, reportBytes: total, modifiers: first.bitOffset / 8,
                keys: keys.bitOffset / 8..<keys.bitOffset / 8 + keys.count)
            return
        }
        throw HIDDescriptorError(reason: .noKeys, offset: 0)
    }
}
