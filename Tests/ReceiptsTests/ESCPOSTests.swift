import Payments
import Receipts
import Testing
import Wire

struct ESCPOSTests {
    /// A printer's view of one value: the bytes between the label and the end of its line.
    private func printed(_ value: String) throws -> [UInt8] {
        let receipt = Receipt(lines: [.item(BilingualText("", "X"), value)])
        return ESCPOSRenderer(width: 48).render(receipt)
    }

    @Test(arguments: [
        ("AB", "4142"), ("商户", "1C26C9CCBBA71C2E"), ("a商b", "611C26C9CC1C2E62"),
        // The yen sign: A3A4 in either width, never the four-byte code that prints as 06.
        ("¥1", "1C26A3A41C2E31"), ("￥1", "1C26A3A41C2E31"),
        // Outside the two-byte area: one full-width question mark a character.
        ("\u{1F600}", "1C26A3BF1C2E"), ("\u{3400}", "1C26A3BF1C2E"),
    ])
    func `text is GB18030 in Chinese mode`(value: String, hex: String) throws {
        #expect(Hex.encode(try printed(value)).contains(hex))
    }

    @Test(arguments: [
        "\u{1B}@", "\u{1C}.", "\u{1D}V\u{0}", "\u{10}\u{4}\u{1}", "\n\r\t\u{C}", "\u{7F}", "\u{9B}\u{85}",
        "\u{1B}p\u{0}",
    ])
    func `control characters in a value are blanks`(value: String) throws {
        let blank = String(
            value.unicodeScalars.map { $0.isASCII && $0.value >= 0x20 && $0.value < 0x7F ? Character($0) : " " })
        #expect(try printed("[\(value)]") == printed("[\(blank)]"))
    }

    @Test func `marks that turn or hide text are dropped`() throws {
        #expect(try printed("a\u{202E}b\u{200B}\u{FEFF}c") == printed("abc"))
    }

    @Test func `every command in a job is one of ours`() throws {
        let merchant = ReceiptData.Merchant(
            name: "\u{1B}@evil\u{1D}V\u{1}", number: "\u{10}\u{14}1", terminal: "\u{1C}.")
        let job = ESCPOSRenderer().render(
            Receipt(try Sample.data(.approved(Sample.approved, Sample.chip()), merchant: merchant)))
        let rest = try Printed.removingCommands(job)
        #expect(rest.allSatisfy { $0 == 0x0A || $0 >= 0x20 && $0 != 0x7F })
        #expect(job.starts(with: [0x1B, 0x40, 0x1C, 0x2E]))
        #expect(job.suffix(4) == [0x1D, 0x56, 0x42, 0x03])
    }
}
