/// The simulated cards that a person can ask for by name. Account numbers begin with 620000, which no issuer has.
public enum CardLibrary {
    /// All cards, the good ones first.
    public static let all: [CardProfile] =
        [
            unionPayDebit, unionPayCredit, severalApplications, staticCard, onlineOnly, offlineCard, expired,
            blockedCard,
            blockedApplication,
        ] + badHabits

    /// Debit: DDA, online PIN and then signature, PBOC cryptograms, issuer authentication by EXTERNAL AUTHENTICATE.
    public static let unionPayDebit = card("unionpay-debit", [debit(accounts[0])])
    /// Credit: CDA, templates 77, PDOL, EMV common session keys, issuer authentication in the second GENERATE AC.
    public static let unionPayCredit = card("unionpay-credit", [credit(accounts[1])])
    /// Debit and credit on one card; the directory prefers credit and asks the customer.
    public static let severalApplications = card(
        "several-applications", [debit(accounts[2]) { $0.priority = 2 }, credit(accounts[3]) { $0.priority = 1 }])
    /// Static data authentication only, an account number of 19 digits, signature.
    public static let staticCard = card(
        "static",
        [
            debit(accounts[4]) {
                $0.authentication = .sda
                $0.cvmList = CVMRule.list([.signature, .none])
            }
        ])
    /// No offline data authentication and never an offline approval; no directory; the issuer must see the PIN.
    public static let onlineOnly: CardProfile = {
        var profile = card(
            "online-only",
            [
                debit(accounts[5]) {
                    $0.authentication = .none
                    $0.isOnlineOnly = true
                    $0.cvmList = CVMRule.list([.onlinePINOnly])
                }
            ])
        profile.hasDirectory = false
        return profile
    }()
    /// Asks for no PIN and approves offline where the terminal lets it; new cards too.
    public static let offlineCard = card(
        "offline",
        [
            credit(accounts[6]) {
                $0.cvmList = CVMRule.list([.none])
                $0.onlineCode = [0xD8, 0x60, 0xBC, 0xF8, 0x00]
            }
        ])
    /// Expired in December 2021.
    public static let expired = card("expired", [debit(accounts[7])])
    /// Blocked by its issuer: `6A81` to every SELECT.
    public static let blockedCard: CardProfile = {
        var profile = card("blocked-card", [debit(accounts[8])])
        profile.isBlocked = true
        return profile
    }()
    /// Its only application is blocked: `6283`.
    public static let blockedApplication = card("blocked-application", [debit(accounts[9]) { $0.isBlocked = true }])

    /// The debit card with every bad habit.
    public static let badHabits: [CardProfile] = [
        ("mute", .mute(fromCommand: 1)), ("nonsense", .nonsense(fromCommand: 1)),
        ("more-data", .moreDataForEver(fromCommand: 1)), ("endless-records", .endlessRecords), ("declines", .declines),
        ("declines-late", .declinesAfterApproval), ("removed", .removed(atCommand: 6)),
    ].map { name, habit in
        var profile = unionPayDebit.with(habit)
        profile.name = name
        return profile
    }

    /// The card with this name. A habit may follow after a plus sign: `unionpay-credit+removed@5` (see
    /// `CardHabit.init(name:)`). Nil for names that nobody has.
    public static func card(named name: String) -> CardProfile? {
        let parts = name.split(separator: "+", maxSplits: 1)
        guard let first = parts.first, let profile = all.first(where: { $0.name == first }) else { return nil }
        guard parts.count == 2 else { return profile }
        return CardHabit(name: String(parts[1])).map { profile.with($0) }
    }

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
    ]

    /// An account of another scheme, without a card in the library: for what is typed, and for totals by card class.
    public static let foreign = TestAccount(number: "9999990000000014", pin: "123456", openingBalance: 5_000_000)

    private static func card(_ name: String, _ applications: [ApplicationProfile]) -> CardProfile {
        CardProfile(name: name, applications: applications)
    }

    private static func debit(
        _ account: TestAccount, _ change: (inout ApplicationProfile) -> Void = { _ in }
    ) -> ApplicationProfile {
        var profile = ApplicationProfile(
            aid: TestAuthority.rid + [0x01, 0x01, 0x01], label: "UnionPay Debit", account: account)
        change(&profile)
        return profile
    }

    private static func credit(
        _ account: TestAccount, _ change: (inout ApplicationProfile) -> Void = { _ in }
    ) -> ApplicationProfile {
        var profile = ApplicationProfile(
            aid: TestAuthority.rid + [0x01, 0x01, 0x02], label: "UnionPay Credit", account: account)
        profile.preferredName = "UnionPay Test Credit"
        profile.authentication = .cda
        profile.pdol = [0x9F, 0x1A, 0x02, 0x9F, 0x33, 0x03]
        profile.cdol2 = ApplicationProfile.DOL.secondCryptogramWithIssuerData
        profile.issuerAuthentication = .secondCryptogram
        profile.cryptogramVersion = 0x17
        profile.usesTemplate77 = true
        profile.serviceCode = "201"
        profile.letsTerminalCount = true
        change(&profile)
        return profile
    }
}
