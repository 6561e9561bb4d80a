import Acquiring
import Engine
import Payments
import Testing

/// What the machines are told of an exchange: the difference between the cases is money.
@Suite struct ResultEventTests {
    private static func reply(_ code: String) -> Reply {
        Reply(verdict: code == "00" ? .approved : .declined, code: code, text: BilingualText("", ""))
    }

    @Test(arguments: ["00", "51", "77", "A0"]) func `a reply is told as it is`(code: String) {
        let reply = Self.reply(code)
        #expect(AuthorizeResult.replied(reply).event == .replied(reply))
    }

    @Test func `a duplicate that was never sent twice leaves the answer unknown`() {
        guard case .replyLost(let failure, .noReply) = AuthorizeResult.replied(Self.reply("94")).event else {
            Issue.record("94 counts as an answer")
            return
        }
        #expect(failure.reason == .badReply)
    }

    @Test func `what may have arrived is reversed, what never left is not`() {
        #expect(AuthorizeResult.noReply("x").event == .replyLost(PaymentFailure(.noReply, "x"), .noReply))
        #expect(AuthorizeResult.unreachable("x").event == .notSent(PaymentFailure(.acquirerUnreachable, "x")))
        guard case .replyLost(_, .badMAC) = AuthorizeResult.badMAC.event else {
            Issue.record("a wrong MAC counts as an answer")
            return
        }
    }

    @Test func `keys that do not fit demand a sign-in`() {
        #expect(AuthorizeResult.badMAC.demandsSignIn)
        #expect(AuthorizeResult.replied(Self.reply("A0")).demandsSignIn)
        #expect(!AuthorizeResult.replied(Self.reply("51")).demandsSignIn)
        #expect(!AuthorizeResult.noReply("x").demandsSignIn)
        #expect(ReverseResult.badMAC.event == .signInDemanded(code: "A0"))
        #expect(ReverseResult.answered(ResponseCode("77")).event == .signInDemanded(code: "77"))
    }

    @Test(arguments: [("00", true), ("12", true), ("25", true), ("64", false), ("96", false)])
    func `an answered reversal is settled or refused`(code: String, settled: Bool) {
        #expect(ReverseResult.answered(ResponseCode(code)).event == .answered(code: code, settled: settled))
    }
}
