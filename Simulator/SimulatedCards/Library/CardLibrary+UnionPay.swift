import Payments

/// UnionPay cards with contacts.
extension CardLibrary {
    static let unionPay = [
        unionPayDebit, unionPayCredit, quasiCreditCard, severalApplications, staticCard, onlineOnly, offlineCard,
        plaintextPINCard, encipheredPINCard, ownKeyPINCard, expired, notYetEffectiveCard, domesticOnlyCard, blockedCard,
        blockedApplication,
    ]

    /// Debit: DDA, online PIN and then signature, PBOC cryptograms, issuer authentication by EXTERNAL AUTHENTICATE.
    public static let unionPayDebit = card(
        "unionpay-debit", BilingualText("借记，联机密码", "debit, PIN to the issuer"), [debit(accounts[0])])
    /// Credit: CDA, templates 77, PDOL, EMV common session keys, issuer authentication in the second GENERATE AC.
    public static let unionPayCredit = card(
        "unionpay-credit",
        BilingualText("贷记，应答模板77，第二次GENERATE AC中认证发卡行", "credit, templates 77, issuer authenticated in CDOL2"),
        [credit(accounts[1])])
    static let quasiCreditCard = card(
        "unionpay-quasi-credit", BilingualText("准贷记", "quasi-credit"),
        [credit(quasiCredit, kind: 0x03, "UnionPay Quasi Credit") { $0.preferredName = nil }])
    /// Debit and credit on one card; the directory prefers credit and asks the customer.
    public static let severalApplications = card(
        "several-applications", BilingualText("借记和贷记，持卡人选择应用", "debit and credit, the customer chooses"),
        [debit(accounts[2]) { $0.priority = 2 }, credit(accounts[3]) { $0.priority = 1 }])
    /// Static data authentication only, an account number of 19 digits, signature.
    public static let staticCard = card(
        "static", BilingualText("仅静态认证，19位卡号，签名", "static proof only, 19 digits, signature"),
        [
            debit(accounts[4]) {
                $0.authentication = .sda
                $0.cvmList = CVMRule.list([.signature, .none])
            }
        ])
    /// No offline data authentication and never an offline approval; no directory; the issuer must see the PIN.
    public static let onlineOnly = card(
        "online-only", BilingualText("仅联机，无目录，必须联机密码", "always online, no directory, PIN to the issuer or nothing"),
        [
            debit(accounts[5]) {
                $0.authentication = .none
                $0.isOnlineOnly = true
                $0.cvmList = CVMRule.list([.onlinePINOnly])
            }
        ]
    ) { $0.hasDirectory = false }
    /// Asks for no PIN and approves offline where the terminal lets it; new cards too.
    public static let offlineCard = card(
        "offline", BilingualText("免密，终端允许时脱机批准", "no PIN, approves offline where the terminal lets it"),
        [
            credit(accounts[6]) {
                $0.cvmList = CVMRule.list([.none])
                $0.onlineCode = [0xD8, 0x60, 0xBC, 0xF8, 0x00]
            }
        ])
    static let plaintextPINCard = card(
        "plaintext-pin", BilingualText("脱机明文密码，4位", "PIN in the clear to the card, 4 digits"),
        [debit(plaintextPIN) { $0.cvmList = CVMRule.list([.plaintextPIN, .signature]) }])
    static let encipheredPINCard = card(
        "enciphered-pin", BilingualText("脱机密文密码，专用密钥(9F2D)", "enciphered PIN to the card, key of its own (9F2D)"),
        [
            debit(encipheredPIN) {
                $0.cvmList = CVMRule.list([.encipheredPIN, .plaintextPIN, .signature])
                $0.hasPINKey = true
            }
        ])
    static let ownKeyPINCard = card(
        "enciphered-pin-icc", BilingualText("脱机密文密码，IC卡密钥", "enciphered PIN to the card, under the card's key"),
        [credit(ownKeyPIN) { $0.cvmList = CVMRule.list([.encipheredPIN, .onlinePIN, .signature]) }])
    /// Expired in December 2021.
    public static let expired = card(
        "expired", BilingualText("2021年12月到期", "expired in December 2021"), [debit(accounts[7])])
    static let notYetEffectiveCard = card(
        "not-yet-effective", BilingualText("2045年生效，发卡行要求拒绝", "effective in 2045; its issuer wants that declined"),
        [
            debit(notYetEffective) {
                $0.effectiveDate = "450101"
                $0.denialCode = [0x00, 0x30, 0x00, 0x00, 0x00]
            }
        ]
    ) { $0.end = .declinedOffline }
    static let domesticOnlyCard = card(
        "domestic-only", BilingualText("仅限发卡国(美国)国内使用", "for its own country (840) only"),
        [
            debit(domesticOnly) {
                $0.issuerCountry = [0x08, 0x40]
                $0.usageControl = [0xAB, 0x80]
            }
        ]
    ) { $0.end = .declinedOffline }
    /// Blocked by its issuer: `6A81` to every SELECT.
    public static let blockedCard = card(
        "blocked-card", BilingualText("卡已锁定，SELECT应答6A81", "blocked by its issuer: 6A81"), [debit(accounts[8])]
    ) {
        $0.isBlocked = true
        $0.end = .ended
    }
    /// Its only application is blocked: `6283`.
    public static let blockedApplication = card(
        "blocked-application", BilingualText("应用已锁定，SELECT应答6283", "its application is blocked: 6283"),
        [debit(accounts[9]) { $0.isBlocked = true }]
    ) { $0.end = .ended }

    static func card(
        _ name: String, _ note: BilingualText, _ applications: [ApplicationProfile],
        _ change: (inout CardProfile) -> Void = { _ in }
    ) -> CardProfile {
        var profile = CardProfile(name: name, applications: applications)
        profile.note = note
        change(&profile)
        return profile
    }

    static func debit(
        _ account: TestAccount, _ change: (inout ApplicationProfile) -> Void = { _ in }
    ) -> ApplicationProfile {
        var profile = ApplicationProfile(
            aid: TestAuthority.rid + [0x01, 0x01, 0x01], label: "UnionPay Debit", account: account)
        change(&profile)
        return profile
    }

    static func credit(
        _ account: TestAccount, kind: UInt8 = 0x02, _ label: String = "UnionPay Credit",
        _ change: (inout ApplicationProfile) -> Void = { _ in }
    ) -> ApplicationProfile {
        var profile = ApplicationProfile(aid: TestAuthority.rid + [0x01, 0x01, kind], label: label, account: account)
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
