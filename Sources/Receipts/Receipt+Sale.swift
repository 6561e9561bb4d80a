import Payments

extension Receipt {
    /// The receipt of a sale, approved or not. The order of its lines is the one that acquirers prescribe.
    public init(_ data: ReceiptData) {
        var lines: [Line] = [.heading(BilingualText("POS 签购单", "SALES SLIP"))]
        if data.isReprint { lines.append(.heading(BilingualText("重印凭证", "DUPLICATED"))) }
        lines += [.rule] + Receipt.parties(data) + Receipt.card(data) + Receipt.numbers(data) + [.rule]
        lines += Receipt.result(data) + [.rule]
        if let chip = data.outcome.chip { lines += Receipt.chip(chip) + [.rule] }
        lines += Receipt.consent(data)
        lines.append(
            .heading(
                data.copy == .merchant
                    ? BilingualText("商户存根", "MERCHANT COPY") : BilingualText("持卡人存根", "CUSTOMER COPY")))
        self.init(lines: lines)
    }

    private static func parties(_ data: ReceiptData) -> [Line] {
        let reply = data.outcome.standingReply
        return [
            .item(BilingualText("商户名称", "MERCHANT"), data.merchant.name),
            .item(BilingualText("商户编号", "MERCHANT NO."), data.merchant.number),
            .item(BilingualText("终端编号", "TERMINAL NO."), data.merchant.terminal),
            .item(BilingualText("操作员号", "OPERATOR"), data.request.cashier),
        ] + item("发卡行", "ISSUER", reply?.issuer) + item("收单行", "ACQUIRER", reply?.acquirer)
    }

    private static func card(_ data: ReceiptData) -> [Line] {
        guard let card = data.authorization?.card else { return [] }
        let expiry = card.expiry.map { "20\(Digits.padded($0.year, 2))/\(Digits.padded($0.month, 2))" }
        return [.item(BilingualText("卡号", "CARD NO."), "\(card.maskedPAN) \(card.entryMode.mark)")]
            + item("有效期", "EXP. DATE", expiry)
    }

    private static func numbers(_ data: ReceiptData) -> [Line] {
        let authorization = data.authorization
        let reply = data.outcome.standingReply
        return [.item(BilingualText("交易类型", "TRANS TYPE"), "消费 SALE")]
            + item("批次号", "BATCH NO.", authorization?.batch.description)
            + item("凭证号", "VOUCHER NO.", authorization?.stan.description)
            + item("授权码", "AUTH NO.", reply?.authorizationCode)
            + item("参考号", "REFER NO.", reply?.rrn)
            + [.item(BilingualText("日期时间", "DATE/TIME"), (authorization?.time ?? data.time).receiptText)]
    }

    private static func result(_ data: ReceiptData) -> [Line] {
        let amount = data.request.amount
        // Renminbi goes by its local letters; the bare sign ¥ would be the yen's too.
        let letters = amount.currency == .cny ? "RMB" : amount.currency.code
        var lines: [Line] = [.emphasis(BilingualText("金额", "AMOUNT"), "\(letters) \(amount)")]
        if case .approved(let reply, _) = data.outcome {
            lines.append(.emphasis(BilingualText("结果", "RESULT"), "已批准 APPROVED"))
            if let remark = reply.remark, !remark.isEmpty {
                lines.append(.item(BilingualText("备注", "REFERENCE"), remark))
            }
        } else {
            let (title, reason) = data.outcome.refusal
            lines.append(.emphasis(BilingualText("结果", "RESULT"), title))
            lines.append(.note(reason))
        }
        return lines
    }

    private static func chip(_ chip: ChipResult) -> [Line] {
        var names = [Technical("APP LABEL", chip.application.label)]
        if let preferred = chip.application.preferredName { names.append(Technical("APP NAME", preferred)) }
        names += [
            Technical("AID", chip.application.aid), Technical(chip.cryptogramType.rawValue, chip.cryptogram),
        ]
        var values = [
            Technical("TVR", chip.tvr), Technical("TSI", chip.tsi), Technical("ATC", chip.atc),
            Technical("AIP", chip.aip), Technical("CVMR", chip.cvmResults),
            Technical("TERM CAPA", chip.terminalCapabilities), Technical("UNPR NO", chip.unpredictableNumber),
            Technical("IAD", chip.issuerApplicationData),
        ]
        if let number = chip.sequenceNumber { values.insert(Technical("CSN", Digits.padded(number, 3)), at: 3) }
        return names.map { .technical([$0]) } + [.technical(values)]
    }

    /// Who answers for the payment: the signature of the customer, or what stands in its place.
    private static func consent(_ data: ReceiptData) -> [Line] {
        guard case .approved(_, let chip) = data.outcome else { return [] }
        if chip?.signatureRequired ?? true {
            guard data.copy == .merchant else { return [] }
            return [
                .signature(BilingualText("持卡人签名", "CARDHOLDER SIGNATURE")),
                .note(
                    BilingualText(
                        "本人确认以上交易，同意将其记入本卡账户",
                        "I ACKNOWLEDGE SATISFACTORY RECEIPT OF RELATIVE GOODS/SERVICES")),
            ]
        }
        return [
            .note(
                data.authorization?.card.pinEntry == PINEntry.none
                    ? BilingualText("无需签名", "NO SIGNATURE REQUIRED")
                    : BilingualText("已输入密码，无需签名", "PIN ENTERED, NO SIGNATURE REQUIRED"))
        ]
    }

    private static func item(_ chinese: String, _ english: String, _ value: String?) -> [Line] {
        guard let value, !value.isEmpty else { return [] }
        return [.item(BilingualText(chinese, english), value)]
    }
}

extension Outcome {
    /// The reply that decided; one that the card overruled is not printed.
    fileprivate var standingReply: Reply? {
        guard case .declinedByCard = self else { return reply }
        return nil
    }

    /// A title and a reason for the paper. The detail of a failure is for the technician and stays off it.
    fileprivate var refusal: (title: String, reason: BilingualText) {
        switch self {
        case .approved(let reply, _): ("已批准 APPROVED", reply.text)
        case .stored: ("已受理 ACCEPTED", text)
        case .declined(let reply, _):
            (
                "已拒绝 DECLINED \(reply.code)",
                BilingualText("\(reply.code) \(reply.text.chinese)", "\(reply.code) \(reply.text.english)")
            )
        case .declinedByCard: ("已拒绝 DECLINED", BilingualText("卡片拒绝交易", "Declined by the card"))
        case .cancelled: ("已取消 CANCELLED", BilingualText("未扣款", "No money was taken"))
        case .failed: ("交易未完成 NOT COMPLETED", BilingualText("交易未成功，款项不予收取", "Not carried through, no money is taken"))
        }
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
