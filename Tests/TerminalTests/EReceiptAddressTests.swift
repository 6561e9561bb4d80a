import Payments
import Testing

@testable import Terminal

/// Where customers find their receipts on the web.
@Suite struct EReceiptAddressTests {
    static let addresses: [(String, String)] = [
        ("https://shop.example/r/{rrn}", "https://shop.example/r/000000000001"),
        ("https://shop.example/{id}?a={amount}&s={stan}", "https://shop.example/R%2F2041%3Fx?a=88.80&s=000002"),
        ("https://shop.example/{id}{id}", "https://shop.example/R%2F2041%3FxR%2F2041%3Fx"),
    ]

    @Test(arguments: addresses) func valuesArePutInEncoded(template: String, expected: String) throws {
        let id = try #require(RequestID(rawValue: "R/2041?x"))
        let address = try EReceiptAddress(template)
        let found = address.address(
            id: id, rrn: "000000000001", stan: "000002", amount: Money(minorUnits: 8_880, .cny))
        #expect(found == expected)
    }

    @Test func withoutItsValueThereIsNone() throws {
        let id = try #require(RequestID(rawValue: "R-1"))
        let address = try EReceiptAddress("https://shop.example/{id}/{rrn}")
        #expect(address.address(id: id, rrn: nil, stan: "000001", amount: Money(minorUnits: 1, .cny)) == nil)
    }
}
