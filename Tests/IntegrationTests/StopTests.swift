import Glibc
import Payments
import SimulatedAcquirer
import SimulatedDevices
import SimulatedShop
import Terminal
import Testing

extension WholeTerminal {
    /// SIGTERM finishes or reverses what runs, then exits 0.
    @Suite struct StopTests {
        @Test func waitingForCard() async throws {
            try await Scene.play { scene in
                let (report, end) = try await scene.daemon { daemon in
                    try await daemon.sale("88.80", id: "stop", at: .linkReady) { kill(daemon.processID, SIGTERM) }
                }
                #expect(report?.outcome == .cancelled)
                #expect(report?.reason == "shutdown")
                #expect(end.isClean)
                #expect(access(scene.shop.controlSocket, F_OK) != 0, "the socket is left")
            }
        }

        @Test func waitingForPIN() async throws {
            try await Scene.play { scene in
                scene.customer(does: .hangs)
                try await scene.insert()
                let (report, end) = try await scene.daemon { daemon in
                    try await daemon.sale("88.80", id: "stop", at: .applicationSelected) {
                        kill(daemon.processID, SIGTERM)
                    }
                }
                #expect(report?.outcome == .cancelled)
                #expect(end.isClean)
            }
        }

        @Test func waitingForReply() async throws {
            try await Scene.play { scene in
                scene.ask(.lateReply, milliseconds: 500)
                try await scene.insert()
                let (report, end) = try await scene.daemon { daemon in
                    try await daemon.sale("88.80", id: "stop", at: .requestSent) { kill(daemon.processID, SIGTERM) }
                }
                #expect(report?.outcome == .approved)
                #expect(end.isClean)
                #expect(scene.shop.printer.receipts.count == 2, "the customer got no receipt")
            }
        }

        /// No reply comes: the reversal is settled before the process ends.
        @Test func waitingForNoReply() async throws {
            try await Scene.play({ $0.replyMilliseconds = 700 }) { scene in
                scene.ask(.noReply)
                try await scene.insert()
                let (report, end) = try await scene.daemon { daemon in
                    try await daemon.sale("88.80", id: "stop", at: .requestSent) { kill(daemon.processID, SIGTERM) }
                }
                #expect(report?.outcome == .failed)
                #expect(end.isClean)
                #expect(scene.shop.host.ledger.entries.map(\.state) == [.reversed(reason: "98")])
            }
        }

        @Test(arguments: [SIGTERM, SIGINT]) func idle(_ signal: Int32) async throws {
            try await Scene.play { scene in
                let (_, end) = try await scene.daemon { daemon in kill(daemon.processID, signal) }
                #expect(end.isClean)
            }
        }
    }
}

extension Daemon {
    /// Asks for a sale and does something as soon as it has come to `step`.
    func sale(
        _ amount: String, id: String, at step: Step, _ body: @Sendable () async throws -> Void
    ) async throws -> PaymentReport {
        let (started, source) = AsyncStream.makeStream(of: Void.self)
        async let reached: Bool = {
            var isReached = false
            try await followSteps(started: { source.yield() }) { report in
                isReached = report.step == step
                return !isReached
            }
            return isReached
        }()
        _ = await started.first { true }
        async let report = sale(amount, id: id)
        #expect(try await reached, "\(step) was never reached")
        try await body()
        return try await report
    }
}
