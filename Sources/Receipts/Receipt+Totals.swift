public import Payments

extension Receipt {
    /// What the running batch comes to so far, at `time`; nobody has compared it yet.
    public init(
        totals: Totals, of batch: BatchNumber, currency: Currency, merchant: ReceiptData.Merchant, time: LocalDateTime
    ) {
        var lines: [Line] = [.heading(BilingualText("交易汇总单", "TOTALS REPORT")), .rule] + Receipt.parties(merchant)
        lines += [
            .item(BilingualText("批次号", "BATCH NO."), batch.description),
            .item(BilingualText("日期时间", "DATE/TIME"), time.receiptText), .rule,
        ]
        let count = { (sides: Totals.Sides) in BilingualText(plain: "\(sides.debit.count + sides.credit.count)") }
        lines += Receipt.domestic(totals, count(totals.domestic), currency)
        lines += Receipt.foreign(totals, count(totals.foreign), currency)
        self.init(lines: lines + [.note(BilingualText("批次尚未结算", "The batch is not closed yet"))])
    }

    /// Both sides of UnionPay's cards, `result` beside their heading.
    static func domestic(_ totals: Totals, _ result: BilingualText, _ currency: Currency) -> [Line] {
        sides(BilingualText("内卡", "DOMESTIC CARDS"), totals.domestic, result, currency)
    }

    /// Both sides of all other cards.
    static func foreign(_ totals: Totals, _ result: BilingualText, _ currency: Currency) -> [Line] {
        sides(BilingualText("外卡", "FOREIGN CARDS"), totals.foreign, result, currency)
    }

    private static func sides(
        _ title: BilingualText, _ sides: Totals.Sides, _ result: BilingualText, _ currency: Currency
    ) -> [Line] {
        func line(_ chinese: String, _ english: String, _ tally: Tally) -> Line {
            .item(
                BilingualText(chinese, english),
                "\(tally.count) / \(text(Money(minorUnits: tally.amount, currency)))")
        }
        return [
            .emphasis(title, result), line("借记 笔数/金额", "DEBIT", sides.debit),
            line("贷记 笔数/金额", "CREDIT", sides.credit), .rule,
        ]
    }
}
