import Payments
import SimulatedAcquirer
import SimulatedCards
import SimulatedDevices
import SimulatedShop
import Terminal
import Testing

extension WholeTerminal {
    /// A PIN that the card checks: no digit of it comes to the terminal, as the search after each scene shows.
    @Suite struct OfflinePINTests {
        /// Commands of a card: VERIFY with a PIN in the clear, and enciphered.
        private static let plaintext: [UInt8] = [0x00, 0x20, 0x00, 0x80]
        private static let enciphered: [UInt8] = [0x00, 0x20, 0x00, 0x88]

        private static func sale(_ scene: Scene, _ id: String = "pin") async throws -> PaymentReport {
            let (report, _) = try await scene.daemon { daemon in
                let report = try await daemon.sale("88.80", id: id)
                if report.outcome == .approved { try await scene.receipts(2) }
                return report
            }
            return try #require(report)
        }

        @Test(arguments: ["enciphered-pin", "enciphered-pin-icc"]) func enciphered(card: String) async throws {
            try await Scene.play { scene in
                try await scene.insert(card)
                let report = try await Self.sale(scene)
                #expect(report.outcome == .approved, "\(report)")
                #expect(scene.card.count(of: Self.enciphered) == 1)
                #expect(scene.shop.host.ledger.entries.last?.entryMode == "051")
                #expect(scene.shop.printer.receipts.allSatisfy { $0.contains("已输入密码，无需签名") })
            }
        }

        @Test func wrongThenRight() async throws {
            try await Scene.play { scene in
                scene.customer(first: .enters("0000"), .enters("000000"))
                try await scene.insert("enciphered-pin")
                let report = try await Self.sale(scene)
                #expect(report.outcome == .approved, "\(report)")
                #expect(scene.card.count(of: Self.enciphered) == 3)
                #expect(scene.shown.contains("Wrong PIN. 2 tries left"))
                #expect(scene.shown.contains("Wrong PIN. Last try"))
            }
        }

        @Test func cancelled() async throws {
            try await Scene.play { scene in
                scene.customer(does: .cancels)
                try await scene.insert("enciphered-pin")
                let report = try await Self.sale(scene)
                #expect(report.outcome == .cancelled && report.reason == "customer", "\(report)")
            }
        }

        @Test func notInTime() async throws {
            try await Scene.play({ $0.pinSeconds = 1 }) { scene in
                scene.customer(does: .hangs)
                try await scene.insert("enciphered-pin")
                let report = try await Self.sale(scene)
                #expect(report.outcome == .failed && report.reason == "noPIN", "\(report)")
            }
        }

        /// The pad is one device with the slot, and shows the PIN to the card.
        @Test func inTheClearFromThePad() async throws {
            try await Scene.play({ $0.hasPINPadWithSlot = true }) { scene in
                try await scene.insert("plaintext-pin")
                let report = try await Self.sale(scene)
                #expect(report.outcome == .approved, "\(report)")
                #expect(scene.card.count(of: Self.plaintext) == 1)
                #expect(scene.shop.host.ledger.entries.last?.entryMode == "051")
            }
        }

        /// The reader's own keys, through SCardControl and a real pcscd.
        @Test(.enabled(if: ShopConfiguration.pcscReader("KEYED") != nil, "no reader with keys"))
        func inTheClearFromTheReader() async throws {
            let reader = try #require(ShopConfiguration.pcscReader("KEYED"))
            let digits = try #require(CardLibrary.card(named: "plaintext-pin")?.applications.first?.account.pin)
            let keys = try ReaderKeys(port: UInt16(reader.port + 2)) { _ in .enters(digits) }
            defer { keys.stop() }
            try await Scene.play({ $0.reader = reader }) { scene in
                try await scene.insert("plaintext-pin")
                let report = try await Self.sale(scene)
                #expect(report.outcome == .approved, "\(report)")
                #expect(scene.card.count(of: Self.plaintext) == 1)
                #expect(scene.shop.host.ledger.entries.last?.entryMode == "051")
                #expect(scene.shop.printer.receipts.allSatisfy { $0.contains("已输入密码，无需签名") })
            }
        }

        /// A pad that stands apart from the slot cannot show a PIN to the card: the card is told so, and takes its next method.
        @Test func inTheClearByNobody() async throws {
            try await Scene.play { scene in
                try await scene.insert("plaintext-pin")
                let report = try await Self.sale(scene)
                #expect(report.outcome == .approved, "\(report)")
                #expect(scene.card.count(of: Self.plaintext) == 0)
                #expect(scene.shop.host.ledger.entries.last?.entryMode == "052")
                #expect(scene.shop.printer.receipts.contains { $0.contains("持卡人签名") })
            }
        }

        @Test func chosenApplication() async throws {
            try await Scene.play { scene in
                scene.customer(first: .chooses(1))
                try await scene.insert("several-applications")
                let report = try await Self.sale(scene)
                #expect(report.outcome == .approved, "\(report)")
                #expect(report.aid == "A000000333010101")
                #expect(scene.shown.contains("Choose an application"))
            }
        }
    }
}
