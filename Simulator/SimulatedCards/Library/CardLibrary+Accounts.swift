extension CardLibrary {
    /// Every account of the library's cards. PINs are published here: they are test PINs.
    public static let accounts: [TestAccount] = [
        TestAccount(number: "6200000000000013", pin: "123456", openingBalance: 1_000_000),
        TestAccount(number: "6200000000000021", pin: "654321", openingBalance: 5_000_000, issuer: .second),
        TestAccount(number: "62000000000000109", pin: "111222", openingBalance: 1_000_000),
        TestAccount(number: "620000000000000112", pin: "333444", openingBalance: 1_000_000, issuer: .second),
        TestAccount(number: "6200000000000000059", pin: "246802", openingBalance: 1_000_000),
        TestAccount(number: "6200000000000047", sequenceNumber: 0, pin: "135790", openingBalance: 1_000_000),
        TestAccount(
            number: "6200000000000000067", sequenceNumber: 2, pin: "998877", openingBalance: 1_000_000, issuer: .second),
        TestAccount(number: "6200000000000039", expiry: "2112", pin: "123456", openingBalance: 1_000_000),
        TestAccount(number: "6200000000000088", pin: "123456", openingBalance: 1_000_000),
        TestAccount(number: "6200000000000096", pin: "123456", openingBalance: 1_000_000),
        foreign,
        quasiCredit, notYetEffective, domesticOnly, plaintextPIN, encipheredPIN, ownKeyPIN,
        quickPassDebit, quickPassCredit, unionPayPhone, visa, visaTap, visaOnline, visaPhone, mastercard,
        mastercardTap, mastercardPhone, jcb,
    ]

    /// An account of another scheme, without a card in the library: for what is typed, and for totals by card class.
    public static let foreign = TestAccount(number: "9999990000000014", pin: "123456", openingBalance: 5_000_000)

    static let quasiCredit = account("6200000000000104", "111111", .second)
    static let notYetEffective = account("6200000000000112", "222222")
    static let domesticOnly = account("6200000000000120", "333333")
    static let plaintextPIN = account("6200000000000138", "1357")
    static let encipheredPIN = account("6200000000000146", "24680")
    static let ownKeyPIN = account("6200000000000153", "97531", .second)
    static let quickPassDebit = account("6200000000000161", "112233")
    static let quickPassCredit = account("6200000000000179", "445566", .second)
    static let unionPayPhone = account("6200000000000187", "778899")
    static let visa = account("4000000000000010", "1234", .second, .visa)
    static let visaTap = account("4000000000000051", "1243", .second, .visa)
    static let visaOnline = account("4000000000000028", "2345", .fourth, .visa)
    static let visaPhone = account("4000000000000044", "3456", .fourth, .visa)
    static let mastercard = account("5100000000000016", "4567", .third, .mastercard)
    static let mastercardTap = account("5100000000000032", "4576", .third, .mastercard)
    static let mastercardPhone = account("5100000000000024", "5678", .third, .mastercard)
    static let jcb = account("3528000000000015", "6789", .fourth, .jcb)

    private static func account(
        _ number: String, _ pin: String, _ issuer: TestIssuer = .first, _ scheme: CardScheme = .unionPay
    ) -> TestAccount {
        TestAccount(number: number, pin: pin, openingBalance: 1_000_000, issuer: issuer, scheme: scheme)
    }
}
