import HAL
import ScannerDriver
import Testing

@Suite struct SerialScanTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let bytes: [UInt8]
        let seen: [Seen]
        var suffix: [UInt8] = []
    }

    static let cases = [
        Case(testDescription: "CR", bytes: Array("ab\rcd\r".utf8), seen: [.scan("ab"), .scan("cd")]),
        Case(
            testDescription: "CR LF", bytes: Array("ab".utf8) + [13, 10] + Array("cd".utf8) + [13, 10],
            seen: [.scan("ab"), .scan("cd")]),
        Case(testDescription: "Tab", bytes: Array("ab\t".utf8), seen: [.scan("ab")]),
        Case(testDescription: "only ends", bytes: [13, 10, 9, 13], seen: []),
        Case(testDescription: "silence", bytes: Array("ab".utf8), seen: [.scan("ab")]),
        Case(
            testDescription: "STX and ETX", bytes: [2] + Array("a\rb".utf8) + [3, 13, 10, 2, 0x63, 3],
            seen: [.scan("a\rb"), .scan("c")]),
        Case(testDescription: "STX without ETX", bytes: [2, 0x61], seen: [.fault(.cutOff)]),
        Case(testDescription: "nothing between", bytes: [2, 3], seen: []),
        Case(testDescription: "binary", bytes: [0, 0xFF, 0x80, 2, 3, 13], seen: [.scan([0, 0xFF, 0x80, 2, 3], nil)]),
        Case(
            testDescription: "suffix", bytes: Array("a\rb##c###".utf8),
            seen: [.scan("a\rb"), .scan("c"), .fault(.cutOff)],
            suffix: Array("##".utf8)),
        Case(
            testDescription: "suffix missing", bytes: Array("ab#".utf8), seen: [.fault(.cutOff)],
            suffix: Array("##".utf8)),
        Case(
            testDescription: "4,296 bytes", bytes: .init(repeating: 0x41, count: 4296) + [13],
            seen: [.scan(.init(repeating: 0x41, count: 4296), nil)]),
        Case(
            testDescription: "more than a symbol holds", bytes: .init(repeating: 0x41, count: 9000) + [13, 0x62, 13],
            seen: [.fault(.tooLong), .scan("b")]),
        Case(
            testDescription: "more than a symbol holds, with suffix",
            bytes: .init(repeating: 0x41, count: 9000) + Array("##b##".utf8), seen: [.fault(.tooLong), .scan("b")],
            suffix: Array("##".utf8)),
        Case(testDescription: "without end", bytes: .init(repeating: 0x41, count: 9000), seen: [.fault(.tooLong)]),
    ]

    @Test(arguments: cases)
    func `however the bytes are cut, the scans are the same`(row: Case) {
        var rules = ScanRules()
        rules.suffix = row.suffix
        for size in [1, 2, 3, 7, 64, max(1, row.bytes.count)] {
            var decoder = SerialScanDecoder(rules: rules)
            let pieces = stride(from: 0, to: row.bytes.count, by: size).map {
                Array(row.bytes[$0..<min($0 + size, row.bytes.count)])
            }
            #expect(decoder.seen(pieces) == row.seen, "in pieces of \(size)")
            #expect(decoder.silenceMilliseconds == nil && decoder == SerialScanDecoder(rules: rules))
        }
    }
}
