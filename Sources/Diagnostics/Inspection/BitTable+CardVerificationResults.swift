/// Card verification results, the part of issuer application data (9F10) that the payment systems publish.
extension BitTable {
    private static func firstCryptograms(_ byte: Int) -> [Row] {
        [
            Row(byte, 7...8, 0b00, "第二次 GENERATE AC 返回 AAC", "AAC returned in second GENERATE AC"),
            Row(byte, 7...8, 0b01, "第二次 GENERATE AC 返回 TC", "TC returned in second GENERATE AC"),
            Row(byte, 7...8, 0b10, "未请求第二次 GENERATE AC", "Second GENERATE AC not requested"),
            Row(byte, 5...6, 0b00, "第一次 GENERATE AC 返回 AAC", "AAC returned in first GENERATE AC"),
            Row(byte, 5...6, 0b01, "第一次 GENERATE AC 返回 TC", "TC returned in first GENERATE AC"),
            Row(byte, 5...6, 0b10, "第一次 GENERATE AC 返回 ARQC", "ARQC returned in first GENERATE AC"),
        ]
    }

    /// UnionPay and Visa: four bytes, the first is their length (JR/T 0025.5; VIS).
    static let unionPayResults = BitTable(
        [Row(1, 1...8, nil, "后续长度", "Length of what follows")] + firstCryptograms(2) + [
            Row(2, 4, "发卡行认证已执行但失败", "Issuer authentication performed and failed"),
            Row(2, 3, "已执行脱机 PIN 验证", "Offline PIN verification performed"),
            Row(2, 2, "脱机 PIN 验证失败", "Offline PIN verification failed"),
            Row(2, 1, "无法联机", "Unable to go on-line"),
            Row(3, 8, "上次联机交易未完成", "Last on-line transaction not completed"),
            Row(3, 7, "PIN 输入次数超限", "PIN try limit exceeded"),
            Row(3, 6, "超过频度检查计数", "Exceeded velocity checking counters"),
            Row(3, 5, "新卡", "New card"),
            Row(3, 4, "上次联机交易发卡行认证失败", "Issuer authentication failure on last on-line transaction"),
            Row(3, 3, "联机授权后未执行发卡行认证", "Issuer authentication not performed after on-line authorisation"),
            Row(3, 2, "因 PIN 次数超限应用被卡片锁定", "Application blocked by card because PIN try limit exceeded"),
            Row(
                3, 1, "上次交易静态数据认证失败且脱机拒绝",
                "Static data authentication failed on last transaction and transaction declined offline"),
            Row(
                4, 5...8, nil, "上次交易第二次 GENERATE AC 后处理的脚本命令数",
                "Script commands processed after second GENERATE AC on last transaction"),
            Row(4, 4, "上次交易发卡行脚本处理失败", "Issuer script processing failed on last transaction"),
            Row(
                4, 3, "上次交易动态数据认证失败且脱机拒绝",
                "Dynamic data authentication failed on last transaction and transaction declined offline"),
            Row(4, 2, "已执行动态数据认证", "Dynamic data authentication performed"),
            Row(4, 1, "未收到要求的 PIN 验证命令", "PIN verification command not received although expected"),
        ])

