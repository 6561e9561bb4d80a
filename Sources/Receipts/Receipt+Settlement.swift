public import Payments

extension Receipt {
    /// What the closing of a batch came to: the totals of both classes of cards, whether the acquirer agreed, and what
    /// was uploaded: so many `records`.
    public init(
        _ settlement: SettlementState, records: Int, currency: Currency, merchant: ReceiptData.Merchant,
        isReprint: Bool = false
    ) {
        let begun = settlement.begun
        let totals = begun.totals
        let found = settlement.comparison
        var lines: [Line] = [.heading(BilingualText("结算总计单", "SETTLEMENT"))]
        if isReprint { lines.append(Receipt.reprintMark) }
        lines += [.rule] + Receipt.parties(merchant)
        lines += [
            .item(
                BilingualText("主管号", "SUPERVISOR"),
                begun.supervisor.map(BilingualText.init(plain:)) ?? BilingualText("自动", "AUTOMATIC")),
            .item(BilingualText("批次号", "BATCH NO."), begun.batch.description),
            .item(BilingualText("凭证号", "VOUCHER NO."), begun.stan.description),
            .item(BilingualText("日期时间", "DATE/TIME"), (settlement.settledAt ?? settlement.begunAt).receiptText),
            .rule,
        ]
        lines += Receipt.domestic(totals, Receipt.verdict(found?.domesticAgrees), currency)
        lines += Receipt.foreign(totals, Receipt.verdict(found?.foreignAgrees), currency)
        lines.append(.item(BilingualText("上送笔数", "RECORDS SENT"), "\(records)"))
        // Places count from 1 on paper.
        lines += settlement.refused.sorted { $0.key < $1.key }.map { index, code in
            .item(BilingualText("收单行拒绝", "REFUSED"), "#\(index + 1): \(code)")
        }
        lines.append(
            .emphasis(
                BilingualText("结果", "RESULT"),
                settlement.settledAt == nil
                    ? BilingualText("结算未完成", "NOT COMPLETED") : BilingualText("批次已结算", "BATCH CLOSED")))
        self.init(lines: lines)
    }

    private static func verdict(_ agrees: Bool?) -> BilingualText {
        switch agrees {
        case true?: BilingualText("对账平", "AGREED")
        case false?: BilingualText("对账不平", "DIFFERS")
        case nil: BilingualText("未对账", "NOT COMPARED")
        }
    }
}
