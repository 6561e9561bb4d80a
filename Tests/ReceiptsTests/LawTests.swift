import HAL
import Payments
import Receipts
import Testing
import Wire

/// What holds for every text, whoever wrote it.
struct LawTests {
    private static let seeds = UInt64(1)...15

    private func lines(_ random: inout Hostile) -> [Receipt.Line] {
        func words() -> BilingualText { BilingualText(random.text(), random.text(4)) }
        return [
            .heading(words()), .item(words(), random.text()), .emphasis(words(), random.text()), .rule, .ruler,
            .technical([.init(random.text(2), random.text()), .init(random.text(2), random.text(3))]),
            .note(words()), .signature(words()), .item(words(), words()),
        ]
    }

    @Test(arguments: seeds) func `nothing overflows`(seed: UInt64) {
        var random = Hostile(seed: seed)
        let receipt = Receipt(lines: lines(&random) + [.symbol(random.text(), BilingualText("码", random.text()))])
        for width in 24...64 {
            for language in ReceiptLanguage.allCases {
                let text = TextRenderer(width: width, language: language).render(receipt)
                for row in text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false) {
                    #expect(Printed.width(String(row)) <= width)
                }
            }
        }
    }

    /// However long the name beside it is, an amount ends at the right edge.
    @Test(arguments: seeds) func `amounts stay aligned`(seed: UInt64) throws {
        var random = Hostile(seed: seed)
        let receipt = Receipt(lines: [.emphasis(BilingualText(random.text(), random.text()), "RMB 12345678.90")])
        for width in 24...64 {
            let rows = TextRenderer(width: width).render(receipt).unicodeScalars.split(separator: "\n").map(String.init)
            let last = try #require(rows.last)
            #expect(last.hasSuffix("RMB 12345678.90") && Printed.width(last) == width)
        }
    }

    /// A printer's own parser finds the commands of a receipt, no other, whatever the texts say.
    @Test(arguments: seeds) func `no text is a command`(seed: UInt64) throws {
        var random = Hostile(seed: seed)
        let receipt = Receipt(lines: lines(&random))
        for var profile in PrinterProfile.library {
            profile.cutter = .partial
            for language in ReceiptLanguage.allCases {
                let elements = try Printed.elements(
                    ESCPOSRenderer(profile: profile, language: language).render(receipt))
                #expect(elements.first == .initialize && elements.last == .cut(66))
                let rows = TextRenderer(width: profile.columns, language: language).render(receipt)
                    .unicodeScalars.count { $0 == "\n" }
                #expect(elements.count { $0 == .lineFeed || isPicture($0) } == rows)
                try check(Array(elements.dropFirst().dropLast()), profile)
            }
        }
    }

    private func isPicture(_ element: Printed.Element) -> Bool { if case .picture = element { true } else { false } }

    private func check(_ elements: [Printed.Element], _ profile: PrinterProfile) throws {
        var isChinese = false
        for element in elements {
            switch element {
            case .chineseOn: isChinese = true
            case .chineseOff: isChinese = false
            case .lineFeed: #expect(!isChinese)
            case .latinSize(let size): #expect(size <= 1)
            case .chineseSize(let size): #expect(size == 0 || size == 8)
            case .picture(let across, let rows, _):
                #expect(across * 8 >= profile.columns * 12 && [30, 54].contains(rows))
            case .text(let bytes):
                #expect(!bytes.contains(0x7F))
                #expect(
                    isChinese
                        ? GB18030.decode(bytes)?.allSatisfy { !$0.isASCII } == true : bytes.allSatisfy { $0 < 0x7F })
            case .initialize, .feed, .cut, .align, .symbol: Issue.record("\(element) in the middle")
            }
        }
    }

    /// What a symbol says is its data and nothing else.
    @Test(arguments: seeds) func `no symbol is a command`(seed: UInt64) throws {
        var random = Hostile(seed: seed)
        let receipt = Receipt(lines: [.symbol(random.text(40), BilingualText("码", "CODE"))])
        for profile in PrinterProfile.library {
            for element in try Printed.elements(ESCPOSRenderer(profile: profile).render(receipt)) {
                guard case .symbol(let data) = element, data.starts(with: Array("1P0".utf8)) else { continue }
                #expect(data.allSatisfy { $0 >= 0x20 && $0 != 0x7F } && data.count <= 303)
            }
        }
    }

    /// The tags of a page are the same for every text; so no text has brought one.
    @Test(arguments: seeds) func `no text is a tag`(seed: UInt64) {
        var random = Hostile(seed: seed)
        let words = (0..<4).map { _ in (random.text() + "<", random.text() + "\"") }
        func page(_ text: (Int) -> BilingualText) -> [Substring] {
            let receipt = Receipt(lines: [
                .heading(text(0)), .item(text(1), text(2).chinese), .emphasis(text(2), text(3)), .note(text(0)),
                .signature(text(1)), .technical([.init(text(2).english, text(3).chinese)]), .rule,
            ])
            let html = HTMLRenderer().render(receipt, title: text(3).english)
            return html.split(separator: "<").map { $0.prefix { $0 != ">" } }
        }
        #expect(page { BilingualText(words[$0].0, words[$0].1) } == page { _ in BilingualText("甲", "A") })
    }
}
