import Payments

extension Receipt {
    /// The receipt of a payment, approved or not. The order of its lines is the one that acquirers prescribe.
    public init(_ data: ReceiptData) {
        var lines: [Line] = [.heading(Receipt.heading(data))]
        if data.isReprint { lines.append(Receipt.reprintMark) }
        lines += [.rule] + Receipt.parties(data.merchant) + Receipt.operators(data.request)
        lines += Receipt.institutions(data.outcome.standingReply)
        lines += data.authorization.map { Receipt.card($0) } ?? []
        lines += Receipt.numbers(data.request, data.authorization, data.outcome.standingReply, data.time) + [.rule]
        lines += Receipt.amounts(data) + Receipt.result(data) + [.rule]
        if let chip = data.outcome.chip { lines += Receipt.chip(chip) + [.rule] }
        lines += Receipt.consent(data)
        if data.copy == .customer, let address = data.electronicReceipt {
            lines.append(.symbol(address, BilingualText("扫码查看电子凭证", "SCAN FOR THE E-RECEIPT")))
        }
        self.init(lines: lines + [.heading(data.copy.title)])
    }

    /// A payment that came to nothing is no sale, whatever the paper looks like from afar.
    private static func heading(_ data: ReceiptData) -> BilingualText {
        guard data.outcome.stands else { return BilingualText("交易失败单", "FAILURE SLIP") }
        return data.request.kind == .balance
            ? BilingualText("余额查询单", "BALANCE SLIP") : BilingualText("POS 签购单", "SALES SLIP")
    }

    private static func institutions(_ reply: Reply?) -> [Line] {
        item("发卡行", "ISSUER", reply?.issuer) + item("收单行", "ACQUIRER", reply?.acquirer)
    }

    private static func amounts(_ data: ReceiptData) -> [Line] {
        let amount = data.request.amount
        let reply = data.outcome.standingReply
        var lines: [Line] = []
        if let tip = data.request.tip, let before = try? amount.subtracting(tip) {
            lines = [
                .item(BilingualText("金额", "AMOUNT"), text(before)), .item(BilingualText("小费", "TIPS"), text(tip)),
                .emphasis(BilingualText("总金额", "TOTAL"), text(amount)),
            ]
        } else if case .approved(let reply, _) = data.outcome, let part = reply.amount, part != amount {
            lines = [
                .item(BilingualText("交易金额", "REQUESTED"), text(amount)),
                .emphasis(BilingualText("批准金额", "APPROVED AMOUNT"), text(part)),
                .note(BilingualText("部分批准，余款请以其他方式支付", "Approved in part. Pay the rest by other means")),
            ]
        } else if data.request.kind == .adjustment {
            lines = [.emphasis(BilingualText("调整后金额", "ADJUSTED AMOUNT"), text(amount))]
        } else if data.request.kind != .balance {
            lines = [.emphasis(BilingualText("金额", "AMOUNT"), text(amount))]
        }
        // What an account holds is its owner's to know.
        guard data.copy == .customer, let balance = reply?.balance else { return lines }
        return lines + [.emphasis(BilingualText("余额", "BALANCE"), text(balance))]
    }

    private static func result(_ data: ReceiptData) -> [Line] {
        let (title, notes) = data.outcome.words(for: data.request.kind)
        let lines = [Line.emphasis(BilingualText("结果", "RESULT"), title)] + notes.compactMap(\.self).map { .note($0) }
        guard case .approved(let reply, _) = data.outcome else { return lines }
        return lines + item("备注", "REFERENCE", reply.remark)
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
        guard data.outcome.stands, data.request.kind != .balance else { return [] }
        if data.request.channel == .mailOrder {
            return [.note(BilingualText("持卡人不在场，无需签名", "CARDHOLDER NOT PRESENT, NO SIGNATURE"))]
        }
        if data.outcome.chip?.signatureRequired ?? true {
            guard data.copy != .customer else { return [] }
            return [
                .signature(BilingualText("持卡人签名", "CARDHOLDER SIGNATURE")),
                .note(
                    BilingualText(
                        "本人确认以上交易，同意将其记入本卡账户",
                        "I ACKNOWLEDGE SATISFACTORY RECEIPT OF RELATIVE GOODS/SERVICES")),
            ]
        }
        return [.note(unsigned(data.authorization?.card))]
    }

