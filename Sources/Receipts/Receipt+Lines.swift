import Payments

/// Lines that all receipts share.
extension Receipt {
    static let reprintMark = Line.heading(BilingualText("重印凭证", "DUPLICATED"))

    static func parties(_ merchant: ReceiptData.Merchant) -> [Line] {
        [
            .item(BilingualText("商户名称", "MERCHANT"), merchant.name),
            .item(BilingualText("商户编号", "MERCHANT NO."), merchant.number),
            .item(BilingualText("终端编号", "TERMINAL NO."), merchant.terminal),
        ]
    }

    static func operators(_ request: PaymentRequest) -> [Line] {
        item("操作员号", "OPERATOR", request.cashier) + item("主管号", "SUPERVISOR", request.supervisor)
    }

    static func card(_ authorization: Authorization) -> [Line] {
        let card = authorization.card
        let expiry = card.expiry.map { "20\(Digits.padded($0.year, 2))/\(Digits.padded($0.month, 2))" }
        // The number of a card that nobody showed comes from the journal.
        let isAbsent = card.entryMode == .manual && authorization.request.original?.id != nil
        let mark = isAbsent ? "/N" : card.entryMode.mark
        return [.item(BilingualText("卡号", "CARD NO."), "\(card.maskedPAN) \(mark)")] + item("有效期", "EXP. DATE", expiry)
    }

    static func numbers(
        _ request: PaymentRequest, _ authorization: Authorization?, _ reply: Reply?, _ time: LocalDateTime
    ) -> [Line] {
        let isMailOrder = request.channel == .mailOrder
        let type = BilingualText(
            request.kind.chinese + (isMailOrder ? "（邮购）" : ""),
            request.kind.english.uppercased() + (isMailOrder ? " (MOTO)" : ""))
        return [.item(BilingualText("交易类型", "TRANS TYPE"), type)]
            + item("批次号", "BATCH NO.", authorization?.batch.description)
            + item("凭证号", "VOUCHER NO.", authorization?.stan.description)
            + item("授权码", "AUTH NO.", reply?.authorizationCode) + item("参考号", "REFER NO.", reply?.rrn)
            + [.item(BilingualText("日期时间", "DATE/TIME"), (authorization?.time ?? time).receiptText)]
            + (request.original.map { original($0) } ?? [])
    }

    private static func original(_ original: Original) -> [Line] {
        item("原凭证号", "ORIG. VOUCHER NO.", original.stan?.description)
            + item("原授权码", "ORIG. AUTH NO.", original.authorizationCode)
            + item("原参考号", "ORIG. REFER NO.", original.rrn)
            + item("原交易日期", "ORIG. DATE", "\(original.date.prefix(2))/\(original.date.dropFirst(2))")
    }

    /// Renminbi goes by its local letters; the bare sign ¥ would be the yen's too.
    static func text(_ amount: Money) -> String {
        "\(amount.currency == .cny ? "RMB" : amount.currency.code) \(amount)"
    }

    /// Nothing for what is not known.
    static func item(_ chinese: String, _ english: String, _ value: String?) -> [Line] {
        guard let value, !value.isEmpty else { return [] }
        return [.item(BilingualText(chinese, english), value)]
    }
}

extension EntryMode {
    /// How receipts mark the way the card came in.
    fileprivate var mark: String {
        switch self {
        case .manual: "/M"
        case .stripe: "/S"
        case .contactChip: "/I"
        case .contactlessChip: "/C"
        case .fallback: "/F"
        }
    }
}
