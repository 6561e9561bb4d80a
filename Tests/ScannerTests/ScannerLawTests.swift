import HAL
import ScannerDriver
import Testing

/// Nothing that a scanner may say traps, and every decoder finds its way back to the next scan.
@Suite struct ScannerLawTests {
    /// Reads it and feeds what can be read.
    private func exercise(_ bytes: [UInt8], _ random: inout Seeded) {
        guard let descriptor = try? HIDReportDescriptor(bytes) else { return }
        _ = try? HIDKeyboardLayout(descriptor)
        guard var decoder = try? descriptor.scanDecoder(rules: ScanRules()) else { return }
        for _ in 0..<8 {
            var report = random.bytes(descriptor.longestReportBytes)
            if let id = descriptor.inputs.last?.reportID, !report.isEmpty { report[0] = id }
            _ = decoder.seen([report, random.bytes(Int.random(in: 0...70, using: &random))])
        }
    }

    @Test(arguments: Descriptors.all)
    func `every prefix of a descriptor, and every flipped bit`(bytes: [UInt8]) {
        var random = Seeded(state: 1)
        for count in 0..<bytes.count {
            // Cut off once the collection has begun, it is refused.
            if count >= 6 {
                #expect(throws: HIDDescriptorError.self) { try HIDReportDescriptor(Array(bytes.prefix(count))) }
            }
            exercise(Array(bytes.prefix(count)), &random)
            for bit in 0..<8 {
                var flipped = bytes
                flipped[count] ^= 1 << bit
                exercise(flipped, &random)
            }
        }
    }

    @Test func `random descriptors`() {
        var random = Seeded(state: 2)
        let items: [UInt8] = [
            0x05, 0x06, 0x09, 0x0A, 0x0B, 0x19, 0x29, 0x75, 0x95, 0x96, 0x85, 0x81, 0x81, 0xA1, 0xC0, 0xA4, 0xB4, 0xA9,
            0xFE,
        ]
        for _ in 0..<20_000 {
            var bytes: [UInt8] = [0x05, 0x8C, 0x09, 0x02, 0xA1, 0x01]
            for _ in 0..<Int.random(in: 0...20, using: &random) {
                bytes.append(items.randomElement(using: &random) ?? 0)
                bytes.append(UInt8.random(in: 0...255, using: &random) & (Bool.random(using: &random) ? 0x0F : 0xFF))
            }
            exercise(bytes + [0xC0], &random)
        }
    }

    @Test func `random reports leave nothing behind that spoils the next scan`() throws {
        var random = Seeded(state: 3)
        var scanner = HIDPOSDecoder(try HIDPOSLayout(HIDReportDescriptor(Descriptors.honeywell)))
        var keyboard = HIDKeyboardDecoder()
        var serial = SerialScanDecoder()
        for _ in 0..<2000 {
            let count = Bool.random(using: &random) ? 64 : Int.random(in: 0...70, using: &random)
            var report = random.bytes(count)
            if !report.isEmpty && Bool.random(using: &random) { report[0] = 2 }
            _ = scanner.seen([report])
            #expect(scanner.seen([Reports.honeywell([0x31])]) == [.scan("1", "]Q1")])
            _ = keyboard.seen((0..<4).map { _ in random.bytes(8) })
            #expect(keyboard.seen(Reports.keys("1\n")) == [.scan("1")])
            _ = serial.seen([random.bytes(count)])
            #expect(serial.seen([[0x31, 0x0D]]) == [.scan("1")])
        }
    }

    @Test func `random bytes give the same scans however they are cut`() {
        var random = Seeded(state: 4)
        for suffix in [[], [0x23, 0x23], [0x0D]] as [[UInt8]] {
            var rules = ScanRules()
            rules.suffix = suffix
            for _ in 0..<300 {
                let alphabet: [UInt8] = [2, 3, 9, 10, 13, 0x23, 0x31, 0x32, 0, 0xFF]
                let bytes = (0..<200).map { _ in alphabet.randomElement(using: &random) ?? 0 }
                var whole = SerialScanDecoder(rules: rules)
                var single = SerialScanDecoder(rules: rules)
                #expect(whole.seen([bytes]) == single.seen(bytes.map { [$0] }))
            }
        }
    }

    @Test func `what prints a decoder or a scan shows nothing of its content`() throws {
        var scanner = HIDPOSDecoder(try HIDPOSLayout(HIDReportDescriptor(Descriptors.honeywell)))
        var keyboard = HIDKeyboardDecoder()
        var serial = SerialScanDecoder()
        _ = scanner.take(Reports.honeywell([0x37, 0x37, 0x37], more: true))
        _ = Reports.keys("777").map { keyboard.take($0) }
        let results = serial.take([0x37, 0x37, 0x37, 0x0D, 0x37, 0x37, 0x37])
        var dumped = ""
        dump(scanner, to: &dumped)
        dump(keyboard, to: &dumped)
        dump(serial, to: &dumped)
        dump(results, to: &dumped)
        dumped += "\(scanner) \(keyboard) \(serial) \(results)"
        for secret in ["777", "55, 55", "55\n"] { #expect(!dumped.contains(secret)) }
    }
}
