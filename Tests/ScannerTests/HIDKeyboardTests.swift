import ScannerDriver
import Testing

@Suite struct HIDKeyboardTests {
    /// What a keyboard can type, in one scan.
    private static let everything = " !\"#$%&'()*+,-./0123456789:;<=>?@ABCXYZ[\\]^_`abcxyz{|}~"

    private func seen(_ reports: [[UInt8]]) -> [Seen] {
        var decoder = HIDKeyboardDecoder()
        return decoder.seen(reports)
    }

    @Test func `the US layout`() {
        #expect(seen(Reports.keys(Self.everything + "\n")) == [.scan(Self.everything)])
    }

    @Test func `Enter, Tab or silence end a scan; more of them are no scan`() {
        #expect(seen(Reports.keys("a\nb\tc\n\nd")) == ["a", "b", "c", "d"].map { .scan($0) })
        #expect(seen([Reports.boot([0x04]), Reports.boot([0x58])]) == [.scan("a")])
        #expect(seen([Reports.boot([0x28]), Reports.released]) == [])
    }

    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let reports: [[UInt8]]
        let seen: String
    }

    static let cases = [
        Case(testDescription: "several keys in one report", reports: [Reports.boot([0x04, 0x05, 0x06])], seen: "abc"),
        Case(
            testDescription: "keys that overlap",
            reports: [
                Reports.boot([0x04]), Reports.boot([0x04, 0x05]), Reports.boot([0x05, 0x06]), Reports.boot([0x06]),
            ],
            seen: "abc"),
        Case(
            testDescription: "releases missing",
            reports: [Reports.boot([0x04]), Reports.boot([0x05]), Reports.boot([0x04])],
            seen: "aba"),
        Case(
            testDescription: "the same report again while the key is down",
            reports: [Reports.boot([0x04]), Reports.boot([0x04]), Reports.released, Reports.boot([0x04])], seen: "aa"),
        Case(
            testDescription: "rollover",
            reports: [
                Reports.boot([0x04]), Reports.boot([1, 1, 1, 1, 1, 1]), Reports.boot([0x04, 0x05]), Reports.released,
            ], seen: "ab"),
        Case(
            testDescription: "a key twice in one report", reports: [Reports.boot([0x04, 0x04])], seen: "a"),
        Case(
            testDescription: "caps lock turns letters only",
            reports: Reports.keys("a") + [Reports.boot([0x39]), Reports.released] + Reports.keys("aA1!")
                + [Reports.boot([0x39]), Reports.released] + Reports.keys("a"), seen: "aAa1!a"),
        Case(testDescription: "right shift", reports: [Reports.boot([0x04], modifiers: 0x20)], seen: "A"),
        Case(
            testDescription: "control characters",
            reports: [
                Reports.boot([0x04]), Reports.boot([0x30], modifiers: 0x01), Reports.boot([0x23], modifiers: 0x10),
                Reports.boot([0x2D], modifiers: 0x01), Reports.boot([0x1F], modifiers: 0x03), Reports.boot([0x05]),
            ], seen: "a\u{1D}\u{1E}\u{1F}\0b"),
        Case(
            testDescription: "control and a key that has no control character",
            reports: [Reports.boot([0x04]), Reports.boot([0x1E], modifiers: 0x01)], seen: "a"),
        Case(testDescription: "keypad", reports: [Reports.boot([0x59, 0x62, 0x63, 0x54, 0x57])], seen: "10./+"),
        Case(
            testDescription: "keys that type nothing", reports: [Reports.boot([0x3A, 0x4F, 0x53, 0x04, 0xE3, 0xFF])],
            seen: "a"),
        Case(
            testDescription: "control and M is Enter",
            reports: [Reports.boot([0x04]), Reports.boot([0x10], modifiers: 0x01)], seen: "a"),
    ]

    @Test(arguments: cases)
    func `habits`(row: Case) { #expect(seen(row.reports) == [.scan(row.seen)]) }

    /// ALT with digits on the keypad, each key down and up, then ALT up.
    private static func alternate(_ digits: String, modifier: UInt8 = 0x04) -> [[UInt8]] {
        let keys = digits.utf8.flatMap { digit -> [[UInt8]] in
            let usage: UInt8 = digit == 0x30 ? 0x62 : digit - 0x31 + 0x59
            return [Reports.boot([usage], modifiers: modifier), Reports.boot([], modifiers: modifier)]
        }
        return [Reports.boot([], modifiers: modifier)] + keys + [Reports.released]
    }

    @Test func `ALT with a number is the byte of that number`() {
        #expect(
            seen(Self.alternate("65") + Self.alternate("066", modifier: 0x40) + Self.alternate("29")) == [
                .scan("AB\u{1D}")
            ])
        #expect(seen(Self.alternate("0228") + Self.alternate("0184") + Self.alternate("0173")) == [.scan("中")])
        #expect(seen(Self.alternate("54992")) == [.scan([0xD6, 0xD0], nil)])
        #expect(seen(Self.alternate("65") + Self.alternate("13") + Self.alternate("66")) == [.scan("A"), .scan("B")])
        // The next report may say at once that ALT is up and another key down.
        #expect(seen(Self.alternate("65").dropLast() + [Reports.boot([0x05])]) == [.scan("Ab")])
    }

    @Test(arguments: ["0", "65536", "123456789012345678901234567890"])
    func `ALT with a number that is no character is an error`(digits: String) {
        #expect(seen(Self.alternate(digits) + Reports.keys("a")) == [.fault(.alternateCode), .scan("a")])
    }

    @Test func `after a silence all keys are up and caps lock is off`() {
        var decoder = HIDKeyboardDecoder()
        #expect(decoder.seen([Reports.boot([0x39]), Reports.boot([0x04])]) == [.scan("A")])
        #expect(decoder.silenceMilliseconds == nil)
        #expect(decoder.seen([Reports.boot([0x04])]) == [.scan("a")])
    }

    @Test func `a caps lock that is taken back after Enter does not turn the next scan`() {
        var decoder = HIDKeyboardDecoder()
        let caps = [Reports.boot([0x39]), Reports.released]
        let scan = caps + Reports.keys("ab\n") + caps
        #expect(decoder.seen(scan) == [.scan("AB")])
        #expect(decoder.seen(scan) == [.scan("AB")])
    }

    @Test func `more keys than a symbol holds are dropped up to the end`() {
        let flood = Reports.keys(String(repeating: "ab", count: 3000) + "\nc\n")
        #expect(seen(flood) == [.fault(.tooLong), .scan("c")])
    }

    @Test(arguments: [0, 1, 7, 9, 64])
    func `a report of wrong length is an error`(count: Int) {
        #expect(seen([.init(repeating: 4, count: count)] + Reports.keys("a")) == [.fault(.wrongLength), .scan("a")])
    }

    @Test func `a keyboard that knows no boot protocol`() throws {
        let layout = try HIDKeyboardLayout(HIDReportDescriptor(Descriptors.numberedKeyboard))
        var decoder = HIDKeyboardDecoder(layout)
        #expect(
            decoder.seen([[3, 4, 5, 0], [3, 0, 0, 0], [9, 4], [3, 4, 0, 2], [3, 0x28, 0, 0]]) == [.scan("abA")])
    }
}
