import Foundation
import Testing

@testable import Terminal

/// What a register sends: taken strictly.
@Suite struct PaymentOrderTests {
    @Test func anOrderIsReadAsItWasWritten() throws {
        let order = PaymentOrder(id: "R-1", amount: "88.80", currency: "CNY", cashier: "07")
        let again = try JSONDecoder().decode(PaymentOrder.self, from: JSONEncoder().encode(order))
        #expect((again.id, again.amount, again.currency, again.cashier) == ("R-1", "88.80", "CNY", "07"))
        let least = try JSONDecoder().decode(PaymentOrder.self, from: Data(#"{"id": "R-1", "amount": "1"}"#.utf8))
        #expect(least.kind == nil && least.currency == nil && least.card == nil && least.supervisor == nil)
    }

    @Test(arguments: [
        (#"{"id": "R-1", "amount": "1", "curency": "USD"}"#, ConfigurationError("curency", "this key is not known")),
        (#"{"amount": "1"}"#, ConfigurationError("id", "is missing")),
        (#"{"id": "R-1", "amount": 1}"#, ConfigurationError("amount", "must be a text")),
        (#"["R-1"]"#, ConfigurationError("", "must be an object")),
        ("88.80", ConfigurationError("", "must be an object")),
        ("", ConfigurationError("", "this is no JSON")),
    ])
    func refusesWithPlaceAndReason(text: String, expected: ConfigurationError) throws {
        let error = try #require(throws: DecodingError.self) {
            try JSONDecoder().decode(PaymentOrder.self, from: Data(text.utf8))
        }
        #expect(ConfigurationError(error) == expected)
    }
}
