/// Values of EMV 4.4 Book 3, Annexes A and C, and Book 4, Annex A.
extension BitTable {
    /// Terminal verification results (95) and, bit for bit, issuer and terminal action codes (Book 3, Annex C5).
    static let tvr = BitTable([
        Row(1, 8, "未进行脱机数据认证", "Offline data authentication was not performed"),
        Row(1, 7, "静态数据认证（SDA）失败", "SDA failed"),
        Row(1, 6, "卡片数据缺失", "Card data missing (ICC data missing)"),
        Row(1, 5, "卡片在终端异常文件中", "Card is on the terminal exception file"),
        Row(1, 4, "动态数据认证（DDA）失败", "DDA failed"),
        Row(1, 3, "复合动态数据认证（CDA）失败", "CDA failed"),
        Row(1, 2, "已选择静态数据认证（SDA）", "SDA selected"),
        Row(1, 1, "已选择扩展数据认证（XDA）", "XDA selected"),
        Row(2, 8, "卡片与终端应用版本不一致", "Card and terminal have different application versions"),
        Row(2, 7, "应用已过期", "Expired application"),
        Row(2, 6, "应用尚未生效", "Application not yet effective"),
        Row(2, 5, "卡片不允许所请求的服务", "Requested service not allowed for card product"),
        Row(2, 4, "新卡", "New card"),
        Row(2, 2, "生物特征验证成功", "Biometric performed and successful"),
        Row(2, 1, "不支持该生物特征模板格式", "Biometric template format not supported"),
        Row(3, 8, "持卡人验证不成功", "Cardholder verification was not successful"),
        Row(3, 7, "未知的持卡人验证方法", "Unrecognised CVM"),
        Row(3, 6, "PIN 输入次数超限", "PIN try limit exceeded"),
        Row(3, 5, "要求输入 PIN，但密码键盘不存在或故障", "PIN entry required and PIN pad not present or not working"),
        Row(3, 4, "要求输入 PIN，密码键盘存在，但未输入 PIN", "PIN entry required, PIN pad present, but PIN not entered"),
        Row(3, 3, "已输入联机 PIN", "On-line PIN entered (online CVM captured)"),
        Row(3, 2, "要求生物特征，但采集设备故障", "Biometric required but capture device not working"),
        Row(3, 1, "要求生物特征，但输入被跳过", "Biometric required, but its entry was bypassed"),
        Row(4, 8, "交易金额超过最低限额", "Transaction exceeds floor limit"),
        Row(4, 7, "超过连续脱机交易下限", "Lower consecutive offline limit exceeded"),
        Row(4, 6, "超过连续脱机交易上限", "Upper consecutive offline limit exceeded"),
        Row(4, 5, "随机选择联机处理", "Transaction selected randomly for on-line processing"),
        Row(4, 4, "商户强制联机", "Merchant forced transaction on-line"),
        Row(4, 3, "生物特征尝试次数超限", "Biometric try limit exceeded"),
        Row(4, 2, "不支持所选的生物特征类型", "A selected biometric type not supported"),
        Row(4, 1, "XDA 签名验证失败", "XDA signature verification failed"),
        Row(5, 8, "使用了默认 TDOL", "Default TDOL used"),
        Row(5, 7, "发卡行认证失败", "Issuer authentication failed"),
        Row(5, 6, "最后一次 GENERATE AC 之前脚本处理失败", "Script processing failed before final GENERATE AC"),
        Row(5, 5, "最后一次 GENERATE AC 之后脚本处理失败", "Script processing failed after final GENERATE AC"),
        Row(5, 4, "非接保留（C-2：中继防护阈值超限）", "Reserved for contactless (C-2: relay resistance threshold exceeded)"),
        Row(5, 3, "缺少 CA 的 ECC 公钥（C-2：中继防护超时）", "CA ECC key missing (C-2: relay resistance time limits exceeded)"),
        Row(5, 2, "ECC 密钥恢复失败（C-2：已执行中继防护）", "ECC key recovery failed (C-2: relay resistance performed)"),
        Row(5, 1, "非接保留（C-2：未执行中继防护）", "Reserved for contactless (C-2: relay resistance not performed)"),
    ])

