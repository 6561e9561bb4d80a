import Payments

/// Cards of other schemes with contacts, one or two of each kind of cryptogram.
extension CardLibrary {
    static let schemes = [visaCard, visaOnlineCard, mastercardCard, jcbCard]

    static let visaCard = card(
        "visa", BilingualText("密文版本10，外部认证", "cryptogram version 10, EXTERNAL AUTHENTICATE"),
        [application(visa, "VISA CREDIT")])
    static let visaOnlineCard = card(
        "visa-18", BilingualText("密文版本18，发卡行应答方法2", "cryptogram version 18, issuer's answer by method 2"),
        [
            application(visaOnline, "VISA DEBIT") {
                $0.authentication = .cda
                $0.usesTemplate77 = true
                $0.cryptogramVersion = 0x12
                $0.cvmList = CVMRule.list([.onlinePIN, .signature, .none])
            }
        ])
    static let mastercardCard = card(
        "mastercard",
        BilingualText("密文版本10，1984位发卡行密钥，1536位IC卡密钥", "cryptogram version 10, keys of 1984 and 1536 bits"),
        [mChip(mastercard)])
    static let jcbCard = card(
        "jcb", BilingualText("静态认证，1024位", "static proof, 1024 bits"),
        [
            application(jcb, "JCB CREDIT") {
                $0.authentication = .sda
                $0.cvmList = CVMRule.list([.signature, .none])
            }
        ])

    static func application(
        _ account: TestAccount, _ label: String, _ change: (inout ApplicationProfile) -> Void = { _ in }
    ) -> ApplicationProfile {
        var profile = ApplicationProfile(aid: account.scheme.rid + [0x10, 0x10], label: label, account: account)
        profile.serviceCode = "201"
        change(&profile)
        return profile
    }

    static func mChip(
        _ account: TestAccount, _ change: (inout ApplicationProfile) -> Void = { _ in }
    ) -> ApplicationProfile {
        application(account, "MASTERCARD") {
            $0.authentication = .cda
            $0.usesTemplate77 = true
            $0.cdol2 = ApplicationProfile.DOL.secondCryptogramWithIssuerData
            $0.issuerAuthentication = .secondCryptogram
            $0.cvmList = CVMRule.list([.onlinePIN, .signature, .none])
            change(&$0)
        }
    }
}