    /// What stands in the place of a signature.
    private static func unsigned(_ card: CardSummary?) -> BilingualText {
        if let card, card.pinEntry != .none {
            return BilingualText("已输入密码，无需签名", "PIN ENTERED, NO SIGNATURE REQUIRED")
        }
        switch card?.waiver {
        case .smallAmount(let limit):
            return BilingualText(
                "交易金额未超过\(limit.rounded)元，免密免签", "AMOUNT NOT ABOVE \(text(limit)), NO PIN, NO SIGNATURE")
        case .onDevice:
            return BilingualText("持卡人设备已验证，无需签名", "VERIFIED ON CUSTOMER'S DEVICE, NO SIGNATURE REQUIRED")
        case nil: return BilingualText("无需签名", "NO SIGNATURE REQUIRED")
        }
    }
}

extension Outcome {
    /// The reply that decided; one that the card overruled is not printed.
    fileprivate var standingReply: Reply? {
        guard case .declinedByCard = self else { return reply }
        return nil
    }

    /// Whether customer and shop part with the payment done.
    fileprivate var stands: Bool {
        switch self {
        case .approved, .stored: true
        case .declined, .declinedByCard, .cancelled, .failed: false
        }
    }

    /// A title and its reasons for the paper. The detail of a failure is for the technician and stays off it.
    fileprivate func words(for kind: TransactionKind) -> (title: BilingualText, notes: [BilingualText?]) {
        switch self {
        case .approved: (BilingualText("已批准", "APPROVED"), [])
        case .stored(.offline, _): (BilingualText("脱机批准", "APPROVED OFFLINE"), [])
        case .stored(.deferred, _):
            (
                BilingualText("授权延后", "AUTHORISATION DEFERRED"),
                [BilingualText("发卡行稍后授权，以其结果为准", "The issuer is asked later, and its answer stands")]
            )
        case .stored(.advice, _):
            (BilingualText("已受理", "ACCEPTED"), [BilingualText("稍后通知收单行", "The acquirer is told later")])
        case .declined(let reply, _):
            (
                BilingualText("已拒绝", "DECLINED \(reply.code)"),
                [BilingualText("\(reply.code) \(reply.text.chinese)", "\(reply.code) \(reply.text.english)")]
            )
        case .declinedByCard: (BilingualText("已拒绝", "DECLINED"), [text])
        case .cancelled: (BilingualText("已取消", "CANCELLED"), [kind.nothingMoved])
        case .failed: (BilingualText("交易未完成", "NOT COMPLETED"), [text, kind.nothingMoved])
        }
    }
}

extension ReceiptData.Copy {
    fileprivate var title: BilingualText {
        switch self {
        case .merchant: BilingualText("商户存根", "MERCHANT COPY")
        case .bank: BilingualText("银行存根", "BANK COPY")
        case .customer: BilingualText("持卡人存根", "CUSTOMER COPY")
        }
    }
}

extension TransactionKind {
    /// What customer and shop must know of a payment that came to nothing.
    fileprivate var nothingMoved: BilingualText? {
        if self == .balance { return nil }
        return followsUp && side != .debit
            ? BilingualText("交易未成功，原交易不变", "Not carried through, the original payment stands")
            : BilingualText("交易未成功，款项不予收取", "Not carried through, no money is taken")
    }
}

extension Money {
    /// Without the decimals of a round amount: `1000`, but `99.50`.
    fileprivate var rounded: String {
        let text = description
        guard let point = text.firstIndex(of: "."), text[point...].dropFirst().allSatisfy({ $0 == "0" }) else {
            return text
        }
        return String(text[..<point])
    }
}
