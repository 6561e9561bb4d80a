import Acquiring
import SimulatedAcquirer
import Testing

/// What the server does to requests and replies on their way.
@Suite(.timeLimit(.minutes(1))) struct LinkFaultTests {
    private static let request: [UInt8] = [0x00, 0x03, 0x02, 0x00, 0x01]
    private static let second: [UInt8] = [0x00, 0x03, 0x02, 0x00, 0x02]
    /// With the bit turned that the server turns.
    private static let damaged: [UInt8] = [0x00, 0x03, 0x02, 0x01, 0x01]

    private func exchange(_ link: AcquirerLink, _ request: [UInt8]) async throws(LinkFailure) -> [UInt8] {
        try await link.exchange(request, isReply: { $0 == request }, observer: { _ in })
    }

    @Test(arguments: [
        (Fault.noRequest, [], false), (.noReply, [request], false), (.corruptRequest, [damaged], false),
        (.corruptReply, [request], false), (.duplicateRequest, [request, request], true),
        (.reorderedReply, [request], false),
    ])
    func `what reaches the host, and whether the reply is heard`(fault: Fault, frames: [[UInt8]], isHeard: Bool)
        async throws
    {
        let shop = try LinkFixture()
        shop.configuration.replyMilliseconds = isHeard ? 30_000 : 300
        let link = try shop.link()
        shop.faults.ask(fault)
        #expect(((try? await exchange(link, Self.request)) != nil) == isHeard)
        #expect(shop.host.frames == frames)
        shop.configuration.replyMilliseconds = 30_000
        let next = try shop.link()
        #expect(try await exchange(next, Self.second) == Self.second)
        #expect(try await exchange(next, Self.second) == Self.second)
        #expect(shop.host.frames == frames + [Self.second, Self.second])
    }

    @Test func `an answer that was overtaken follows the next one`() async throws {
        let shop = try LinkFixture()
        shop.configuration.replyMilliseconds = 300
        shop.faults.ask(.reorderedReply)
        _ = try? await exchange(try shop.link(), Self.request)
        shop.configuration.replyMilliseconds = 30_000
        let link = try shop.link()
        // Nobody asked for it any more, so only a reader who takes it for his own gets it.
        let steps = shop.steps
        let late = try await link.exchange(
            Self.second, isReply: { $0 == Self.request }, observer: { steps.note($0) })
        #expect(late == Self.request)
        #expect(steps.take().suffix(4) == [.aboutToSend, .sent, .ignored, .received])
    }
}
