import Control
import Engine
import HAL
import PCSCDriver
import Payments
import SimulatedAcquirer
import SimulatedCards
import SimulatedDevices
import SimulatedShop
import SystemDriver
import Terminal
import Testing

extension WholeTerminal {
    /// Taps, with a contactless reader beside the slot.
    @Suite struct TapTests {
        private static func sale(_ scene: Scene, _ amount: String, _ id: String = "tap") async throws -> PaymentReport {
            let (report, _) = try await scene.daemon { daemon in
                let report = try await daemon.sale(amount, id: id)
                if report.outcome == .approved { try await scene.receipts(2) }
                return report
            }
            return try #require(report)
        }

        /// Small amounts need neither PIN nor signature.
        @Test(arguments: ["quickpass-debit", "quickpass-credit"]) func smallAmount(card: String) async throws {
            try await Scene.play(taps: true) { scene in
                try await scene.tap(card)
                let report = try await Self.sale(scene, "88.80")
                #expect(report.outcome == .approved, "\(report)")
                #expect(scene.shop.host.ledger.entries.map(\.entryMode) == ["072"])
                #expect(scene.shop.host.ledger.entries.allSatisfy { $0.isChip })
                let receipts = scene.shop.printer.receipts
                #expect(receipts.count == 2)
                for receipt in receipts {
                    #expect(receipt.contains("交易金额未超过1000元，免密免签"), "\(receipt)")
                    #expect(receipt.contains("/C"), "\(receipt)")
                    #expect(!receipt.contains("持卡人签名"), "\(receipt)")
                }
                #expect(scene.shown.contains("Tap or insert card"))
            }
        }

        /// What a tap and its terminal approve without the issuer waits, and reaches the acquirer once (M5).
        @Test(arguments: ["quickpass-credit", "mastercard-contactless"])
        func approvedOffline(card: String) async throws {
            try await Scene.play({ $0.store.takesOffline = true }, taps: true) { scene in
                try await scene.daemon { daemon in
                    _ = try await daemon.ask(.post, "/v1/sign-in") as TerminalStatus
                    scene.shop.faults.ask(.connectionRefused)
                    try await scene.tap(card)
                    let report = try await daemon.sale("30.00", id: "tap")
                    #expect(report.outcome == .stored && report.reason == "offline", "\(report)")
                    #expect(scene.shop.host.ledger.entries.isEmpty)
                    scene.shop.faults.withdraw(.connectionRefused)
                    let sent: QueueReport = try await daemon.ask(.post, "/v1/queue/send")
                    #expect(sent.count == 0)
                    #expect(try await daemon.payment("tap").stored == .accepted)
                    #expect(scene.shop.host.ledger.entries.map(\.entryMode) == ["072"])
                    #expect(scene.captured(try await daemon.payment("tap")) == 3_000)
                }
            }
        }

        /// The PIN is asked for when the card has left.
        @Test func pinAfterTheCardLeft() async throws {
            try await Scene.play(taps: true) { scene in
                let shop = scene.shop
                scene.beforePIN { shop.field?.remove() }
                try await scene.tap("quickpass-debit")
                let report = try await Self.sale(scene, "1500.00")
                #expect(report.outcome == .approved, "\(report)")
                #expect(scene.shop.host.ledger.entries.map(\.entryMode) == ["071"])
                #expect(scene.shop.printer.receipts.allSatisfy { $0.contains("已输入密码，无需签名") })
            }
        }

        /// Whoever does not type the PIN does not pay.
        @Test(arguments: [CustomerAction.cancels, .bypasses]) func noPIN(_ action: CustomerAction) async throws {
            try await Scene.play(taps: true) { scene in
                scene.customer(does: action)
                try await scene.tap("quickpass-debit")
                let report = try await Self.sale(scene, "1500.00")
                #expect(report.outcome == .cancelled && report.reason == "customer", "\(report)")
                #expect(scene.shop.host.ledger.entries.isEmpty)
            }
        }

        /// At each command of a tap: the same card again, and one payment.
        @Test(arguments: 1...3) func removedInTheMiddle(_ command: Int) async throws {
            try await Scene.play(taps: true) { scene in
                scene.once("Present card again") { try? scene.present("quickpass-debit") }
                try await scene.tap("quickpass-debit+removed@\(command)")
                let report = try await Self.sale(scene, "88.80")
                #expect(report.outcome == .approved, "\(report)")
                #expect(scene.shop.host.ledger.entries.count == 1)
                #expect(scene.shown.contains("Present card again"), "\(scene.shown)")
            }
        }

