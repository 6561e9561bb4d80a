public import Payments

/// A response code, field 39: what class of answer it is and what it says to cashier and customer.
public struct ResponseCode: Hashable, Sendable {
    /// What the terminal does after a code.
    public enum Class: String, CaseIterable, Sendable {
        /// The money is taken.
        case approved = "A"
        /// Try again after the stated step.
        case retryAfterStep = "B"
        /// Do not try again.
        case failed = "C"
        /// The operator must act: retain the card, call.
        case operatorActs = "D"
        /// The system is at fault, try again later.
        case systemFault = "E"
    }

    /// What somebody is to do about a code, beyond reading what it says.
    public enum Action: String, CaseIterable, Sendable {
        /// Nothing.
        case none
        /// The cashier tells the customer which part was approved, and asks for the rest.
        case tellPart
        /// The receiving bank confirms.
        case confirmWithBank
        /// The cashier corrects what was typed.
        case correctInput
        /// The customer enters the PIN again.
        case enterPINAgain
        /// The card's chip is used instead of its stripe.
        case useChip
        /// The terminal signs in again: the acquirer will answer nothing else before.
        case signIn
        /// It is tried again later: somebody behind the acquirer did not answer in time or at all.
        case tryLater
        /// The customer, or the cashier for him, calls the issuer.
        case callIssuer
        /// The shop calls its acquirer.
        case callAcquirer
        /// The cashier keeps the card.
        case retainCard
    }

    /// Two characters.
    public let code: String
    /// What class of answer it is.
    public let kind: Class
    /// What is to be done.
    public let action: Action
    /// What it says.
    public let text: BilingualText

    /// The code as field 39 brought it. One that nobody knows is a failure, never an approval.
    public init(_ code: String) {
        self =
            ResponseCode.table[code]
            ?? ResponseCode(code, .failed, .none, BilingualText("交易失败", "Declined"))
    }

    private init(_ code: String, _ kind: Class, _ action: Action, _ text: BilingualText) {
        self.code = code
        self.kind = kind
        self.action = action
        self.text = text
    }

    /// The acquirer will answer nothing else before a new sign-in: batch, PIN block or MAC were wrong.
    public var demandsSignIn: Bool { action == .signIn }
    /// A reversal answered so is settled: done, or there is nothing to reverse.
    public var settlesReversal: Bool { ["00", "12", "25"].contains(code) }

    /// A stored payment or an upload answered so has arrived: it was approved, or a copy of it came before.
    public var acceptsStored: Bool { kind == .approved || code == "94" }
    /// Somebody behind the acquirer did not answer in time or at all: what may be repeated is, later.
    public var asksToRepeat: Bool { action == .tryLater }

    /// All codes known, in order.
    public static let known: [ResponseCode] = rows.map { ResponseCode($0, $1, $2, BilingualText($3, $4)) }

    private static let table = Dictionary(uniqueKeysWithValues: known.map { ($0.code, $0) })