    /// Transaction status information (9B; Book 3, Annex C6).
    static let tsi = BitTable([
        Row(1, 8, "已进行脱机数据认证", "Offline data authentication was performed"),
        Row(1, 7, "已进行持卡人验证", "Cardholder verification was performed"),
        Row(1, 6, "已进行卡片风险管理", "Card risk management was performed"),
        Row(1, 5, "已进行发卡行认证", "Issuer authentication was performed"),
        Row(1, 4, "已进行终端风险管理", "Terminal risk management was performed"),
        Row(1, 3, "已进行脚本处理", "Script processing was performed"),
    ])

    /// Application interchange profile (82; Book 3, Annex C1; byte 2 Books C-2, C-3, C-7).
    static let aip = BitTable([
        Row(1, 8, "支持扩展数据认证（XDA）", "XDA supported"),
        Row(1, 7, "支持静态数据认证（SDA）", "SDA supported"),
        Row(1, 6, "支持动态数据认证（DDA）", "DDA supported"),
        Row(1, 5, "支持持卡人验证", "Cardholder verification supported"),
        Row(1, 4, "执行终端风险管理", "Terminal risk management is to be performed"),
        Row(1, 3, "支持用 EXTERNAL AUTHENTICATE 进行发卡行认证", "Issuer authentication by EXTERNAL AUTHENTICATE supported"),
        Row(1, 2, "支持设备持卡人验证（非接）", "On-device cardholder verification supported (contactless)"),
        Row(1, 1, "支持复合动态数据认证（CDA）", "CDA supported"),
        Row(2, 8, "支持 EMV 模式（非接）", "EMV mode supported (contactless)"),
        Row(2, 7, "支持移动设备（非接）", "Mobile device (contactless)"),
        Row(2, 1, "支持中继防护协议（非接）", "Relay resistance protocol supported (contactless)"),
    ])

    /// Application usage control (9F07; Book 3, Annex C2).
    static let usageControl = BitTable([
        Row(1, 8, "国内现金交易有效", "Valid for domestic cash transactions"),
        Row(1, 7, "国际现金交易有效", "Valid for international cash transactions"),
        Row(1, 6, "国内商品有效", "Valid for domestic goods"),
        Row(1, 5, "国际商品有效", "Valid for international goods"),
        Row(1, 4, "国内服务有效", "Valid for domestic services"),
        Row(1, 3, "国际服务有效", "Valid for international services"),
        Row(1, 2, "ATM 有效", "Valid at ATMs"),
        Row(1, 1, "ATM 以外的终端有效", "Valid at terminals other than ATMs"),
        Row(2, 8, "允许国内返现", "Domestic cashback allowed"),
        Row(2, 7, "允许国际返现", "International cashback allowed"),
    ])

    /// Cryptogram information data (9F27; Book 3, 6.5.5.4).
    static let cryptogramInformation = BitTable([
        Row(1, 7...8, 0b00, "AAC：拒绝", "AAC: declined"),
        Row(1, 7...8, 0b01, "TC：批准", "TC: approved"),
        Row(1, 7...8, 0b10, "ARQC：请求联机授权", "ARQC: on-line authorisation requested"),
        Row(1, 5...6, nil, "支付系统专用密文", "Payment system-specific cryptogram"),
        Row(1, 4...4, 0, "不要求通知", "No advice required"),
        Row(1, 4...4, 1, "要求通知", "Advice required"),
        Row(1, 1...3, 0b000, "未给出原因", "No information given"),
        Row(1, 1...3, 0b001, "不允许该服务", "Service not allowed"),
        Row(1, 1...3, 0b010, "PIN 输入次数超限", "PIN try limit exceeded"),
        Row(1, 1...3, 0b011, "发卡行认证失败", "Issuer authentication failed"),
    ])