        /// A card without a contactless application goes into the slot.
        @Test func anotherInterface() async throws {
            try await Scene.play(taps: true) { scene in
                let shop = scene.shop
                scene.once("Insert card or try another") {
                    shop.field?.remove()
                    _ = try? shop.insert("unionpay-debit")
                }
                try scene.hold(
                    try SimulatedCard(try #require(CardLibrary.card(named: "unionpay-debit")), on: .contactless))
                let report = try await Self.sale(scene, "88.80")
                #expect(report.outcome == .approved, "\(report)")
                #expect(scene.shop.host.ledger.entries.map(\.entryMode) == ["051"])
            }
        }

        /// The phone wants its owner to unlock it, and is tapped again.
        @Test func phone() async throws {
            try await Scene.play(taps: true) { scene in
                let shop = scene.shop
                scene.once("See phone") {
                    // The very phone, after its owner did what it asked for.
                    guard let phone = shop.field?.card else { return }
                    shop.field?.remove()
                    try? shop.field?.insert(phone)
                }
                try await scene.tap("unionpay-phone")
                let report = try await Self.sale(scene, "1500.00")
                #expect(report.outcome == .approved, "\(report)")
                #expect(scene.shop.host.ledger.entries.map(\.entryMode) == ["072"])
                #expect(scene.shop.printer.receipts.allSatisfy { $0.contains("持卡人设备已验证") })
            }
        }

        /// One card in the slot and one in the field: the terminal takes neither until one is gone.
        @Test func twoCards() async throws {
            try await Scene.play(taps: true) { scene in
                let shop = scene.shop
                scene.once("Present one card only") { shop.field?.remove() }
                try await scene.tap("quickpass-debit")
                _ = try scene.shop.insert("unionpay-debit")
                try await scene.seen()
                let report = try await Self.sale(scene, "88.80")
                #expect(report.outcome == .approved, "\(report)")
                #expect(scene.shown.contains("Present one card only"))
                #expect(scene.shop.host.ledger.entries.map(\.entryMode) == ["051"])
            }
        }

        /// With a field beside it the slot works as without.
        @Test func inserted() async throws {
            try await Scene.play(taps: true) { scene in
                try await scene.insert("unionpay-credit")
                let report = try await Self.sale(scene, "88.80")
                #expect(report.outcome == .approved, "\(report)")
                #expect(scene.shop.host.ledger.entries.map(\.entryMode) == ["051"])
            }
        }

        @Test func nobodyComes() async throws {
            try await Scene.play({ $0.cardSeconds = 1 }, taps: true) { scene in
                let report = try await Self.sale(scene, "88.80")
                #expect(report.outcome == .failed && report.reason == "noCard", "\(report)")
            }
        }

        /// Declined by the issuer, and approved in vain: a tap hears nothing of it, and owes nothing.
        @Test func declined() async throws {
            try await Scene.play(taps: true) { scene in
                scene.shop.host.declineNext("51")
                try await scene.tap("quickpass-debit")
                let report = try await Self.sale(scene, "88.80")
                #expect(report.outcome == .declined && report.reason == "51", "\(report)")
                #expect(report.reversal == .none)
            }
        }

        /// Other schemes' kernels.
        @Test(arguments: ["visa-contactless", "visa-phone", "mastercard-contactless"])
        func schemes(card: String) async throws {
            try await Scene.play(taps: true) { scene in
                try await scene.tap(card)
                let report = try await Self.sale(scene, "88.80")
                #expect(report.outcome == .approved, "\(report)")
                #expect(scene.shop.host.ledger.entries.map(\.entryMode) == ["072"])
            }
        }
    }
}

extension Scene {
    /// Holds this card into the field.
    func hold(_ card: SimulatedCard) throws { try shop.field?.insert(card) }

    /// Returns when slot and field have seen their cards: pcscd looks every 400 ms.
    func seen() async throws {
        for case .pcsc(let name, _)? in [shop.configuration.reader, shop.configuration.field] {
            let clock = SystemClock()
            let reader = PCSCReader(named: name, clock: clock)
            _ = try await reader.awaitCard(deadline: clock.uptime.advanced(milliseconds: 10_000))
            await reader.powerDown()
        }
    }
}
