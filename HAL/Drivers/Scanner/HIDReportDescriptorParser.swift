/// Walks the items of a report descriptor, HID 1.11, 6.2.2.2–6.2.2.8.
struct HIDReportDescriptorParser {
    private(set) var inputs: [HIDReportDescriptor.Field] = []
    private(set) var applications: [HIDUsage] = []
    /// Bits of each input report without its number; 0 for the one without a number.
    private(set) var reportBits: [UInt8: Int] = [:]
    private(set) var isNumbered = false

    private var global = Global()
    private var saved: [Global] = []
    private var local = Local()
    private var collections: [HIDUsage?] = []

    private static let descriptorLimit = 4096
    private static let reportLimit = 4096 * 8
    private static let depthLimit = 16
    private static let usageLimit = 512

    /// Holds until changed, 6.2.2.7.
    private struct Global {
        var page: UInt16 = 0
        var reportSize: UInt32 = 0
        var reportCount: UInt32 = 0
        var reportID: UInt8?
    }

    /// Holds for the next main item, 6.2.2.8.
    private struct Local {
        /// Their page is only known at the main item, unless they bring it.
        var usages: [(range: ClosedRange<UInt32>, isExtended: Bool)] = []
        var minimum: (usage: UInt32, isExtended: Bool)?
        /// Inside a set of alternatives only the first one counts.
        var isInSet = false
        var isSetTaken = false
    }

    mutating func parse(_ bytes: [UInt8]) throws(HIDDescriptorError) {
        guard bytes.count <= Self.descriptorLimit else {
            throw HIDDescriptorError(reason: .tooLong, offset: Self.descriptorLimit)
        }
        var offset = 0
        while offset < bytes.count {
            let prefix = bytes[offset]
            let isLong = prefix == 0xFE
            guard !isLong || offset + 1 < bytes.count else { throw HIDDescriptorError(reason: .cutOff, offset: offset) }
            let size = isLong ? Int(bytes[offset + 1]) + 2 : [0, 1, 2, 4][Int(prefix & 3)]
            guard bytes.count - offset - 1 >= size else { throw HIDDescriptorError(reason: .cutOff, offset: offset) }
            if !isLong {
                let value = bytes[offset + 1..<offset + 1 + size].reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
                do throws(Fault) {
                    switch (prefix >> 2) & 3 {
                    case 0: try takeMain(prefix >> 4, value)
                    case 1: try takeGlobal(prefix >> 4, value)
                    case 2: try takeLocal(prefix >> 4, value, isExtended: size == 4)
                    default: break
                    }
                } catch {
                    throw HIDDescriptorError(reason: error.reason, offset: offset)
                }
            }
            offset += 1 + size
        }
        guard collections.isEmpty else { throw HIDDescriptorError(reason: .unbalanced, offset: offset) }
        guard !isNumbered || reportBits[0] == nil else { throw HIDDescriptorError(reason: .reportID, offset: offset) }
    }

    /// A reason whose offset the caller knows.
    private struct Fault: Error {
        let reason: HIDDescriptorError.Reason
        init(_ reason: HIDDescriptorError.Reason) { self.reason = reason }
    }

    private mutating func takeMain(_ tag: UInt8, _ value: UInt32) throws(Fault) {
        guard !local.isInSet else { throw Fault(.unbalanced) }
        switch tag {
        case 0x8: try takeInput(flags: value)
        case 0xA:
            guard collections.count < Self.depthLimit else { throw Fault(.nestedTooDeep) }
            let usage = usages.first.map { HIDUsage(extended: $0.lowerBound) }
            if value == 1, let usage { applications.append(usage) }
            collections.append(value == 1 ? usage : collections.last ?? nil)
        case 0xC:
            guard collections.popLast() != nil else { throw Fault(.unbalanced) }
        default: break
        }
        local = Local()
    }

    private mutating func takeInput(flags: UInt32) throws(Fault) {
        let id = global.reportID ?? 0
        let start = reportBits[id] ?? 0
        let (bits, isOverflow) = global.reportSize.multipliedReportingOverflow(by: global.reportCount)
        guard !isOverflow, bits <= UInt32(Self.reportLimit), start + Int(bits) <= Self.reportLimit else {
            throw Fault(.reportTooLong)
        }
        reportBits[id] = start + Int(bits)
        guard bits > 0 else { return }
        inputs.append(
            HIDReportDescriptor.Field(
                reportID: global.reportID, bitOffset: start, bitSize: Int(global.reportSize),
                count: Int(global.reportCount), isConstant: flags & 1 != 0, isArray: flags & 2 == 0,
                application: collections.last ?? nil, usages: usages))
    }

    private mutating func takeGlobal(_ tag: UInt8, _ value: UInt32) throws(Fault) {
        switch tag {
        case 0x0: global.page = UInt16(truncatingIfNeeded: value)
        case 0x7: global.reportSize = value
        case 0x8:
            guard (1...255).contains(value) else { throw Fault(.reportID) }
            global.reportID = UInt8(value)
            isNumbered = true
        case 0x9: global.reportCount = value
        case 0xA:
            guard saved.count < Self.depthLimit else { throw Fault(.nestedTooDeep) }
            saved.append(global)
        case 0xB:
            guard let last = saved.popLast() else { throw Fault(.unbalanced) }
            global = last
        default: break
        }
    }

    private mutating func takeLocal(_ tag: UInt8, _ value: UInt32, isExtended: Bool) throws(Fault) {
        switch tag {
        case 0x0: try add(value...value, isExtended: isExtended)
        case 0x1: local.minimum = (value, isExtended)
        case 0x2:
            guard let minimum = local.minimum, minimum.usage <= value, minimum.isExtended == isExtended,
                value - minimum.usage <= 0xFFFF
            else { throw Fault(.usageRange) }
            local.minimum = nil
            try add(minimum.usage...value, isExtended: isExtended)
        case 0xA:
            guard local.isInSet == (value == 0) else { throw Fault(.unbalanced) }
            local.isInSet = value != 0
            local.isSetTaken = false
        default: break
        }
    }

    private mutating func add(_ range: ClosedRange<UInt32>, isExtended: Bool) throws(Fault) {
        guard local.usages.count < Self.usageLimit else { throw Fault(.tooManyUsages) }
        if local.isInSet && local.isSetTaken { return }
        local.isSetTaken = local.isInSet
        local.usages.append((range, isExtended))
    }

    private var usages: [ClosedRange<UInt32>] {
        let page = UInt32(global.page) << 16
        return local.usages.map { usage in
            usage.isExtended ? usage.range : page | usage.range.lowerBound...page | usage.range.upperBound
        }
    }
}
