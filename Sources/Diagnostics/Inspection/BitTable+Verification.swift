/// Cardholder verification: rules of the CVM list (8E) and CVM results (9F34; EMV 4.4 Book 3, Annex C3; Book 4, Annex A4).
extension BitTable {
    /// A rule: method and condition.
    static let cvmRule = BitTable(failureRows + methodRows + conditionRows)

    /// The results: method, condition, and what came of it.
    static let cvmResults = BitTable(
        failureRows + methodRows + conditionRows + [
            Row(1, 1...6, 0x3F, "未执行持卡人验证", "No CVM performed"),
            Row(3, 1...8, 0x00, "结果未知（如签名）", "Unknown (for example, for signature)"),
            Row(3, 1...8, 0x01, "失败", "Failed"),
            Row(3, 1...8, 0x02, "成功", "Successful"),
        ])

    private static let failureRows = [
        Row(1, 7...7, 0, "如失败，持卡人验证失败", "If unsuccessful, cardholder verification fails"),
        Row(1, 7...7, 1, "如失败，应用下一条规则", "If unsuccessful, the next rule applies"),
    ]

    private static let methodRows =
        [
            (0x00, "持卡人验证失败", "Fail CVM processing"),
            (0x01, "卡片验证明文 PIN", "Plaintext PIN verified by the card"),
            (0x02, "联机验证加密 PIN", "Enciphered PIN verified on-line"),
            (0x03, "卡片验证明文 PIN 并签名", "Plaintext PIN verified by the card, and signature"),
            (0x04, "卡片验证加密 PIN", "Enciphered PIN verified by the card"),
            (0x05, "卡片验证加密 PIN 并签名", "Enciphered PIN verified by the card, and signature"),
            (0x06, "卡片脱机验证面部", "Facial biometric verified offline by the card"),
            (0x07, "联机验证面部", "Facial biometric verified on-line"),
            (0x08, "卡片脱机验证指纹", "Finger biometric verified offline by the card"),
            (0x09, "联机验证指纹", "Finger biometric verified on-line"),
            (0x0A, "卡片脱机验证掌纹", "Palm biometric verified offline by the card"),
            (0x0B, "联机验证掌纹", "Palm biometric verified on-line"),
            (0x0C, "卡片脱机验证虹膜", "Iris biometric verified offline by the card"),
            (0x0D, "联机验证虹膜", "Iris biometric verified on-line"),
            (0x0E, "卡片脱机验证声音", "Voice biometric verified offline by the card"),
            (0x0F, "联机验证声音", "Voice biometric verified on-line"),
            (0x1E, "签名（纸质）", "Signature (paper)"),
            (0x1F, "无需持卡人验证", "No CVM required"),
            (0x20, "出示持卡人证件（银联）", "Identity document shown (UnionPay)"),
        ].map { Row(1, 1...6, $0, $1, $2) }
        + (0x21...0x2F).map { Row(1, 1...6, $0, "支付系统专用", "Reserved for the payment systems") }
        + (0x30...0x3E).map { Row(1, 1...6, $0, "发卡行专用", "Reserved for the issuer") }

    private static let conditionRows =
        [
            (0x00, "总是", "Always"),
            (0x01, "如为无人值守现金交易", "If unattended cash"),
            (0x02, "如非现金且无返现", "If not unattended cash and not manual cash and not purchase with cashback"),
            (0x03, "如终端支持该方法", "If the terminal supports the CVM"),
            (0x04, "如为人工现金交易", "If manual cash"),
            (0x05, "如为返现消费", "If purchase with cashback"),
            (0x06, "如为应用货币且金额低于 X", "If in the application currency and under X"),
            (0x07, "如为应用货币且金额高于 X", "If in the application currency and over X"),
            (0x08, "如为应用货币且金额低于 Y", "If in the application currency and under Y"),
            (0x09, "如为应用货币且金额高于 Y", "If in the application currency and over Y"),
        ].map { Row(2, 1...8, $0, $1, $2) }
        + (0x80...0xFF).map { Row(2, 1...8, $0, "支付系统专用", "Reserved for the payment systems") }
}
