import HAL
import ScannerDriver
import Testing

@Suite struct HIDReportDescriptorTests {
    @Test func `Honeywell's descriptor tells its reports`() throws {
        let descriptor = try HIDReportDescriptor(Descriptors.honeywell)
        #expect(descriptor.applications == [.barCodeScanner])
        #expect(descriptor.reportBytes(id: 2) == 64)
        #expect(descriptor.reportBytes(id: 4) == nil)
        #expect(descriptor.longestReportBytes == 64)
        let data = try #require(descriptor.inputs.first { $0.count == 56 })
        #expect(data.reportID == 2 && data.bitOffset == 40 && data.bitSize == 8)
        #expect(data.elements(HIDUsage(page: 0x8C, id: 0xFE))?.count == 56)
        let identifier = try #require(descriptor.inputs.first { $0.count == 3 })
        #expect(identifier.elements(HIDUsage(page: 0x8C, id: 0xFD)).map { [$0.bitOffset, $0.count] } == [32, 1])
        #expect(identifier.elements(HIDUsage(page: 0x8C, id: 0xFE)) == nil)
    }

    @Test func `usages bring their page, ranges count, and what was pushed is popped`() throws {
        let descriptor = try HIDReportDescriptor(Descriptors.unnumbered)
        #expect(descriptor.reportBytes(id: nil) == 62)
        #expect(
            descriptor.inputs[0].elements(HIDUsage(page: 0x01, id: 0x3B)).map { [$0.bitOffset, $0.count] } == [0, 1])
        #expect(descriptor.inputs.map(\.bitOffset) == [0, 8, 488, 489])
        let ranged = try HIDReportDescriptor(Descriptors.withoutLength)
        let last = ranged.inputs[0].elements(HIDUsage(page: 0x8C, id: 0xFD))
        #expect(last.map { [$0.bitOffset, $0.count] } == [24, 1])
    }

    @Test func `the layouts of real descriptors`() throws {
        #expect(try HIDPOSLayout(HIDReportDescriptor(Descriptors.honeywell)).reportBytes == 64)
        #expect(try HIDPOSLayout(HIDReportDescriptor(Descriptors.unnumbered)).reportID == nil)
        #expect(try HIDPOSLayout(HIDReportDescriptor(Descriptors.vendor)).reportID == 1)
        #expect(try HIDKeyboardLayout(HIDReportDescriptor(Descriptors.keyboard)) == .boot)
        #expect(throws: HIDDescriptorError(reason: .noScanData, offset: 0)) {
            try HIDPOSLayout(HIDReportDescriptor(Descriptors.keyboard))
        }
        #expect(throws: HIDDescriptorError(reason: .noKeys, offset: 0)) {
            try HIDKeyboardLayout(HIDReportDescriptor(Descriptors.mouse))
        }
    }

    @Test func `an interface is matched by what it says it is`() throws {
        func decoder(_ bytes: [UInt8]) throws -> (any ScanDecoder)? {
            try HIDReportDescriptor(bytes).scanDecoder(rules: ScanRules())
        }
        #expect(try decoder(Descriptors.honeywell) is HIDPOSDecoder)
        #expect(try decoder(Descriptors.numberedKeyboard) is HIDKeyboardDecoder)
        #expect(try decoder(Descriptors.mouse) == nil)
    }

    struct Lie: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let bytes: [UInt8]
        let reason: HIDDescriptorError.Reason
        let offset: Int
    }

    static let lies = [
        Lie(testDescription: "cut off", bytes: [0x05, 0x8C, 0x26, 0xFF], reason: .cutOff, offset: 2),
        Lie(testDescription: "long item cut off", bytes: [0xFE, 0x05, 0x00], reason: .cutOff, offset: 0),
        Lie(testDescription: "half a long item", bytes: [0xFE], reason: .cutOff, offset: 0),
        Lie(testDescription: "endless", bytes: .init(repeating: 0xB0, count: 4097), reason: .tooLong, offset: 4096),
        Lie(testDescription: "nested", bytes: .init(repeating: 0xA0, count: 40), reason: .nestedTooDeep, offset: 16),
        Lie(testDescription: "pushed", bytes: .init(repeating: 0xA4, count: 40), reason: .nestedTooDeep, offset: 16),
        Lie(testDescription: "popped", bytes: [0xB4], reason: .unbalanced, offset: 0),
        Lie(testDescription: "never begun", bytes: [0xC0], reason: .unbalanced, offset: 0),
        Lie(testDescription: "never ended", bytes: [0xA1, 0x01], reason: .unbalanced, offset: 2),
        Lie(testDescription: "alternatives never ended", bytes: [0xA9, 1, 0x81, 2], reason: .unbalanced, offset: 2),
        Lie(testDescription: "number 0", bytes: [0x85, 0x00], reason: .reportID, offset: 0),
        Lie(testDescription: "number 256", bytes: [0x86, 0x00, 0x01], reason: .reportID, offset: 0),
        Lie(
            testDescription: "first without number", bytes: [0x75, 8, 0x95, 1, 0x81, 2, 0x85, 1, 0x81, 2],
            reason: .reportID, offset: 10),
        Lie(
            testDescription: "huge", bytes: [0x75, 0x08, 0x96, 0xFF, 0xFF, 0x81, 0x02], reason: .reportTooLong,
            offset: 5),
        Lie(
            testDescription: "overflowing",
            bytes: [0x77, 0xFF, 0xFF, 0xFF, 0xFF, 0x97, 0xFF, 0xFF, 0xFF, 0xFF, 0x81, 0x02], reason: .reportTooLong,
            offset: 10),
        Lie(
            testDescription: "too much in pieces",
            bytes: [0x75, 0x08, 0x96, 0x00, 0x08, 0x81, 0x02, 0x81, 0x02, 0x81, 0x02], reason: .reportTooLong, offset: 9
        ),
        Lie(testDescription: "backwards", bytes: [0x19, 0x05, 0x29, 0x04], reason: .usageRange, offset: 2),
        Lie(testDescription: "no beginning", bytes: [0x29, 0x04], reason: .usageRange, offset: 0),
        Lie(
            testDescription: "all usages", bytes: [0x1B, 0, 0, 0, 0, 0x2B, 0xFF, 0xFF, 0xFF, 0xFF], reason: .usageRange,
            offset: 5),
        Lie(
            testDescription: "usages without end", bytes: .init(repeating: 0x08, count: 600), reason: .tooManyUsages,
            offset: 512),
    ]

    @Test(arguments: lies)
    func `a descriptor that lies is refused with its reason`(lie: Lie) {
        #expect(throws: HIDDescriptorError(reason: lie.reason, offset: lie.offset)) {
            try HIDReportDescriptor(lie.bytes)
        }
    }
}
