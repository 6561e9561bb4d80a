import EMV
import Payments

/// Cards without contacts, cards with both, and phones.
extension CardLibrary {
    static let contactless = [
        quickPassDebitCard, quickPassCreditCard, unionPayPhoneCard, visaContactlessCard, visaPhoneCard,
        mastercardContactlessCard, mastercardPhoneCard,
    ]

    static let quickPassDebitCard = card(
        "quickpass-debit", BilingualText("闪付双界面借记，联机，联机密码", "quickPass with both interfaces, debit, always online"),
        [debit(quickPassDebit) { $0.contactless = ContactlessProfile(.c7) }])
    static let quickPassCreditCard = card(
        "quickpass-credit",
        BilingualText(
            "闪付双界面贷记，500元以下fDDA脱机批准", "quickPass with both interfaces, credit, fDDA offline up to CNY 500.00"),
        [
            credit(quickPassCredit) {
                $0.contactless = ContactlessProfile(.c7)
                $0.contactless?.offlineLimit = 50_000
                $0.contactless?.verification = .signature
            }
        ]
    ) { $0.tapEnd = .approvedOffline }
    static let unionPayPhoneCard = card(
        "unionpay-phone", BilingualText("云闪付手机，手机验证持卡人", "phone with quickPass, verifies its holder"),
        [phone(debit(unionPayPhone), .c7)])
    static let visaContactlessCard = card(
        "visa-contactless", BilingualText("双界面，300元以下fDDA脱机批准", "both interfaces, fDDA offline up to CNY 300.00"),
        [
            application(visaTap, "VISA CREDIT") {
                $0.contactless = ContactlessProfile(.c3)
                $0.contactless?.offlineLimit = 30_000
            }
        ]
    ) { $0.tapEnd = .approvedOffline }
    static let visaPhoneCard = card(
        "visa-phone", BilingualText("手机，密文版本18", "phone, cryptogram version 18"),
        [phone(application(visaPhone, "VISA DEBIT") { $0.cryptogramVersion = 0x12 }, .c3)])
    static let mastercardContactlessCard = card(
        "mastercard-contactless", BilingualText("双界面，CDA，可恢复中断的交易", "both interfaces, CDA, recovers torn transactions"),
        [
            mChip(mastercardTap) {
                $0.contactless = ContactlessProfile(.c2)
                $0.contactless?.offlineLimit = 30_000
            }
        ]
    ) { $0.tapEnd = .approvedOffline }
    static let mastercardPhoneCard = card(
        "mastercard-phone", BilingualText("手机，设备验证持卡人", "phone, verifies its holder"),
        [phone(mChip(mastercardPhone), .c2)])

    /// The application in a phone: no contacts, always online, its holder verified by the phone.
    private static func phone(_ profile: ApplicationProfile, _ kernel: ContactlessKernelID) -> ApplicationProfile {
        var profile = profile
        profile.hasContacts = false
        profile.isOnlineOnly = true
        profile.contactless = ContactlessProfile(kernel)
        profile.contactless?.verification = .device
        if kernel == .c2 {
            profile.contactless?.cvmList = CVMRule.list([CVMRule(method: 0x41, condition: 0x03), .onlinePIN, .none])
        }
        return profile
    }
}
