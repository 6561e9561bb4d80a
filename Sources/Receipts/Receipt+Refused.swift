public import Payments

extension Receipt {
    /// A slip for the shop about what the acquirer refused after a payment: its reversal, or the payment itself, which was
    /// stored. Somebody has to call the acquirer. Nil if nothing was refused. `time` is when the slip is made.
    public init?(refused payment: PaymentState, merchant: ReceiptData.Merchant, time: LocalDateTime) {
        guard let refusal = Receipt.refusal(payment) else { return nil }
        let request = payment.request
        var lines: [Line] = [.heading(refusal.title), .rule] + Receipt.parties(merchant) + Receipt.operators(request)
        lines += payment.authorization.map { Receipt.card($0) } ?? []
        lines += Receipt.numbers(request, payment.authorization, payment.reply, payment.acceptedAt) + [.rule]
        lines += [
            .emphasis(BilingualText("金额", "AMOUNT"), Receipt.text(request.amount)),
            .emphasis(BilingualText("应答码", "RESPONSE"), refusal.codes),
        ]
        lines += Receipt.item("打印时间", "PRINTED", time.receiptText)
        if let supervisor = refusal.supervisor {
            lines.append(.emphasis(BilingualText("主管已结清", "RESOLVED BY"), supervisor))
        } else {
            lines += [
                .note(refusal.meaning),
                .note(BilingualText("请联系收单行处理，处理后由主管结清", "Call the acquirer. A supervisor resolves it afterwards")),
            ]
        }
        self.init(lines: lines + [.rule, .heading(BilingualText("商户存根", "MERCHANT COPY"))])
    }

    private struct Refusal {
        let title: BilingualText
        let codes: String
        let meaning: BilingualText
        var supervisor: String?
    }

    private static func refusal(_ payment: PaymentState) -> Refusal? {
        switch (payment.reversal, payment.stored) {
        case (.pending(_, let codes), _) where !codes.isEmpty: reversal(codes, nil)
        case (.resolved(_, let codes, let supervisor), _): reversal(codes, supervisor)
        case (_, .refused(let reply)): stored(reply, nil)
        case (_, .resolved(let reply, let supervisor)): stored(reply, supervisor)
        default: nil
        }
    }

    /// The acquirer may have refused very often: the last codes say enough.
    private static func reversal(_ codes: [String], _ supervisor: String?) -> Refusal {
        Refusal(
            title: BilingualText("冲正失败", "REVERSAL REFUSED"), codes: codes.suffix(5).joined(separator: " "),
            meaning: BilingualText("收单行可能仍记有此交易", "The acquirer may still hold this payment"),
            supervisor: supervisor)
    }

    private static func stored(_ reply: Reply, _ supervisor: String?) -> Refusal {
        Refusal(
            title: BilingualText("已受理交易被拒", "ACCEPTED PAYMENT REFUSED"), codes: reply.code,
            meaning: BilingualText(
                "\(reply.text.chinese)，收单行未入账", "\(reply.text.english). The acquirer does not book this payment"),
            supervisor: supervisor)
    }
}
