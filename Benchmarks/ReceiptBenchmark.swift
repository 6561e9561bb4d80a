import HAL
import Payments
import Receipts
import SimulatedDevices

/// A receipt of 40 lines with Chinese text and a QR symbol, made for a printer.
struct ReceiptBenchmark {
    private static let link = "https://receipts.example/r/2041/8F2K4M7QX3"

    func run() throws -> [Figure] {
        let receipt = Self.receipt
        let commands = ESCPOSRenderer(profile: .chinese80)
        let pictures = ESCPOSRenderer(profile: .generic80)
        try Self.check(commands.render(receipt), on: .chinese80) { $0.contains("宫保鸡丁") && $0.contains(Self.link) }
        try Self.check(pictures.render(receipt), on: .generic80) { $0.contains("[picture ") }
        return [
            Figure(
                "receipt_encode_ms", "receipt of 40 lines, Chinese, QR symbol: as commands", "ms",
                Stopwatch.nanoseconds { commands.render(receipt) }.map { $0 / 1e6 }, budget: 1),
            Figure(
                "receipt_raster_ms", "… as pictures, for a printer without a Chinese font", "ms",
                Stopwatch.nanoseconds { pictures.render(receipt) }.map { $0 / 1e6 }, budget: 30),
        ]
    }

    /// What the simulated printer makes of it is what was meant.
    private static func check(_ job: [UInt8], on profile: PrinterProfile, _ isRight: (String) -> Bool) throws {
        var paper = Paper(profile: profile)
        _ = paper.feed(job)
        guard let text = paper.receipts.first, isRight(text) else {
            throw BenchmarkFailure("the receipt is not printed as it was meant:\n\(paper.receipts.first ?? "")")
        }
    }

    private static var receipt: Receipt {
        let dishes = ["宫保鸡丁", "北京烤鸭（半只）", "麻婆豆腐", "西红柿炒鸡蛋", "干煸四季豆", "小笼包（八只）"]
        var lines: [Receipt.Line] = [.heading(BilingualText("签购单", "Receipt")), .rule]
        for number in 0..<34 {
            let dish = dishes[number % dishes.count]
            lines.append(.item(BilingualText("\(number + 1) \(dish)", "Dish \(number + 1)"), "\(number + 12).80"))
        }
        lines += [.rule, .emphasis(BilingualText("合计", "TOTAL"), "RMB 989.40")]
        lines.append(.symbol(link, BilingualText("电子小票", "Your receipt")))
        return Receipt(lines: lines)
    }
}