    /// Terminal capabilities (9F33; Book 4, Annex A2).
    static let capabilities = BitTable([
        Row(1, 8, "手工键盘输入", "Manual key entry"),
        Row(1, 7, "磁条", "Magnetic stripe"),
        Row(1, 6, "接触式 IC 卡", "IC with contacts"),
        Row(2, 8, "脱机明文 PIN", "Plaintext PIN for ICC verification"),
        Row(2, 7, "联机加密 PIN", "Enciphered PIN for on-line verification"),
        Row(2, 6, "签名", "Signature"),
        Row(2, 5, "脱机加密 PIN", "Enciphered PIN for offline verification"),
        Row(2, 4, "无需持卡人验证", "No CVM required"),
        Row(2, 3, "联机生物特征", "On-line biometric"),
        Row(2, 2, "脱机生物特征", "Offline biometric"),
        Row(3, 8, "静态数据认证（SDA）", "SDA"),
        Row(3, 7, "动态数据认证（DDA）", "DDA"),
        Row(3, 6, "吞卡", "Card capture"),
        Row(3, 4, "复合动态数据认证（CDA）", "CDA"),
        Row(3, 3, "扩展数据认证（XDA）", "XDA"),
    ])

    /// Terminal transaction qualifiers (9F66; EMV Contactless Books C-3 and C-7, Annex A).
    static let terminalQualifiers = BitTable([
        Row(1, 8, "支持非接磁条模式", "Mag-stripe mode supported"),
        Row(1, 6, "支持非接 EMV 模式（qPBOC、qVSDC）", "EMV mode supported (qPBOC, qVSDC)"),
        Row(1, 5, "支持接触式芯片", "EMV contact chip supported"),
        Row(1, 4, "仅脱机读卡器", "Offline-only reader"),
        Row(1, 3, "支持联机 PIN", "On-line PIN supported"),
        Row(1, 2, "支持签名", "Signature supported"),
        Row(1, 1, "支持联机交易的脱机数据认证", "Offline data authentication for on-line authorisations supported"),
        Row(2, 8, "要求联机密文", "On-line cryptogram required"),
        Row(2, 7, "要求持卡人验证", "CVM required"),
        Row(2, 6, "支持接触式脱机 PIN", "(Contact chip) offline PIN supported"),
        Row(3, 8, "支持发卡行更新处理", "Issuer update processing supported"),
        Row(3, 7, "支持移动设备持卡人验证（CDCVM）", "Consumer device CVM supported"),
        Row(4, 8, "支持 fDDA 版本 1.0", "fDDA v1.0 supported"),
    ])

    /// Card transaction qualifiers (9F6C; EMV Contactless Books C-3 and C-7, Annex A).
    static let cardQualifiers = BitTable([
        Row(1, 8, "要求联机 PIN", "On-line PIN required"),
        Row(1, 7, "要求签名", "Signature required"),
        Row(1, 6, "脱机数据认证失败且可联机时联机", "Go on-line if offline data authentication fails and reader is on-line capable"),
        Row(
            1, 5, "脱机数据认证失败且支持接触式时换界面（C-7：终止）",
            "Switch interface if offline data authentication fails and reader supports contact chip (C-7: terminate)"),
        Row(1, 4, "应用过期时联机", "Go on-line if application expired"),
        Row(1, 3, "现金交易换界面", "Switch interface for cash transactions"),
        Row(1, 2, "返现交易换界面", "Switch interface for cashback transactions"),
        Row(1, 1, "非接 ATM 交易无效", "Not valid for contactless ATM transactions"),
        Row(2, 8, "已执行移动设备持卡人验证（CDCVM）", "Consumer device CVM performed"),
        Row(2, 7, "卡片支持发卡行更新处理", "Card supports issuer update processing at the POS"),
    ])
}
