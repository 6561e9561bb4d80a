import Control
import Payments
import SimulatedAcquirer
import SimulatedCards
import SimulatedDevices
import SimulatedShop
import Terminal
import Testing

extension WholeTerminal {
    /// What a bad card and an undecided customer get.
    @Suite struct CardTests {
        struct Case: CustomTestStringConvertible, Sendable {
            let card: String
            let outcome: PaymentReport.Result
            let reason: Set<String>
            /// Field 39 of the reversal, where a request had left.
            var reversal: String?
            var testDescription: String { card }
        }

        static let cards = [
            Case(card: "mute", outcome: .failed, reason: ["cardUnreadable"]),
            Case(card: "unionpay-debit+mute@4", outcome: .failed, reason: ["cardUnreadable"]),
            Case(card: "nonsense", outcome: .failed, reason: ["cardUnreadable", "cardRemoved", "cardNotSupported"]),
            Case(
                card: "unionpay-debit+nonsense@4", outcome: .failed,
                reason: ["cardUnreadable", "cardRemoved", "cardNotSupported"]),
            Case(card: "more-data", outcome: .failed, reason: ["cardUnreadable", "cardNotSupported"]),
            Case(card: "endless-records", outcome: .failed, reason: ["cardUnreadable"]),
            Case(card: "declines", outcome: .declined, reason: ["card"]),
            Case(card: "declines-late", outcome: .declined, reason: ["card"], reversal: "96"),
            Case(card: "expired", outcome: .declined, reason: ["card", "54"]),
            Case(card: "blocked-card", outcome: .failed, reason: ["cardBlocked"]),
            Case(card: "blocked-application", outcome: .failed, reason: ["cardBlocked"]),
        ]

        @Test(arguments: cards) func badCard(_ item: Case) async throws {
            try await Scene.play({ $0.responseMilliseconds = 500 }) { scene in
                try await scene.insert(item.card)
                try await scene.daemon { daemon in
                    let report = try await daemon.sale("88.80", id: "bad-card")
                    #expect(report.outcome == item.outcome, "\(report)")
                    #expect(item.reason.contains(report.reason ?? ""), "\(report)")
                    try await daemon.settle()
                    // The reader is free for the next card.
                    try await scene.insert("unionpay-credit")
                    #expect(try await daemon.sale("1.00", id: "good-card").outcome == .approved)
                }
                let states = scene.shop.host.ledger.entries.map(\.state)
                #expect(states.last == .approved)
                if let reversal = item.reversal {
                    #expect(states == [.reversed(reason: reversal), .approved])
                } else {
                    #expect(states.dropLast().allSatisfy { $0 != .approved })
                }
            }
        }

        /// Pulled out at every command of the exchange in turn.
        @Test(arguments: ["unionpay-debit", "unionpay-credit"]) func pulledAtEveryCommand(card: String) async throws {
            try await Scene.play { scene in
                try await scene.daemon { daemon in
                    scene.card.count()
                    try await scene.insert(card)
                    #expect(try await daemon.sale("1.00", id: "whole").outcome == .approved)
                    let commands = scene.card.commands
                    #expect(commands > 5)
                    for command in 1...commands {
                        let ledger = scene.shop.host.ledger
                        try await scene.insert("\(card)+removed@\(command)")
                        let report = try await daemon.sale("2.00", id: "pulled-\(command)")
                        #expect(report.outcome == .failed, "command \(command): \(report)")
                        #expect(report.reason == "cardRemoved", "command \(command): \(report)")
                        try await daemon.settle()
                        let added = scene.shop.host.ledger.entries.dropFirst(ledger.entries.count)
                        if report.stan == nil {
                            #expect(added.isEmpty)
                        } else {
                            #expect(added.map(\.state) == [.reversed(reason: "96")], "command \(command)")
                        }
                    }
                    #expect(scene.shop.host.ledger.entries.count > 1, "no request had ever left")
                }
            }
        }

