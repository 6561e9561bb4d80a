import ScannerDriver
import Testing

@Suite struct HIDPOSTests {
    private func decoder(_ descriptor: [UInt8] = Descriptors.honeywell) throws -> HIDPOSDecoder {
        HIDPOSDecoder(try HIDPOSLayout(HIDReportDescriptor(descriptor)))
    }

    private static let payment = Array(
        ("https://qr.95516.com/00010000/" + String(repeating: "0123456789", count: 20)).utf8)

    @Test func `one report, one scan`() throws {
        var decoder = try decoder()
        #expect(
            decoder.seen([Reports.honeywell(Array("5901234123457".utf8), "]E0")]) == [.scan("5901234123457", "]E0")])
        #expect(decoder.silenceMilliseconds == nil)
    }

    @Test func `a long symbol comes in several reports`() throws {
        var decoder = try decoder()
        let reports = Reports.honeywell(whole: Self.payment)
        #expect(reports.count == 5)
        #expect(decoder.seen(reports + reports) == [.scan(Self.payment, "]Q1"), .scan(Self.payment, "]Q1")])
    }

    @Test func `binary data stays as it is`() throws {
        var decoder = try decoder()
        let binary = (0..<300).map { UInt8(truncatingIfNeeded: $0) } + [0, 0, 0]
        #expect(decoder.seen(Reports.honeywell(whole: binary)) == [.scan(binary, "]Q1")])
    }

    @Test func `a scan whose rest does not come is dropped`() throws {
        var decoder = try decoder()
        let reports = Reports.honeywell(whole: Self.payment)
        #expect(decoder.seen(Array(reports.dropLast()), thenSilence: false) == [])
        #expect(decoder.silenceMilliseconds == 500)
        #expect(decoder.silence().map(Seen.init) == .fault(.cutOff))
        #expect(decoder.silence() == nil)
        #expect(decoder.seen([Reports.honeywell([0x31])]) == [.scan("1", "]Q1")])
    }

    @Test func `the largest symbol fits, a larger one is dropped up to its end`() throws {
        var decoder = try decoder()
        let largest = [UInt8](repeating: 0x41, count: 4296)
        #expect(decoder.seen(Reports.honeywell(whole: largest)) == [.scan(largest, "]Q1")])
        let larger = Reports.honeywell(whole: [UInt8](repeating: 0x41, count: 6000))
        #expect(decoder.seen(larger + [Reports.honeywell([0x31])]) == [.fault(.tooLong), .scan("1", "]Q1")])
        let endless = [[UInt8]](repeating: Reports.honeywell([UInt8](repeating: 1, count: 56), more: true), count: 500)
        #expect(decoder.seen(endless) == [.fault(.tooLong)])
    }

    @Test(arguments: [0, 1, 2, 63, 65, 4096])
    func `a report of wrong length is an error and ends what was begun`(count: Int) throws {
        var decoder = try decoder()
        var wrong = [UInt8](repeating: 0, count: count)
        if count > 0 { wrong[0] = 2 }
        let begun = Reports.honeywell([0x31], more: true)
        #expect(decoder.seen([begun, wrong, Reports.honeywell([0x32])]) == [.fault(.wrongLength), .scan("2", "]Q1")])
    }

    @Test func `a length that the report has no room for is an error`() throws {
        var decoder = try decoder()
        var lying = Reports.honeywell([0x31])
        lying[1] = 57
        #expect(decoder.seen([lying, Reports.honeywell([0x32])]) == [.fault(.lengthField), .scan("2", "]Q1")])
    }

    @Test func `other reports and empty ones are no scans`() throws {
        var decoder = try decoder()
        #expect(decoder.seen([[0xFD, 1, 2], Reports.honeywell([]), [0xFE]]) == [])
    }

    @Test(arguments: ["\0\0\0", "ABC", "]\u{1}\u{2}", "]Q\0", "]?1"])
    func `what is no AIM identifier is left out`(identifier: String) throws {
        var decoder = try decoder()
        #expect(decoder.seen([Reports.honeywell([0x31], identifier)]) == [.scan("1")])
    }

    @Test func `reports without number, identifier or length`() throws {
        var unnumbered = try decoder(Descriptors.unnumbered)
        func report(_ text: String, more: Bool) -> [UInt8] {
            [UInt8(text.utf8.count)] + Array(text.utf8) + [UInt8](repeating: 0, count: 60 - text.utf8.count)
                + [more ? 1 : 0xFE]
        }
        #expect(unnumbered.seen([report("ab", more: true), report("cd", more: false)]) == [.scan("abcd")])

        var zeroEnded = try decoder(Descriptors.withoutLength)
        func part(_ data: [UInt8], more: Bool) -> [UInt8] {
            [7] + Array("]d1".utf8) + data + [UInt8](repeating: 0, count: 32 - data.count) + [more ? 1 : 0]
        }
        let whole = [UInt8](repeating: 0x61, count: 31) + [0]
        #expect(zeroEnded.seen([part(whole, more: true), part([0x62], more: false)]) == [.scan(whole + [0x62], "]d1")])
        #expect(zeroEnded.seen([part([], more: false)]) == [])
    }

    @Test(arguments: [Descriptors.vendor, Descriptors.opaque])
    func `a maker's own fields: a full report goes on until one is not full, or nothing comes`(descriptor: [UInt8])
        throws
    {
        var decoder = try decoder(descriptor)
        func report(_ data: [UInt8]) -> [UInt8] {
            [1, UInt8(data.count)] + data + [UInt8](repeating: 0, count: 62 - data.count)
        }
        let full = [UInt8](repeating: 0x61, count: 62)
        #expect(decoder.seen([report([0x31])], thenSilence: false) == [.scan("1")])
        #expect(decoder.seen([report(full), report([0x62])], thenSilence: false) == [.scan(full + [0x62], nil)])
        #expect(decoder.seen([report(full)]) == [.scan(full, nil)])
        #expect(decoder.seen([[1, 63] + full]) == [.fault(.lengthField)])
    }
}
