extension Outcome {
    /// What cashier and customer read.
    public var text: BilingualText {
        switch self {
        case .approved(let reply, _), .declined(let reply, _): reply.text
        case .stored(.offline, _): BilingualText("脱机交易成功", "Approved offline")
        case .stored(.deferred, _):
            BilingualText("交易已受理，稍后联机授权", "Accepted. The acquirer is asked later")
        case .stored(.advice, _): BilingualText("交易已受理，稍后通知收单行", "Accepted. The acquirer is told later")
        case .declinedByCard(let reply, let chip): CardDecline(reply, chip).text
        case .cancelled(.cashier): BilingualText("交易已由收银员取消", "Cancelled by the cashier")
        case .cancelled(.customer): BilingualText("交易已由持卡人取消", "Cancelled by the customer")
        case .cancelled(.shutdown): BilingualText("终端正在关闭，交易已取消", "Cancelled: the terminal is shutting down")
        case .failed(let failure): failure.reason.text
        }
    }
}

extension PaymentFailure.Reason {
    /// What cashier and customer read. Each says that no money is taken where that could be in doubt.
    public var text: BilingualText {
        switch self {
        case .acquirerUnreachable:
            BilingualText(
                "无法连接收单行，未扣款，请检查网络后重试", "Acquirer unreachable, nothing charged. Check the network and try again")
        case .noReply:
            BilingualText(
                "收单行无应答，交易将自动冲正，未扣款", "No reply from the acquirer. The payment is reversed, nothing is charged")
        case .badReply:
            BilingualText(
                "收单行应答无效，交易将自动冲正，未扣款", "Invalid reply from the acquirer. The payment is reversed, nothing is charged")
        case .noCard:
            BilingualText("未插卡，交易超时", "No card was inserted in time")
        case .cardRemoved:
            BilingualText("卡片过早拔出，未扣款，请重新插卡", "The card was removed too early, nothing charged. Insert it again")
        case .cardUnreadable:
            BilingualText("卡片读取失败，未扣款，请换卡重试", "The card cannot be read, nothing charged. Try another card")
        case .cardNotSupported:
            BilingualText("不支持此卡，请换卡", "This card is not accepted here. Use another card")
        case .cardBlocked:
            BilingualText("卡片已锁定，请联系发卡行", "The card is blocked. Contact its issuer")
        case .readerUnavailable:
            BilingualText("读卡器不可用，请检查连接", "No card reader. Check its cable")
        case .noPIN:
            BilingualText("未输入密码，交易超时", "No PIN was entered in time")
        case .journalUnavailable:
            BilingualText(
                "流水无法保存，未扣款，请联系维护人员", "The journal cannot be written, nothing is charged. Call the technician")
        case .interrupted:
            BilingualText(
                "终端曾中断，交易未完成，未扣款", "The terminal was interrupted. The payment is not completed, nothing is charged")
        case .queueFull:
            BilingualText("脱机交易已达上限，未扣款，请恢复网络", "No more payments can be stored, nothing charged. Restore the network")
        case .reversalPending:
            BilingualText("冲正未完成，请检查网络后重试", "A reversal is waiting for the acquirer. Check the network and try again")
        }
    }
}
