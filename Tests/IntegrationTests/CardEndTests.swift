import Control
import Payments
import SimulatedAcquirer
import SimulatedCards
import SimulatedShop
import Terminal
import Testing

extension WholeTerminal {
    /// Every end that the card library knows, through reader, daemon and acquirer: the register is told, and display and
    /// receipt say why.
    @Suite struct CardEndTests {
        /// A card, and what everybody reads where the library's end does not say it: of a decline or a failure.
        struct Case: Sendable, CustomTestStringConvertible {
            let card: String
            var text: BilingualText?
            var testDescription: String { card }

            init(_ card: String, _ text: BilingualText? = nil) {
                self.card = card
                self.text = text
            }

            init(_ card: String, _ reason: CardDecline) { self.init(card, reason.text) }
            init(_ card: String, _ reason: PaymentFailure.Reason) { self.init(card, reason.text) }
        }

        static let contact = [
            Case("unionpay-debit"), Case("unionpay-credit"), Case("unionpay-quasi-credit"), Case("static"),
            Case("online-only"), Case("enciphered-pin"), Case("visa"), Case("visa-18"), Case("mastercard"), Case("jcb"),
            Case("not-yet-effective", .notYetEffective), Case("domestic-only", .serviceNotAllowed),
            Case("blocked-card", .cardBlocked), Case("blocked-application", .cardBlocked),
            Case("declines", .offline), Case("declines-late", .afterApproval), Case("other-cryptogram", .notGenuine),
            Case("unsigned-cryptogram", .notGenuine), Case("removed", .cardRemoved), Case("removed-late", .cardRemoved),
            Case("mute-late", .cardUnreadable), Case("no-pan", .cardUnreadable), Case("no-aip", .cardUnreadable),
            Case("forbidden-tc", .cardUnreadable), Case("refuses-to-start", .cardNotSupported),
            Case("wrong-cryptogram"), Case("issuer-hash"), Case("no-cvm-list"),
        ]

        /// One after another at one counter: no card leaves anything behind for the next.
        @Test func contactCards() async throws {
            try await Scene.play({ $0.responseMilliseconds = 700 }) { scene in
                try await scene.daemon { daemon in
                    for item in Self.contact {
                        try await scene.insert(item.card)
                        try await Self.expectEnd(of: item, \.end, scene, daemon)
                    }
                }
            }
        }

        /// The same in the field.
        @Test func tappedCards() async throws {
            let cards = ["quickpass-debit", "quickpass-credit", "visa-contactless", "mastercard-contactless"].map {
                Case($0)
            }
            try await Scene.play(taps: true) { scene in
                try await scene.daemon { daemon in
                    for item in cards {
                        try await scene.tap(item.card)
                        try await Self.expectEnd(of: item, \.tapEnd, scene, daemon)
                    }
                }
            }
        }

        private static func expectEnd(
            of item: Case, _ end: KeyPath<CardProfile, CardEnd>, _ scene: Scene, _ daemon: Daemon
        ) async throws {
            let profile = try #require(CardLibrary.card(named: item.card))
            let shown = scene.shown.count
            let former = scene.shop.host.ledger.entries.count
            let report = try await daemon.sale("88.80", id: "end-\(item.card)")
            try await daemon.settle()
            let states = scene.shop.host.ledger.entries.dropFirst(former).map(\.state)
            let (outcome, isReversed): (PaymentReport.Result, Bool) =
                switch profile[keyPath: end] {
                // This shop takes nothing offline: the issuer is always asked.
                case .approvedOnline, .approvedOffline: (.approved, false)
                case .declinedOnline, .declinedOffline: (.declined, false)
                case .declinedByCard: (.declined, true)
                case .ended, .otherInterface, .presentAgain: (.failed, false)
                case .reversed: (.failed, true)
                }
            #expect(report.outcome == outcome, "\(item.card): \(report)")
            let reversed = states.filter { if case .reversed = $0 { true } else { false } }
            #expect(!reversed.isEmpty == isReversed, "\(item.card)")
            if let text = item.text { #expect(report.text == text, "\(item.card): \(report)") }
            let text = try #require(report.text)
            try await daemon.until { scene.shown.dropFirst(shown).contains { $0.hasPrefix(text.english) } }
            guard outcome == .declined || outcome == .failed else { return }
            let receipt = try await daemon.client.send(.get, "/v1/receipts/end-\(item.card)?copy=customer").body
            let lines = String(decoding: receipt, as: UTF8.self).filter { $0 != "\n" }
            #expect(lines.contains(text.chinese), "\(item.card): \(text.chinese) is not in\n\(lines)")
        }
    }
}