        /// An issuer's decline stands, even if the card is gone before it hears of it.
        @Test func pulledAfterDecline() async throws {
            try await Scene.play { scene in
                scene.shop.host.declineNext("51")
                try await scene.insert()
                scene.card.onCryptogram { if $0 == 2 { scene.shop.slot.remove() } }
                try await scene.daemon { daemon in
                    let report = try await daemon.sale("88.80", id: "declined-and-gone")
                    #expect(report.outcome == .declined)
                    #expect(report.reason == "51")
                    #expect(report.reversal == .none)
                }
            }
        }

        @Test func noCard() async throws {
            try await Scene.play({ $0.cardSeconds = 1 }) { scene in
                try await scene.daemon { daemon in
                    let report = try await daemon.sale("88.80", id: "no-card")
                    #expect(report.outcome == .failed)
                    #expect(report.reason == "noCard")
                }
            }
        }

        @Test func noPIN() async throws {
            try await Scene.play({ $0.pinSeconds = 1 }) { scene in
                scene.customer(does: .hangs)
                try await scene.insert()
                try await scene.daemon { daemon in
                    let report = try await daemon.sale("88.80", id: "no-pin")
                    #expect(report.outcome == .failed)
                    #expect(report.reason == "noPIN")
                }
                #expect(scene.shop.host.ledger.entries.isEmpty)
            }
        }

        @Test func wrongPIN() async throws {
            try await Scene.play { scene in
                scene.customer(does: .enters("000000"))
                try await scene.insert()
                try await scene.daemon { daemon in
                    let report = try await daemon.sale("88.80", id: "wrong-pin")
                    #expect(report.outcome == .declined)
                    #expect(report.reason == "55")
                }
            }
        }

        @Test func customerCancels() async throws {
            try await Scene.play { scene in
                scene.customer(does: .cancels)
                try await scene.insert()
                try await scene.daemon { daemon in
                    let report = try await daemon.sale("88.80", id: "no-thanks")
                    #expect(report.outcome == .cancelled)
                    #expect(report.reason == "customer")
                }
                #expect(scene.shop.host.ledger.entries.isEmpty)
            }
        }

        /// While the terminal waits for a card, and while it waits for a PIN.
        @Test(arguments: [Step.linkReady, .applicationSelected]) func cashierCancels(after step: Step) async throws {
            try await Scene.play { scene in
                scene.customer(does: .hangs)
                if step != .linkReady { try await scene.insert() }
                try await scene.daemon { daemon in
                    let report = try await daemon.sale("88.80", id: "cancel-me", at: step) {
                        _ = try await daemon.ask(.post, "/v1/cancel") as PaymentReport
                    }
                    #expect(report.outcome == .cancelled)
                    #expect(report.reason == "cashier")
                    await #expect(throws: Refusal.self) {
                        _ = try await daemon.ask(.post, "/v1/cancel") as PaymentReport
                    }
                    scene.customer(does: nil)
                    try await scene.insert("unionpay-debit")
                    #expect(try await daemon.sale("1.00", id: "after").outcome == .approved)
                }
                #expect(scene.shop.host.ledger.entries.count == 1)
            }
        }

        /// Once the request has left, the outcome decides.
        @Test func cancelledTooLate() async throws {
            try await Scene.play { scene in
                scene.ask(.lateReply, milliseconds: 500)
                try await scene.insert()
                try await scene.daemon { daemon in
                    let report = try await daemon.sale("88.80", id: "too-late", at: .requestSent) {
                        let refusal = await #expect(throws: Refusal.self) {
                            _ = try await daemon.ask(.post, "/v1/payments/too-late/cancel") as PaymentReport
                        }
                        #expect(refusal?.message.contains("too late") == true)
                    }
                    #expect(report.outcome == .approved)
                }
            }
        }

        /// The customer takes the card away while it is idle between PIN and reply: found when it must answer.
        @Test func pulledWhileWaitingForReply() async throws {
            try await Scene.play { scene in
                scene.ask(.lateReply, milliseconds: 500)
                try await scene.insert()
                try await scene.daemon { daemon in
                    let report = try await daemon.sale("88.80", id: "gone", at: .requestSent) {
                        scene.shop.slot.remove()
                    }
                    #expect(report.outcome == .failed)
                    #expect(report.reason == "cardRemoved")
                    try await daemon.settle()
                }
                #expect(scene.shop.host.ledger.entries.map(\.state) == [.reversed(reason: "96")])
            }
        }
    }
}
