import EMV
import Payments

/// What the customer reads while a card is served.
enum CustomerText {
    static let insertCard = BilingualText("请插卡", "Insert card")
    static let presentOrInsertCard = BilingualText("请挥卡或插卡", "Tap or insert card")
    static let reading = BilingualText("正在读卡，请勿拔卡", "Reading, leave the card in")
    static let chooseApplication = BilingualText("请选择应用", "Choose an application")

    /// A PIN that the card checks.
    static func enterCardPIN(triesLeft: Int?, isRetry: Bool) -> BilingualText {
        switch (triesLeft, isRetry) {
        case (1, true): BilingualText("密码错误，最后一次机会", "Wrong PIN. Last try")
        case (1, false): BilingualText("请输入密码，最后一次机会", "Enter PIN. Last try")
        case (let left?, true): BilingualText("密码错误，还可输入\(left)次", "Wrong PIN. \(left) tries left")
        case (nil, true): BilingualText("密码错误，请重新输入", "Wrong PIN. Enter it again")
        case (_, false): UserInterfaceRequest.Message.enterPIN.text
        }
    }
}

extension UserInterfaceRequest.Message {
    /// The standard messages of contactless readers (EMV Contactless Book A, Table 9-3) in this shop's words.
    var text: BilingualText {
        switch self {
        case .approved: BilingualText("交易成功", "Approved")
        case .declined: BilingualText("交易被拒绝", "Not authorised")
        case .enterPIN: BilingualText("请输入密码", "Enter PIN")
        case .processingError: BilingualText("处理出错", "Processing error")
        case .removeCard: BilingualText("请移开卡片", "Remove card")
        case .welcome: BilingualText("欢迎光临", "Welcome")
        case .presentCard: BilingualText("请挥卡", "Present card")
        case .processing: BilingualText("处理中", "Processing")
        case .cardReadOK: BilingualText("读卡成功，请移开卡片", "Card read OK. Remove card")
        // There is no stripe reader to send anybody to.
        case .insertOrSwipe, .insertCard: BilingualText("请插卡", "Insert card")
        case .presentOneCard: BilingualText("请只出示一张卡", "Present one card only")
        case .approvedPleaseSign: BilingualText("交易成功，请签名", "Approved. Please sign")
        case .authorising: BilingualText("正在授权，请稍候", "Authorising. Please wait")
        case .tryAnotherCard: BilingualText("请插卡或换卡", "Insert card or try another")
        case .clearDisplay: BilingualText("", "")
        case .seePhone: BilingualText("请查看手机提示", "See phone for instructions")
        case .presentCardAgain: BilingualText("请再次挥卡", "Present card again")
        }
    }
}
