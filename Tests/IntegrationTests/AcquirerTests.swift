import Acquiring
import Control
import Payments
import SimulatedAcquirer
import SimulatedShop
import Terminal
import Testing

extension WholeTerminal {
    /// What a bad acquirer gets.
    @Suite struct AcquirerTests {
        /// Nothing is sent to somebody who cannot prove who he is.
        @Test(arguments: Shop.Certificate.allCases.filter { $0 != .good })
        func wrongCertificate(_ certificate: Shop.Certificate) async throws {
            let reason =
                switch certificate {
                case .expired: "expired"
                case .wrongHost: "hostname mismatch"
                default: "unknown authority"
                }
            try await Scene.play(certificate: certificate) { try await refused($0, reason: reason) }
        }

        @Test func tls11() async throws {
            try await Scene.play(tls: .tls11 ... .tls11) { try await refused($0, reason: "does not speak TLS 1.2") }
        }

        /// The sale is not sent, the reason stands in outcome, status and log.
        private func refused(_ scene: Scene, reason: String) async throws {
            try await scene.insert()
            let (status, end) = try await scene.daemon { daemon in
                let report = try await daemon.sale("88.80", id: "untrusted")
                #expect(report.outcome == .failed)
                #expect(report.reason == "acquirerUnreachable")
                #expect(report.stan == nil, "a request was made")
                #expect(report.detail?.contains(reason) == true, "\(report.detail ?? "")")
                return try await daemon.status()
            }
            let problem = try #require(status?.acquirerProblem)
            #expect(problem.contains(reason), "\(problem)")
            #expect(status?.isSignedIn == false)
            #expect(end.log.contains(reason) && end.log.contains("acquirerUnreachable"), "the log is silent")
            #expect(scene.shop.host.ledger.entries.isEmpty)
            #expect(scene.card.commands == 0)
            #expect(end.isClean)
        }

        struct Case: CustomTestStringConvertible, Sendable {
            let fault: Fault
            var milliseconds: Int?
            let outcome: PaymentReport.Result
            var reason: String?
            /// Field 39 of the reversal that the ledger must show.
            var reversal: String?
            /// What the ledger shows where that is not all.
            var state: Ledger.State?
            var testDescription: String { "\(fault.rawValue)\(milliseconds.map { " \($0) ms" } ?? "")" }
        }

        static let faults = [
            Case(fault: .noReply, outcome: .failed, reason: "noReply", reversal: "98"),
            Case(fault: .lateReply, milliseconds: 1_200, outcome: .failed, reason: "noReply", reversal: "98"),
            Case(fault: .lateReply, milliseconds: 300, outcome: .approved),
            Case(fault: .wrongMAC, outcome: .failed, reason: "badReply", reversal: "A0"),
            Case(fault: .splitSegments, outcome: .approved),
            Case(fault: .gluedSegments, outcome: .approved),
            Case(fault: .duplicateReply, outcome: .approved),
            Case(fault: .slowDrip, milliseconds: 1, outcome: .approved),
            Case(fault: .slowDrip, milliseconds: 50, outcome: .failed, reason: "noReply", reversal: "98"),
            Case(fault: .halfClose, outcome: .failed, reason: "noReply", reversal: "98"),
            Case(fault: .malformedReply, outcome: .failed, reason: "noReply", reversal: "98"),
            Case(fault: .tooLongReply, outcome: .failed, reason: "noReply", reversal: "98"),
            Case(fault: .otherSTAN, outcome: .failed, reason: "noReply", reversal: "98"),
            Case(fault: .closeBeforeReply, outcome: .failed, reason: "noReply", reversal: "98"),
            Case(
                fault: .noRequest, outcome: .failed, reason: "noReply", reversal: "98", state: .cancelledInAdvance),
            Case(fault: .corruptReply, outcome: .failed, reason: "badReply", reversal: "A0"),
            Case(fault: .duplicateRequest, outcome: .approved),
            Case(fault: .reorderedReply, outcome: .failed, reason: "noReply", reversal: "98"),
        ]

        @Test func everyFaultIsHere() {
            let sudden: Set<Fault> = [.connectionRefused, .handshakeFailure]
            // The host's own tests have these.
            let inside: Set<Fault> = [.corruptRequest, .restart, .restartForgetful, .differingTotals, .refusedReversal]
            #expect(Set(Self.faults.map(\.fault)).union(sudden).union(inside) == Set(Fault.allCases))
        }

