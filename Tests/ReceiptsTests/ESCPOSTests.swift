import HAL
import Payments
import Raster
import Receipts
import Testing
import Wire

struct ESCPOSTests {
    /// A printer's view of one value: the bytes between the label and the end of its line.
    private func printed(_ value: String, _ chinese: PrinterProfile.Chinese = .gbk) -> [UInt8] {
        var profile = PrinterProfile.chinese80
        profile.chinese = chinese
        return ESCPOSRenderer(profile: profile).render(Receipt(lines: [.item(BilingualText("", "X"), value)]))
    }

    @Test(arguments: [
        ("AB", "4142"), ("商户", "1C26C9CCBBA71C2E"), ("a商b", "611C26C9CC1C2E62"),
        // The yen sign: A3A4 in either width, never the four-byte code that prints as 06.
        ("¥1", "1C26A3A41C2E31"), ("￥1", "1C26A3A41C2E31"),
    ])
    func `text is GB18030 in Chinese mode`(value: String, hex: String) {
        #expect(Hex.encode(printed(value)).contains(hex))
    }

    /// Which characters a printer has, by the code that each has in GB 18030: D8BC is 丶, one of GBK alone is 8140, of GB
    /// 18030 alone A2E3 and the four-byte ones.
    @Test(arguments: [
        ("丶", PrinterProfile.Chinese.gb2312, true), ("丂", .gb2312, false), ("丂", .gbk, true), ("ⅰ", .gb2312, false),
        ("①", .gb2312, true), ("ⅰ", .gbk, true), ("€", .gbk, false), ("€", .gb18030, true), ("\u{3400}", .gbk, false),
        ("\u{3400}", .gb18030, true), ("\u{20000}", .gb18030, true), ("\u{1F600}", .gbk, false), ("A", .none, true),
        ("国", .none, false), ("é", .gb2312, true), ("e\u{301}", .gb2312, false), ("ש", .gbk, false),
    ])
    func `what the printer does not have goes as a picture`(
        text: String, chinese: PrinterProfile.Chinese, isText: Bool
    ) throws {
        let elements = try Printed.elements(printed(text, chinese))
        let pictures = elements.contains { if case .picture = $0 { true } else { false } }
        #expect(pictures != isText)
        let own = try #require(GB18030.encode(text))
        #expect(elements.contains { if case .text(let bytes) = $0 { bytes.ends(with: own) } else { false } } == isText)
    }

    /// A picture of one row is as wide as the columns, and 30 dots high; a tall one 54.
    @Test func `pictures are rows of the paper`() throws {
        let receipt = Receipt(lines: [
            .item(BilingualText("", "X"), "😀"), .emphasis(BilingualText("", "X"), "😀"), .note(BilingualText("", "")),
        ])
        let sizes = try Printed.elements(ESCPOSRenderer(profile: .chinese58).render(receipt)).compactMap {
            if case .picture(let across, let rows, _) = $0 { [across, rows] } else { nil }
        }
        #expect(sizes == [[48, 30], [48, 54]])
    }

    @Test(arguments: [
        "\u{1B}@", "\u{1C}.", "\u{1D}V\u{0}", "\u{10}\u{4}\u{1}", "\n\r\t\u{C}", "\u{7F}", "\u{9B}\u{85}",
        "\u{1B}p\u{0}",
    ])
    func `control characters in a value are blanks`(value: String) {
        let blank = String(
            value.unicodeScalars.map { $0.isASCII && $0.value >= 0x20 && $0.value < 0x7F ? Character($0) : " " })
        #expect(printed("[\(value)]") == printed("[\(blank)]"))
    }

    @Test func `marks that turn or hide text are dropped`() {
        #expect(printed("a\u{202E}b\u{200B}\u{FEFF}c\u{FE0F}\u{1F3FD}") == printed("abc"))
    }

