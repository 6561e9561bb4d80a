import Payments
import Testing

@Suite struct MoneyTests {
    @Test(arguments: [
        ("88.80", Currency.cny, 8880), ("88.8", .cny, 8880), ("88", .cny, 8800), ("0.01", .cny, 1), ("88", .jpy, 88),
        ("1.234", .kwd, 1234), ("-5", .cny, -500), ("0", .cny, 0),
    ])
    func readsMajorUnits(text: String, currency: Currency, minorUnits: Int64) throws {
        #expect(try Money(text, currency).minorUnits == minorUnits)
    }

    @Test(arguments: [
        ("", Currency.cny, MoneyError.notANumber), (".", .cny, .notANumber), ("1.", .cny, .notANumber),
        (".5", .cny, .notANumber), ("1.2.3", .cny, .notANumber), ("1e3", .cny, .notANumber), ("１", .cny, .notANumber),
        ("+1", .cny, .notANumber), ("--1", .cny, .notANumber), ("1.234", .cny, .tooManyDecimals),
        ("1.0", .jpy, .tooManyDecimals), ("99999999999999999999", .cny, .overflow),
    ])
    func refuses(text: String, currency: Currency, error: MoneyError) {
        #expect(throws: error) { try Money(text, currency) }
    }

    @Test(arguments: [
        (8880, Currency.cny, "88.80"), (5, .cny, "0.05"), (0, .cny, "0.00"), (88, .jpy, "88"), (1234, .kwd, "1.234"),
        (-5, .cny, "-0.05"), (.min, .jpy, "-9223372036854775808"),
    ])
    func printsMajorUnits(minorUnits: Int64, currency: Currency, text: String) {
        #expect(Money(minorUnits: minorUnits, currency).description == text)
    }

    @Test func arithmeticThrowsAndNeverTraps() throws {
        let most = Money(minorUnits: .max, .cny)
        let one = Money(minorUnits: 1, .cny)
        #expect(throws: MoneyError.overflow) { try most.adding(one) }
        #expect(throws: MoneyError.overflow) { try Money(minorUnits: .min, .cny).subtracting(one) }
        #expect(throws: MoneyError.differentCurrencies) { try one.adding(Money(minorUnits: 1, .jpy)) }
        #expect(throws: MoneyError.differentCurrencies) { try one.subtracting(Money(minorUnits: 1, .jpy)) }
        #expect(try one.adding(one).minorUnits == 2)
        #expect(try one.subtracting(most).minorUnits == 1 - .max)
    }

    @Test func currenciesHaveDistinctCodesAndNumbers() {
        #expect(Set(Currency.all.map(\.code)).count == Currency.all.count)
        #expect(Set(Currency.all.map(\.number)).count == Currency.all.count)
        #expect(Currency(number: 156) == .cny)
        #expect(Currency(code: "XXX") == nil)
    }
}
