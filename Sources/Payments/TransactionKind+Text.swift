extension TransactionKind {
    /// Its name on Chinese receipts and screens.
    public var chinese: String {
        switch self {
        case .sale: "消费"
        case .void: "消费撤销"
        case .refund: "退货"
        case .balance: "余额查询"
        case .preauthorization: "预授权"
        case .preauthorizationCancel: "预授权撤销"
        case .completion: "预授权完成"
        case .completionAdvice: "预授权完成通知"
        case .completionVoid: "预授权完成撤销"
        case .offlineSale: "脱机消费"
        case .offlineSettlement: "离线结算"
        case .adjustment: "结算调整"
        case .tip: "小费"
        }
    }

    /// Its name in English.
    public var english: String {
        switch self {
        case .sale: "sale"
        case .void: "void"
        case .refund: "refund"
        case .balance: "balance enquiry"
        case .preauthorization: "pre-authorisation"
        case .preauthorizationCancel: "pre-authorisation cancel"
        case .completion: "completion"
        case .completionAdvice: "completion advice"
        case .completionVoid: "completion void"
        case .offlineSale: "offline sale"
        case .offlineSettlement: "offline settlement"
        case .adjustment: "adjustment"
        case .tip: "tip"
        }
    }
}
