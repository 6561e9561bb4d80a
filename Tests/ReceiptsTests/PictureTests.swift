import Payments
import Raster
import Receipts
import Testing

/// Pictures are held dot by dot. What differs is shown by `RECORD=1` and a look at both files.
struct PictureTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let name: String
        let width: Int
        let language: ReceiptLanguage
        let make: @Sendable () throws -> Receipt
        var testDescription: String { "\(name).\(width)" }

        init(
            _ name: String, width: Int = 48, _ language: ReceiptLanguage = .both,
            _ make: @escaping @Sendable () throws -> Receipt
        ) {
            self.name = name
            self.width = width
            self.language = language
            self.make = make
        }

        /// One of the receipts whose text is held too.
        init(of name: String, width: Int = 48) {
            self.init(name, width: width) { try #require(ReceiptTests.cases.first { $0.name == name }).make() }
        }
    }

    static let cases: [Case] = [
        Case(of: "approved-merchant"), Case(of: "approved-merchant", width: 32),
        Case(of: "signature-bank", width: 32), Case(of: "tap-small-amount-merchant"), Case(of: "settlement-differing"),
        Case(of: "totals", width: 32), Case(of: "parameters", width: 32), Case(of: "failed"),
        Case(of: "e-receipt-customer", width: 32), Case(of: "test-page"),
        Case("english-alone", width: 32, .english) { try approved() },
        Case("chinese-alone", width: 32, .chinese) { try approved() },
        Case("long-names", width: 32) {
            try approved("北京市朝阳区三里屯街道工人体育场北路天意餐饮管理有限公司第一分公司 TIANYI RESTAURANT BEIJING")
        },
        Case("other-scripts", width: 32) {
            Receipt(lines: [
                .heading(BilingualText("各国文字 😀", "ALL SCRIPTS")),
                .item(BilingualText("希伯来", "HEBREW"), "קפה 24 בוקר"), .item(BilingualText("阿拉伯", "ARABIC"), "مقهى"),
                .item(BilingualText("表情", "EMOJI"), "👩‍🍳☕️🍜👍🏽"), .item(BilingualText("重音", "MARKS"), "Cafe\u{301} Ñandú"),
                .item(BilingualText("扩展", "EXTENSION A"), "㐀㐁䶵"), .item(BilingualText("俄文", "CYRILLIC"), "Кафе"),
                .item(BilingualText("泰文", "THAI"), "ร้านกาแฟ"), .emphasis(BilingualText("缺字", "MISSING"), "𪚥"),
            ])
        },
    ]

    private static func approved(_ name: String = Sample.merchant.name) throws -> Receipt {
        let merchant = ReceiptData.Merchant(name: name, number: "123456789012345", terminal: "12345678")
        return Receipt(try Sample.data(.approved(Sample.approved, Sample.chip()), merchant: merchant))
    }

    @Test(arguments: cases) func `golden picture`(_ item: Case) throws {
        let picture = try PictureRenderer(width: item.width, language: item.language).render(try item.make())
        #expect(picture.width == item.width * 12)
        try Fixture.expect(picture, equals: "\(item.name).\(item.width).png")
    }

    @Test func `a wider head leaves white at the right`() throws {
        let receipt = try Self.approved()
        let (narrow, wide) = (
            try PictureRenderer(width: 42).render(receipt), try PictureRenderer(width: 42, dots: 512).render(receipt)
        )
        #expect(narrow.width == 504 && wide.width == 512 && narrow.height == wide.height)
        for y in 0..<wide.height {
            for x in 0..<wide.width where wide[x, y] != narrow[x, y] { Issue.record("\(x), \(y)") }
        }
    }

    /// What printers draw by command lies where the picture has it: a Chinese character is as wide as two Latin ones.
    @Test func `columns of text and picture are the same`() throws {
        let receipt = Receipt(lines: [.item(BilingualText("金", "A"), "国8")])
        let picture = try PictureRenderer(width: 24).render(receipt)
        let last = try Typeface.packaged.cell("8")
        for y in 0..<24 {
            for x in 0..<12 { #expect(picture[23 * 12 + x, y] == last[x, y]) }
        }
    }
}