    private static let rows: [(String, Class, Action, String, String)] = [
        ("00", .approved, .none, "交易成功", "Approved"),
        ("01", .failed, .callIssuer, "请持卡人与发卡银行联系", "Call the issuer"),
        ("03", .failed, .callAcquirer, "无效商户", "Invalid merchant"),
        ("04", .operatorActs, .retainCard, "此卡被没收", "Retain the card"),
        ("05", .failed, .none, "持卡人认证失败", "Cardholder not authenticated"),
        ("06", .failed, .none, "出错", "Error"),
        ("10", .approved, .tellPart, "部分批准", "Partly approved"),
        ("11", .approved, .none, "成功，VIP客户", "Approved, VIP"),
        ("12", .failed, .none, "无效交易", "Invalid transaction"),
        ("13", .retryAfterStep, .correctInput, "无效金额", "Invalid amount"),
        ("14", .retryAfterStep, .correctInput, "无效卡号", "Invalid card number"),
        ("15", .failed, .none, "此卡无对应发卡方", "No such issuer"),
        ("21", .failed, .callIssuer, "该卡未初始化或睡眠卡", "Card not active"),
        ("22", .failed, .none, "操作有误，或超出交易允许天数", "Wrong operation or too late"),
        ("25", .failed, .callIssuer, "没有原始交易，请联系发卡方", "No original transaction"),
        ("30", .failed, .none, "请重试", "Format error, try again"),
        ("34", .operatorActs, .retainCard, "作弊卡，吞卡", "Fraud, retain the card"),
        ("38", .operatorActs, .callIssuer, "密码错误次数超限", "PIN tries exceeded"),
        ("40", .failed, .none, "发卡方不支持的交易类型", "Not supported by the issuer"),
        ("41", .operatorActs, .retainCard, "挂失卡，请没收", "Lost card, retain it"),
        ("43", .operatorActs, .retainCard, "被窃卡，请没收", "Stolen card, retain it"),
        ("45", .failed, .useChip, "请使用芯片", "Use the chip"),
        ("51", .failed, .none, "可用余额不足", "Insufficient funds"),
        ("54", .failed, .none, "该卡已过期", "Card expired"),
        ("55", .failed, .enterPINAgain, "密码错", "Wrong PIN"),
        ("57", .failed, .none, "不允许此卡交易", "Not permitted to this card"),
        ("58", .failed, .none, "发卡方不允许该卡在本终端进行此交易", "Not permitted to this terminal"),
        ("59", .failed, .none, "卡片校验错", "Card check failed"),
        ("61", .failed, .none, "交易金额超限", "Amount above the limit"),
        ("62", .failed, .none, "受限制的卡", "Restricted card"),
        ("64", .failed, .none, "交易金额与原交易不匹配", "Original amount differs"),
        ("65", .failed, .none, "超出消费次数限制", "Too many payments"),
        ("68", .failed, .tryLater, "交易超时，请重试", "Timed out, try again"),
        ("75", .failed, .callIssuer, "密码错误次数超限", "PIN tries exceeded"),
        ("77", .retryAfterStep, .signIn, "请重新签到", "Batch differs, sign in again"),
        ("90", .systemFault, .tryLater, "系统日切，请稍后重试", "Cut-over, try again later"),
        ("91", .systemFault, .tryLater, "发卡方状态不正常，请稍后重试", "Issuer unavailable, try again later"),
        ("92", .systemFault, .tryLater, "发卡方线路异常，请稍后重试", "No route to the issuer, try again later"),
        ("94", .failed, .none, "拒绝，重复交易", "Duplicate transaction"),
        ("96", .systemFault, .tryLater, "拒绝，交换中心异常，请稍后重试", "System malfunction, try again later"),
        ("97", .operatorActs, .callAcquirer, "终端未登记", "Unknown terminal"),
        ("98", .systemFault, .tryLater, "发卡方超时", "Issuer timed out"),
        ("99", .retryAfterStep, .signIn, "PIN格式错，请重新签到", "PIN block error, sign in again"),
        ("A0", .retryAfterStep, .signIn, "MAC校验错，请重新签到", "MAC error, sign in again"),
        ("A1", .failed, .none, "转账货币不一致", "Currencies differ"),
        ("A2", .approved, .confirmWithBank, "交易成功，请向资金到账行确认", "Approved, confirm with the receiving bank"),
        ("A3", .failed, .none, "资金到账行账号不正确", "Wrong receiving account"),
        ("A4", .approved, .confirmWithBank, "交易成功，请向资金到账行确认", "Approved, confirm with the receiving bank"),
        ("A5", .approved, .confirmWithBank, "交易成功，请向资金到账行确认", "Approved, confirm with the receiving bank"),
        ("A6", .approved, .confirmWithBank, "交易成功，请向资金到账行确认", "Approved, confirm with the receiving bank"),
        ("A7", .failed, .none, "安全处理失败", "Security failure"),
    ]
}
