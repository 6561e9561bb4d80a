import FoundationEssentials
import HAL
import Payments
import SimulatedAcquirer
import SimulatedCards
import SimulatedDevices
import SimulatedShop
import SystemDriver
import Terminal

/// What a person can do in the demonstration shop.
struct Demonstration {
    let shop: Shop
    let daemon: Daemon
    /// Printer and scanner on an emulated bus, if they are there.
    let counter: USBCounter?
    /// What the printer on that bus prints goes there.
    let pictures: ReceiptPictures

    /// Puts a card in, or taps with it, asks for the amount, and shows what came of it. Nil if nothing could be asked for.
    @discardableResult
    func sale(_ amount: String, card name: String, taps: Bool = false) async throws -> PaymentReport? {
        guard try taps ? shop.tap(name) : shop.insert(name) else {
            Screen.line("there is no card \(name); see tender-sim cards")
            return nil
        }
        Screen.line("card       \(name) \(taps ? "held to the reader" : "inserted")")
        let printed = counter?.printed ?? shop.printer.receipts.count
        defer {
            shop.slot.remove()
            shop.field?.remove()
        }
        let report: PaymentReport
        do {
            report = try await daemon.sale(amount, id: "demo-\(UUID().uuidString.prefix(13))")
        } catch let refusal as Refusal {
            Screen.line("refused    \(refusal)")
            return nil
        }
        if report.outcome == .approved { await counter?.showReceipts(2, after: printed, pictures) }
        // A printer of the person's own has the paper itself.
        if shop.configuration.printer == nil, report.outcome == .approved { await receipts(from: printed, atLeast: 2) }
        if report.outcome != .approved, let text = report.text {
            Screen.line("outcome    \(text.chinese) \(text.english)")
            if let detail = report.detail { Screen.line("because    \(detail)") }
        }
        return report
    }

    /// Asks what happens next until the person has seen enough.
    func stayOpen() async throws {
        let menu = """

            1 another sale   2 another card   3 cut the network   4 join it again   5 paper out   6 paper in
            7 no reply to the next request    8 decline the next  9 ledger          s status      q close the shop
            t tap with a card or phone
            \(counter == nil ? "" : USBCounter.menu)
            """
        while let choice = Screen.ask(menu + "\n> ") {
            switch choice {
            case "1": try await sale(Screen.ask("amount: ") ?? "1.00", card: "unionpay-debit")
            case "2":
                Screen.line(CardLibrary.all.map(\.name).joined(separator: "  "))
                try await sale("12.50", card: Screen.ask("card: ") ?? "unionpay-debit")
            case "t":
                let cards = CardLibrary.all.filter { $0.interfaces.contains(.contactless) }
                Screen.line(cards.map(\.name).joined(separator: "  "))
                try await sale("12.50", card: Screen.ask("card: ") ?? "quickpass-credit", taps: true)
            case "3": shop.faults.ask(.connectionRefused)
            case "4": shop.faults.withdraw(.connectionRefused)
            case "5": shop.printer.fail(.paperOut)
            case "6": shop.printer.fail(nil)
            case "7": shop.faults.ask(.noReply)
            case "8": shop.host.declineNext("51")
            case "9":
                for entry in shop.host.ledger.entries {
                    let amount = Money(minorUnits: entry.amount, .cny)
                    Screen.line(
                        "\(entry.key.stan)  \(entry.kind)  \(amount)  \(entry.pan?.masked ?? "-")  \(entry.state)")
                }
            case "s":
                let status = try await daemon.status()
                for device in status.devices {
                    Screen.line(
                        "\(device.role): \(device.isReady ? "ready" : "not ready") \(device.name) \(device.note)")
                }
                Screen.line(
                    "acquirer: \(status.acquirerProblem ?? "no problem"), reversals: \(status.openReversals.count)")
            case "q": return
            default: try await counter?.perform(choice)
            }
        }
    }

    /// Waits for paper, for as long as a printer takes.
    private func receipts(from count: Int, atLeast: Int) async {
        let clock = SystemClock()
        let deadline = clock.uptime.advanced(milliseconds: 3_000)
        while shop.printer.receipts.count < count + atLeast {
            guard clock.uptime < deadline else { return }
            try? await clock.wait(until: clock.uptime.advanced(milliseconds: 20))
        }
    }
}