        /// A reply that cannot be trusted is none: the sale is reversed, the journal tells why, and the next sale works.
        @Test(arguments: faults) func fault(_ item: Case) async throws {
            try await Scene.play({ $0.replyMilliseconds = 1_000 }) { scene in
                try await scene.insert()
                scene.ask(item.fault, milliseconds: item.milliseconds)
                let (rows, end) = try await scene.daemon { daemon in
                    let report = try await daemon.sale("88.80", id: "fault")
                    #expect(report.outcome == item.outcome, "\(report)")
                    if let reason = item.reason { #expect(report.reason == reason) }
                    try await daemon.settle()
                    let later = try await daemon.payment("fault")
                    #expect(later.outcome == report.outcome)
                    #expect(later.reversal == (item.reversal == nil ? .none : .settled))
                    let rows = try await daemon.ask(.get, "/v1/journal") as [JournalRow]
                    try await scene.insert("unionpay-debit")
                    #expect(try await daemon.sale("1.00", id: "next").outcome == .approved)
                    return rows
                }
                let entries = scene.shop.host.ledger.entries
                #expect(entries.count == 2)
                let state: Ledger.State = item.state ?? item.reversal.map { .reversed(reason: $0) } ?? .approved
                #expect(entries.first?.state == state)
                if item.reversal != nil {
                    let row = try #require(rows?.first { $0.kind == "finished" })
                    #expect(
                        row.summary.contains("failed \(item.reason ?? "")") && row.summary.contains("to be reversed"))
                    #expect(row.summary.split(separator: ": ").count >= 3, "no reason: \(row.summary)")
                    #expect(rows?.contains { $0.kind == "reversalAnswered" && $0.summary.contains("settled") } == true)
                }
                #expect(end.isClean)
            }
        }

        /// Before the sale leaves: nothing to reverse.
        @Test(arguments: [Fault.connectionRefused, .handshakeFailure]) func unreachable(_ fault: Fault) async throws {
            try await Scene.play { scene in
                try await scene.insert()
                try await scene.daemon { daemon in
                    _ = try await daemon.ask(.post, "/v1/sign-in") as TerminalStatus
                    // The line that stands is cut as well, when the card has made its cryptogram.
                    scene.card.onCryptogram { number in
                        guard number == 1 else { return }
                        scene.shop.faults.ask(.connectionRefused)
                        guard fault == .handshakeFailure else { return }
                        scene.shop.faults.withdraw(.connectionRefused)
                        scene.shop.faults.ask(.handshakeFailure, times: 9)
                    }
                    let report = try await daemon.sale("88.80", id: "cut")
                    #expect(report.outcome == .failed)
                    #expect(report.reason == "acquirerUnreachable", "\(report)")
                    #expect(report.reversal == .none)
                    #expect(try await daemon.status().acquirerProblem != nil)
                    #expect(scene.shop.host.ledger.entries.isEmpty)
                    scene.card.onCryptogram { _ in }
                    scene.shop.faults.withdraw()
                    try await scene.insert("unionpay-debit")
                    #expect(try await daemon.sale("1.00", id: "joined").outcome == .approved)
                    #expect(try await daemon.status().acquirerProblem == nil)
                }
            }
        }

        /// The reversal goes out before the next sale, again and again (M2, M4).
        @Test func reversalWaits() async throws {
            try await Scene.play({ $0.replyMilliseconds = 500 }) { scene in
                try await scene.insert()
                scene.ask(.noReply)
                scene.shop.faults.ask(.noReply, times: 2) { Scene.isMessage($0, 0x0400) }
                try await scene.daemon { daemon in
                    #expect(try await daemon.sale("88.80", id: "lost").reason == "noReply")
                    let held = try await daemon.sale("1.00", id: "held")
                    #expect(held.outcome == .failed)
                    #expect(held.reason == "reversalPending")
                    #expect(held.stan == nil)
                    #expect(scene.shop.host.ledger.entries.count == 1)
                    try await daemon.settle()
                    try await scene.insert("unionpay-debit")
                    #expect(try await daemon.sale("1.00", id: "free").outcome == .approved)
                }
                #expect(scene.shop.host.ledger.entries.map(\.state) == [.reversed(reason: "98"), .approved])
            }
        }

        /// A host that lost its keys says A0: the terminal signs in and the next sale works.
        @Test func hostForgetsKeys() async throws {
            try await Scene.play { scene in
                try await scene.insert()
                try await scene.daemon { daemon in
                    _ = try await daemon.ask(.post, "/v1/sign-in") as TerminalStatus
                    scene.shop.host.forgetKeys()
                    let report = try await daemon.sale("88.80", id: "forgotten")
                    #expect(report.outcome == .declined)
                    #expect(report.reason == "A0")
                    try await scene.insert("unionpay-debit")
                    #expect(try await daemon.sale("1.00", id: "known").outcome == .approved)
                }
            }
        }
    }
}
