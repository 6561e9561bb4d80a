import Acquiring
import HAL
import NetworkDriver
import Payments
import SimulatedAcquirer
import Synchronization
import SystemDriver
import Testing

/// Sales and reversals over real TLS on loopback, with everything that can go wrong on the way.
@Suite(.timeLimit(.minutes(2))) struct AcquirerTLSTests {
    /// What the terminal must make of a fault.
    enum Expected: Sendable { case approved, noReply, badMAC, unreachable }

    static let faults: [(Fault?, Expected)] = [
        (nil, .approved), (.splitSegments, .approved), (.gluedSegments, .approved), (.duplicateReply, .approved),
        (.noReply, .noReply), (.lateReply, .noReply), (.halfClose, .noReply), (.closeBeforeReply, .noReply),
        (.tooLongReply, .noReply), (.malformedReply, .noReply), (.otherSTAN, .noReply), (.wrongMAC, .badMAC),
        (.connectionRefused, .unreachable), (.handshakeFailure, .unreachable),
    ]

    @Test(arguments: faults) func `after any fault the books agree and business goes on`(
        fault: Fault?, expected: Expected
    ) async throws {
        let files = try LinkFiles()
        var server: AcquirerServer?
        defer { server?.stop() }
        var link: AcquirerLink?
        let shop = try Shop(link: { host, faults in
            let listening = try AcquirerServer(
                context: TLSContext(server: files.server), handler: host, faults: faults)
            server = listening
            let clock = SystemClock()
            let made = try AcquirerLink(
                AcquirerLinkConfiguration(
                    primary: .init(host: "127.0.0.1", port: listening.port), tls: files.client,
                    replyMilliseconds: fault == nil || expected == .approved ? 30_000 : 2000),
                connector: TCPConnector(clock: clock), clock: clock)
            link = made
            return made
        })
        try await shop.signIn()
        if fault == .handshakeFailure { await link?.close() }
        if let fault { shop.faults.ask(fault) }
        let sale = try shop.sale(stan: 2)
        let result = await shop.acquirer.authorize(sale.authorization, sale.credentials)
        switch (expected, result) {
        case (.approved, .replied(let reply)): #expect(reply.code == "00")
        case (.noReply, .noReply), (.badMAC, .badMAC):
            #expect(shop.host.ledger.openCaptures().count == 1)
        case (.unreachable, .unreachable): #expect(shop.host.ledger.entries.isEmpty)
        default: Issue.record("\(result)")
        }
        shop.faults.withdraw()
        shop.faults.releaseLateReplies()
        if case .noReply = expected {
            #expect(try await reversed(sale, shop) == "00")
        } else if case .badMAC = expected {
            #expect(try await reversed(sale, shop) == "00")
        }
        #expect(shop.host.ledger.openCaptures().count == (expected == .approved ? 1 : 0))
        let next = try shop.sale(stan: 3)
        #expect(await shop.acquirer.authorize(next.authorization, next.credentials).code == "00")
    }

    private func reversed(_ sale: (authorization: Authorization, credentials: Credentials), _ shop: Shop)
        async throws -> String?
    {
        // Asked until it is answered, as the terminal does.
        for _ in 1...5 {
            let result = try await shop.reverse(sale, .noReply)
            if let code = result.code { return code }
        }
        return nil
    }
}