    @Test func `printers without Chinese get no command of it`() throws {
        let receipt = Receipt(try Sample.data(.approved(Sample.approved, Sample.chip())))
        let elements = try Printed.elements(ESCPOSRenderer(profile: .generic80).render(receipt))
        #expect(
            !elements.contains {
                switch $0 {
                case .chineseOn, .chineseOff, .chineseSize: true
                default: false
                }
            })
    }

    /// The font's package is not there: every printer prints, and what it prints is text.
    @Test(arguments: [PrinterProfile.generic80, .chinese58]) func `receipts need no font`(profile: PrinterProfile)
        throws
    {
        let none = Typeface(fonts: [])
        let merchant = ReceiptData.Merchant(name: "😀e\u{301}馆", number: "1", terminal: "2")
        let receipt = Receipt(try Sample.data(.approved(Sample.approved, Sample.chip()), merchant: merchant))
        let job = ESCPOSRenderer(profile: profile, typeface: none).render(receipt)
        let text = try Printed.elements(job).reduce(into: [UInt8]()) { bytes, element in
            switch element {
            case .text(let more): bytes += more
            case .picture: Issue.record("a picture")
            default: break
            }
        }
        let printed = try #require(GB18030.decode(text))
        #expect(printed.contains(profile.chinese == .none ? " ??e??" : "？e馆"))
        #expect(printed.contains("AMOUNT") && printed.contains("金额") == (profile.chinese != .none))
        #expect(throws: RasterError.self) { try PictureRenderer(typeface: none).render(receipt) }
    }

    /// A configuration that claims more columns than there are dots for.
    @Test func `nothing is wider than the dots`() throws {
        var profile = PrinterProfile.chinese58
        profile.columns = 48
        let receipt = Receipt(lines: [.rule])
        #expect(
            ESCPOSRenderer(profile: profile).render(receipt) == ESCPOSRenderer(profile: .chinese58).render(receipt))
    }

    @Test func `a symbol is a command or a picture`() throws {
        let receipt = Receipt(lines: [.symbol("https://e.example/1", BilingualText("码", "CODE"))])
        var profile = PrinterProfile.chinese80
        let data = Array("1P0https://e.example/1".utf8)
        #expect(try Printed.elements(ESCPOSRenderer(profile: profile).render(receipt)).contains(.symbol(data)))
        profile.symbols = .picture
        let elements = try Printed.elements(ESCPOSRenderer(profile: profile).render(receipt))
        let rows = elements.reduce(0) { if case .picture(72, let rows, _) = $1 { $0 + rows } else { $0 } }
        // Version 2 holds 26 bytes: 25 modules and the quiet zone, of 6 dots.
        #expect(rows == (25 + 8) * 6)
    }

    @Test(arguments: [
        (PrinterProfile.Cutter.none, Printed.Element.feed(5)), (.partial, .cut(66)), (.full, .cut(65)),
    ])
    func `the paper is cut as the profile says`(cutter: PrinterProfile.Cutter, last: Printed.Element) throws {
        var profile = PrinterProfile.chinese80
        profile.cutter = cutter
        #expect(try Printed.elements(ESCPOSRenderer(profile: profile).render(Receipt(lines: [.rule]))).last == last)
    }

    @Test func `a repeated document says that it is a duplicate`() throws {
        let data = try Sample.data(.approved(Sample.approved, Sample.chip()))
        let document = ReceiptDocument(name: "receipt", [Receipt(data), Receipt(data)])
        let again = try Sample.data(.approved(Sample.approved, Sample.chip()), reprint: true)
        let renderer = ESCPOSRenderer(profile: .chinese80)
        #expect(document.bytes(for: .chinese80, isRepeat: false) == renderer.render(Receipt(data)) * 2)
        #expect(document.bytes(for: .chinese80, isRepeat: true) == renderer.render(Receipt(again)) * 2)
        #expect(Receipt(again).duplicate == Receipt(again))
    }
}

private func * (bytes: [UInt8], times: Int) -> [UInt8] { (0..<times).flatMap { _ in bytes } }

extension [UInt8] {
    fileprivate func ends(with other: [UInt8]) -> Bool { suffix(other.count).elementsEqual(other) }
}
