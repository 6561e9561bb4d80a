import Acquiring
import Engine
import Payments
import Testing

/// What the machines are told of an exchange: the difference between the cases is money.
@Suite struct ResultEventTests {
    private static func reply(_ code: String) -> Reply {
        Reply(verdict: code == "00" ? .approved : .declined, code: code, text: BilingualText("", ""))
    }

    @Test(arguments: ["00", "10", "51", "91", "98", "ZZ"]) func `a reply is told as it is`(code: String) {
        let reply = Self.reply(code)
        #expect(AuthorizeResult.replied(reply).event(canStore: false) == .replied(reply))
    }

    @Test(arguments: [("77", .notCompleted), ("99", .notCompleted), ("A0", .badMAC)] as [(String, ReversalReason)])
    func `what the acquirer did not look at is taken back`(code: String, reason: ReversalReason) {
        let reply = Self.reply(code)
        #expect(AuthorizeResult.replied(reply).event(canStore: true) == .rejected(reply, reason))
    }

    @Test func `a duplicate that was never sent twice leaves the answer unknown`() {
        guard case .replyLost(let failure, .noReply) = AuthorizeResult.replied(Self.reply("94")).event(canStore: false)
        else {
            Issue.record("94 counts as an answer")
            return
        }
        #expect(failure.reason == .badReply)
    }

    @Test func `what may have arrived is reversed, what never left is not`() {
        #expect(
            AuthorizeResult.noReply("x").event(canStore: true) == .replyLost(PaymentFailure(.noReply, "x"), .noReply))
        for canStore in [false, true] {
            #expect(
                AuthorizeResult.unreachable("x").event(canStore: canStore)
                    == .notSent(PaymentFailure(.acquirerUnreachable, "x"), canStore: canStore))
        }
        guard case .replyLost(_, .badMAC) = AuthorizeResult.badMAC.event(canStore: true) else {
            Issue.record("a wrong MAC counts as an answer")
            return
        }
    }

    @Test func `keys that do not fit demand a sign-in`() {
        #expect(AuthorizeResult.badMAC.demandsSignIn)
        #expect(AuthorizeResult.replied(Self.reply("A0")).demandsSignIn)
        #expect(!AuthorizeResult.replied(Self.reply("51")).demandsSignIn)
        #expect(!AuthorizeResult.noReply("x").demandsSignIn)
    }
}
