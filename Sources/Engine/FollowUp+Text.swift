public import Payments

extension FollowUp.Objection {
    /// What cashier and customer read.
    public var text: BilingualText {
        switch self {
        case .unknown:
            BilingualText("没有原交易，请核对原交易凭证", "The original payment is not known. Check its receipt")
        case .wrongKind(let kind):
            BilingualText("原交易类型不符（\(kind.chinese)）", "The original is a \(kind.english)")
        case .notApproved:
            BilingualText("原交易未成功", "The original payment was not approved")
        case .notDelivered:
            BilingualText("原交易尚未上送，请恢复网络后重试", "The acquirer has not heard of the original yet. Restore the network")
        case .unsettled(let id):
            BilingualText("交易 \(id) 冲正未完成，请联系收单行", "The reversal of \(id) is open. Call the acquirer")
        case .otherBatch(let batch):
            BilingualText("原交易不在当前批次（批次 \(batch)），请用退货", "The original is in batch \(batch). Refund it instead")
        case .alreadyDone(let id):
            BilingualText("原交易已处理（\(id)）", "It has been followed up already, by \(id)")
        case .amountDiffers(let amount):
            BilingualText("金额与原交易不符（\(amount)）", "The original's amount is \(amount)")
        case .aboveLimit(let amount):
            BilingualText("金额超限，最多 \(amount)", "At most \(amount) is left")
        }
    }
}