    /// Mastercard: six bytes (M/Chip 4, M/Chip Advance).
    static let mastercardResults = BitTable(
        firstCryptograms(1) + [
            Row(1, 3, "已执行脱机 PIN 验证", "Offline PIN verification performed"),
            Row(1, 2, "已执行脱机加密 PIN 验证", "Offline encrypted PIN verification performed"),
            Row(1, 1, "脱机 PIN 验证成功", "Offline PIN verification successful"),
            Row(2, 8, "已返回 DDA", "DDA returned"),
            Row(2, 7, "第一次 GENERATE AC 返回 CDA", "CDA returned in first GENERATE AC"),
            Row(2, 6, "第二次 GENERATE AC 返回 CDA", "CDA returned in second GENERATE AC"),
            Row(2, 5, "已执行发卡行认证", "Issuer authentication performed"),
            Row(2, 4, "CAT3 终端跳过 CIAC-default", "CIAC-default skipped on CAT3"),
            Row(2, 3, "脱机修改 PIN 结果", "Offline change PIN result"),
            Row(2, 1...2, nil, "发卡行自定义", "Issuer discretionary"),
            Row(3, 5...8, nil, "脚本计数器低半字节", "Right nibble of script counter"),
            Row(3, 1...4, nil, "PIN 尝试计数器低半字节", "Right nibble of PIN try counter"),
            Row(4, 8, "上次联机交易未完成", "Last on-line transaction not completed"),
            Row(4, 7, "无法联机", "Unable to go on-line indicated"),
            Row(4, 6, "未执行脱机 PIN 验证", "Offline PIN verification not performed"),
            Row(4, 5, "脱机 PIN 验证失败", "Offline PIN verification failed"),
            Row(4, 4, "PIN 输入次数超限", "PIN try limit exceeded"),
            Row(4, 3, "国际交易", "International transaction"),
            Row(4, 2, "国内交易", "Domestic transaction"),
            Row(4, 1, "终端误认为脱机 PIN 正确", "Terminal erroneously considers offline PIN OK"),
            Row(5, 8, "超过连续脱机交易下限", "Lower consecutive offline limit exceeded"),
            Row(5, 7, "超过连续脱机交易上限", "Upper consecutive offline limit exceeded"),
            Row(5, 6, "超过累计脱机金额下限", "Lower cumulative offline limit exceeded"),
            Row(5, 5, "超过累计脱机金额上限", "Upper cumulative offline limit exceeded"),
            Row(5, 4, "已设置下次联机", "Go on-line on next transaction was set"),
            Row(5, 3, "发卡行认证失败", "Issuer authentication failed"),
            Row(5, 2, "已收到脚本", "Script received"),
            Row(5, 1, "脚本失败", "Script failed"),
            Row(6, 8, "超过第二连续计数下限（Advance）", "Lower consecutive counter 2 limit exceeded (Advance)"),
            Row(6, 7, "超过第二连续计数上限（Advance）", "Upper consecutive counter 2 limit exceeded (Advance)"),
            Row(6, 6, "超过第二累计下限（Advance）", "Lower cumulative accumulator 2 limit exceeded (Advance)"),
            Row(6, 5, "超过第二累计上限（Advance）", "Upper cumulative accumulator 2 limit exceeded (Advance)"),
            Row(6, 4, "超过单笔金额上限（Advance）", "Maximum transaction amount limit exceeded (Advance)"),
            Row(6, 3, "超过脱机天数上限（Advance）", "Number of days offline limit exceeded (Advance)"),
            Row(6, 2, "附加检查表匹配", "Match found in additional check table"),
            Row(6, 1, "附加检查表不匹配", "No match found in additional check table"),
        ])

    /// EMV's own cards: five bytes (CCD, EMV 4.4 Book 3, Annex C7.3).
    static let commonCoreResults = BitTable(
        firstCryptograms(1) + [
            Row(1, 4, "已执行 CDA", "CDA performed"),
            Row(1, 3, "已执行 DDA", "Offline DDA performed"),
            Row(1, 2, "未执行发卡行认证", "Issuer authentication not performed"),
            Row(1, 1, "发卡行认证失败", "Issuer authentication failed"),
            Row(2, 5...8, nil, "PIN 尝试计数器低半字节", "Low nibble of PIN try counter"),
            Row(2, 4, "已执行脱机 PIN 验证", "Offline PIN verification performed"),
            Row(2, 3, "脱机 PIN 验证不成功", "Offline PIN verification performed and not successful"),
            Row(2, 2, "PIN 输入次数超限", "PIN try limit exceeded"),
            Row(2, 1, "上次联机交易未完成", "Last on-line transaction not completed"),
            Row(3, 8, "超过脱机交易次数下限", "Lower offline transaction count limit exceeded"),
            Row(3, 7, "超过脱机交易次数上限", "Upper offline transaction count limit exceeded"),
            Row(3, 6, "超过累计脱机金额下限", "Lower cumulative offline amount limit exceeded"),
            Row(3, 5, "超过累计脱机金额上限", "Upper cumulative offline amount limit exceeded"),
            Row(3, 1...4, nil, "发卡行自定义", "Issuer discretionary"),
            Row(4, 5...8, nil, "成功处理的脚本命令数", "Issuer script commands processed successfully"),
            Row(4, 4, "发卡行脚本处理失败", "Issuer script processing failed"),
            Row(4, 3, "上次交易脱机数据认证失败", "Offline data authentication failed on previous transaction"),
            Row(4, 2, "已设置下次联机", "Go on-line on next transaction was set"),
            Row(4, 1, "无法联机", "Unable to go on-line"),
        ])
}
