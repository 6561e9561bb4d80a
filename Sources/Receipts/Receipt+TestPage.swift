public import HAL
public import Payments

extension Receipt {
    /// A page that shows what a printer can do and how its profile fits: the ruler has to fill the paper, the Chinese lines end
    /// where the Latin ones do, and the symbol can be read. `printer` is what the printer calls itself.
    public init(
        testPageFor profile: PrinterProfile, printer: String, merchant: ReceiptData.Merchant, time: LocalDateTime
    ) {
        self.init(lines: [
            .heading(BilingualText("打印机测试", "PRINTER TEST")), .rule,
            .item(BilingualText("打印机", "PRINTER"), printer),
            .item(BilingualText("型号配置", "PROFILE"), profile.name),
            .item(BilingualText("列数/点数", "COLUMNS/DOTS"), "\(profile.columns) / \(profile.dots)"),
            .item(BilingualText("汉字", "CHINESE"), profile.chinese.rawValue),
            .item(BilingualText("二维码", "QR SYMBOL"), profile.symbols.rawValue),
            .item(BilingualText("切刀", "CUTTER"), profile.cutter.rawValue),
            .item(BilingualText("终端编号", "TERMINAL NO."), merchant.terminal),
            .item(BilingualText("日期时间", "DATE/TIME"), time.receiptText),
            .ruler, .rule,
            .note(BilingualText(plain: "天地玄黄，宇宙洪荒。日月盈昃，辰宿列张。")),
            .note(BilingualText(plain: "赢蠢鹰繁囊疆矗霸酬谢覆鑫警")),
            .note(
                BilingualText(
                    plain:
                        "ABCDEFGHIJKLMNOPQRSTUVWXYZ abcdefghijklmnopqrstuvwxyz 0123456789 !\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"
                )),
            .emphasis(BilingualText("浓度", "DENSITY"), "▁▂▃▄▅▆▇█"),
            .emphasis(BilingualText("金额", "AMOUNT"), "RMB 12345678.90"),
            .symbol("TENDER PRINTER TEST \(profile.name)", BilingualText("扫码检查", "SCAN TO CHECK")),
            .heading(BilingualText("测试结束", "END OF TEST")),
        ])
    }
}
