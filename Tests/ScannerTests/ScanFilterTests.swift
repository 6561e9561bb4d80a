import HAL
import Payments
import ScannerDriver
import Testing

@Suite struct ScanFilterTests {
    private func scan(_ text: String, _ symbology: String? = nil) -> Scan {
        Scan(data: SecretBytes(Array(text.utf8)), symbology: symbology)
    }

    private func at(_ milliseconds: Int) -> Uptime { Uptime(nanoseconds: 0).advanced(milliseconds: milliseconds) }

    struct Case: Sendable, CustomTestStringConvertible {
        var testDescription: String { "\(symbology ?? "-") \(data)" }
        let data: String
        var symbology: String?
        let seen: Seen
        var prefix = ""
        var suffix = ""
        var strips = true
    }

    static let cases = [
        Case(data: "6212", seen: .scan("6212")),
        Case(data: "]Q16212", seen: .scan("6212", "]Q1")),
        Case(data: "]Q16212", symbology: "]Q1", seen: .scan("6212", "]Q1")),
        Case(data: "]Q16212", symbology: "]E0", seen: .scan("]Q16212", "]E0")),
        Case(data: "]Q16212", seen: .scan("]Q16212"), strips: false),
        Case(data: "]Q1", seen: .fault(.tooShort)),
        Case(data: "]?16212", seen: .scan("]?16212")),
        Case(data: "]Q", seen: .scan("]Q")),
        Case(data: "<6212>", seen: .scan("6212"), prefix: "<", suffix: ">"),
        Case(data: "<]Q16212", seen: .scan("6212", "]Q1"), prefix: "<"),
        Case(data: "]Q1<6212", seen: .scan("6212", "]Q1"), prefix: "<"),
        Case(data: "<<6212>>", seen: .scan("<6212>"), prefix: "<", suffix: ">"),
        Case(data: "6212", seen: .scan("6212"), prefix: "<", suffix: ">"),
        Case(data: "<>", seen: .fault(.tooShort), prefix: "<", suffix: ">"),
        Case(data: ">", seen: .fault(.tooShort), suffix: ">"),
        Case(data: #"]Q2\000026a\\b"#, seen: .scan(#"a\b"#, "]Q2")),
        Case(data: #"\000026a\\\000003b"#, symbology: "]d4", seen: .scan(#"a\b"#, "]d4")),
        Case(data: #"]Q1\000026a\\b"#, seen: .scan(#"\000026a\\b"#, "]Q1")),
        Case(data: #"]Q2a\b\12345"#, seen: .scan(#"a\b\12345"#, "]Q2")),
        Case(data: #"]Q2\"#, seen: .scan(#"\"#, "]Q2")),
        Case(data: #"]Q2\000026"#, seen: .fault(.tooShort)),
    ]

    @Test(arguments: cases)
    func `what the scanner adds is taken off`(row: Case) {
        var rules = ScanRules()
        rules.prefix = Array(row.prefix.utf8)
        rules.suffix = Array(row.suffix.utf8)
        rules.stripsIdentifier = row.strips
        var filter = ScanFilter(rules)
        #expect(Seen(filter.take(scan(row.data, row.symbology), at: at(0))) == row.seen)
    }

    @Test func `scans of a length that cannot be are left out`() {
        var rules = ScanRules()
        rules.minimumBytes = 3
        rules.maximumBytes = 5
        var filter = ScanFilter(rules)
        let seen = ["12", "123", "12345", "123456"].map { Seen(filter.take(scan($0), at: at(0))) }
        #expect(seen == [.fault(.tooShort), .scan("123"), .scan("12345"), .fault(.tooLong)])
    }

    @Test func `the same scan again counts once as long as it goes on`() {
        var filter = ScanFilter(ScanRules())
        let times = [0, 100, 1500, 2900, 4500, 4501]
        let seen = times.map { Seen(filter.take(scan("1"), at: at($0))) }
        let repeated = Seen.fault(.repeated)
        #expect(seen == [.scan("1"), repeated, repeated, repeated, .scan("1"), repeated])
        #expect(Seen(filter.take(scan("2"), at: at(4502))) == .scan("2"))
    }

    @Test func `a scan that nobody asked for can be made again`() {
        var filter = ScanFilter(ScanRules())
        #expect(Seen(filter.take(scan("1"), at: at(0), isAsked: false)) == .scan("1"))
        #expect(Seen(filter.take(scan("1"), at: at(10))) == .scan("1"))
        #expect(Seen(filter.take(scan("1"), at: at(20), isAsked: false)) == .fault(.repeated))
    }

    @Test(arguments: [
        ("]Q1", "QR Code"), ("]E0", "EAN-13"), ("]E4", "EAN-8"), ("]C0", "Code 128"), ("]C1", "GS1-128"),
        ("]d1", "Data Matrix"), ("]L0", "PDF417"), ("]z0", "Aztec Code"), ("]h0", "Han Xin Code"),
    ])
    func `symbologies have names`(identifier: String, name: String) {
        #expect(Symbology(identifier.utf8)?.name == name)
    }
}
