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
            .item(BilingualText("主管号", "SUPERVISOR"), begun.supervisor ?? "自动 AUTOMATIC"),
            .item(BilingualText("批次号", "BATCH NO."), begun.batch.description),
            .item(BilingualText("凭证号", "VOUCHER NO."), begun.stan.description),
            .item(BilingualText("日期时间", "DATE/TIME"), (settlement.settledAt ?? settlement.begunAt).receiptText),
            .rule,
        ]
        lines += Receipt.sides("内卡", "DOMESTIC CARDS", totals.domestic, found?.domesticAgrees, currency) + [.rule]
        lines += Receipt.sides("外卡", "FOREIGN CARDS", totals.foreign, found?.foreignAgrees, currency) + [.rule]
        lines.append(.item(BilingualText("上送笔数", "RECORDS SENT"), "\(records)"))
        // Places count from 1 on paper.
        lines += settlement.refused.sorted { $0.key < $1.key }.map { index, code in
            .item(BilingualText("收单行拒绝", "REFUSED"), "#\(index + 1): \(code)")
        }
        lines.append(
            .emphasis(
                BilingualText("结果", "RESULT"),
                settlement.settledAt == nil ? "结算未完成 NOT COMPLETED" : "批次已结算 BATCH CLOSED"))
        self.init(lines: lines)
    }

    private static func sides(
        _ chinese: String, _ english: String, _ sides: Totals.Sides, _ agrees: Bool?, _ currency: Currency
    ) -> [Line] {
        func line(_ chinese: String, _ english: String, _ tally: Tally) -> Line {
            .item(
                BilingualText(chinese, english),
                "\(tally.count) / \(text(Money(minorUnits: tally.amount, currency)))")
        }
        let verdict = agrees.map { $0 ? "对账平 AGREED" : "对账不平 DIFFERS" } ?? "未对账 NOT COMPARED"
        return [
            .emphasis(BilingualText(chinese, english), verdict), line("借记 笔数/金额", "DEBIT", sides.debit),
            line("贷记 笔数/金额", "CREDIT", sides.credit),
        ]
    }
}
