import HAL
import Payments
import Testing

@testable import Terminal

/// What may be told of a scan: what could pay is masked (M8).
@Suite struct ScanReportTests {
    static let secrets: [(String, PaymentCode)] = [
        ("134512345678901234", .weChatPay), ("100000000000000000", .weChatPay), ("159999999999999999", .weChatPay),
        ("281234567890123456", .alipay), ("2512345678901234", .alipay), ("301234567890123456789012", .alipay),
        ("6212345678901234567", .unionPay), ("6225880000000001", .accountNumber),
        ("00020101021229300012D156000000000510A93FO3230Q", .emv), ("hQVDUFYwMWETTwegAAAAVVVVUAhQcm9kdWN0", .emv),
    ]

    @Test(arguments: secrets) func whatCouldPayIsMasked(data: String, kind: PaymentCode) throws {
        let report = ScanReport(Scan(data: SecretBytes(Array(data.utf8)), symbology: "]Q1"))
        #expect(report.payment == kind)
        #expect(report.length == data.utf8.count && report.symbology == "]Q1" && report.hex == nil)
        let text = try #require(report.text)
        #expect(text.hasPrefix(data.prefix(2)) && text.dropFirst(2).allSatisfy { $0 == "*" })
    }

    @Test(arguments: [
        "6901234567892", "https://shop.example/product/1", "13451234567890123", "1645123456789012345", "街角便利店", "",
        "A134512345678901234", "6212345678901234",
    ])
    func otherScansAreShown(data: String) {
        let report = ScanReport(Scan(data: SecretBytes(Array(data.utf8)), symbology: nil))
        #expect(report.payment == nil && report.text == data && report.hex == nil)
    }

    @Test func bytesAreShownInHexadecimal() {
        let report = ScanReport(Scan(data: SecretBytes([0xFF, 0x00, 0xC3]), symbology: nil))
        #expect(report.text == nil && report.hex == "FF00C3" && report.payment == nil)
    }
}
