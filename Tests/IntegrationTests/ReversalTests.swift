import Control
import Payments
import SimulatedAcquirer
import SimulatedShop
import Terminal
import Testing

extension WholeTerminal {
    /// What may be at the acquirer and was not told as approved is taken back before anything else (M2, M4).
    @Suite struct ReversalTests {
        /// Before a settlement and before a sign-off, also when its first answer is lost.
        @Test(arguments: [UInt16(0x0500), 0x0820]) func goesBefore(_ message: UInt16) async throws {
            try await Scene.play({ $0.replyMilliseconds = 400 }) { scene in
                try await scene.daemon { daemon in
                    try await daemon.setUpOperators()
                    try await daemon.approved(.mail(.sale, "good", "1.00", scene.typedCard))
                    let tap = Tap(scene.shop.faults)
                    scene.ask(.noReply)
                    scene.shop.faults.ask(.noReply, times: 1) { Scene.isMessage($0, 0x0400) }
                    let lost = try await daemon.pay(.mail(.sale, "lost", "1.00", scene.typedCard))
                    #expect(lost.outcome == .failed && lost.reversal == .pending)
                    func ask() async throws {
                        if message == 0x0500 {
                            _ = try await daemon.closeBatch()
                        } else {
                            _ = try await daemon.ask(.post, "/v1/sign-off") as TerminalStatus
                        }
                    }
                    // The first attempt meets the lost answer, if the terminal has not met it by itself.
                    do { try await ask() } catch is Refusal { try await ask() }
                    let messages = tap.messages
                    let place = try #require(messages.firstIndex(of: message))
                    #expect(messages[..<place].filter { $0 == 0x0400 }.count == 2, "\(messages)")
                    #expect(!messages[place...].contains(0x0400))
                }
                #expect(scene.shop.host.ledger.openCaptures().count == 1)
            }
        }

        /// Refused three times it is on the list, payments and settlements go on, a supervisor settles it by other means.
        @Test func refused() async throws {
            try await Scene.play({ $0.replyMilliseconds = 400 }) { scene in
                try await scene.daemon { daemon in
                    try await daemon.setUpOperators()
                    scene.ask(.noReply)
                    for _ in 1...3 { scene.shop.host.refuseNextReversal("64") }
                    let lost = try await daemon.pay(.mail(.sale, "lost", "9.00", scene.typedCard))
                    #expect(lost.outcome == .failed && lost.reversal == .pending)
                    let held = try await daemon.pay(.mail(.sale, "held", "1.00", scene.typedCard))
                    #expect(held.outcome == .failed && held.reason == "reversalPending", "\(held)")
                    try await daemon.settle()
                    let open = try await daemon.status().openReversals
                    #expect(open.map(\.refusals) == [3] && open.first?.holdsPayments == false)
                    let queue: QueueReport = try await daemon.ask(.get, "/v1/queue")
                    #expect(queue.refused.map(\.delivery) == [.reversal] && queue.refused.first?.refusal == "64")
                    try await daemon.approved(.mail(.sale, "free", "1.00", scene.typedCard))
                    // Its batch can be closed; the acquirer gives back what the terminal does not know of.
                    let report = try await daemon.closeBatch()
                    #expect(report.settled != nil && report.comparison?.agrees == false, "\(report)")
                    #expect(scene.captured(try await daemon.payment("lost")) == 0)
                    #expect(try await daemon.status().openReversals.count == 1)
                    #expect(try await daemon.resolve("lost").reversal == .resolved)
                    #expect(try await daemon.status().openReversals.isEmpty)
                    try await daemon.approved(.mail(.sale, "next", "1.00", scene.typedCard))
                }
            }
        }
    }
}
