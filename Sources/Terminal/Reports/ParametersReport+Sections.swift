import Payments
import Receipts

extension ParametersReport {
    /// The report as it is printed.
    var sections: [Receipt.Section] {
        func plain(_ name: String) -> BilingualText { BilingualText(name, name) }
        func amount(_ chinese: String, _ english: String, _ value: String?) -> [Receipt.Section.Item] {
            value.map { [.init(BilingualText(chinese, english), $0)] } ?? []
        }
        var sections = applications.map { application in
            Receipt.Section(
                BilingualText("应用 \(application.aid)", "APPLICATION \(application.aid)"),
                [
                    .init(BilingualText("版本", "VERSION"), application.version),
                    .init(plain("TAC-DENIAL"), application.tacDenial),
                    .init(plain("TAC-ONLINE"), application.tacOnline),
                    .init(plain("TAC-DEFAULT"), application.tacDefault),
                    .init(BilingualText("最低限额", "FLOOR LIMIT"), application.floorLimit),
                ])
        }
        sections += contactless.map { combination in
            Receipt.Section(
                BilingualText("非接 \(combination.aid)", "CONTACTLESS \(combination.aid)"),
                [.init(BilingualText("内核", "KERNEL"), combination.kernel)]
                    + amount("交易限额", "TRANSACTION LIMIT", combination.transactionLimit)
                    + amount("验证限额", "CVM LIMIT", combination.verificationLimit)
                    + amount("最低限额", "FLOOR LIMIT", combination.floorLimit)
                    + amount("免密限额", "NO PIN UP TO", combination.withoutPIN)
                    + amount("免签限额", "NO SIGNATURE UP TO", combination.withoutSignature))
        }
        sections.append(
            Receipt.Section(
                BilingualText("公钥", "CA KEYS"),
                caKeys.map { key in
                    .init(plain("\(key.rid) \(key.index)"), key.expiry.map { "\(key.bits) / \($0)" } ?? "\(key.bits)")
                }))
        return sections
    }
}
