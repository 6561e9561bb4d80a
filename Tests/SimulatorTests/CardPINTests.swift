import EMV
import Payments
import SimulatedCards
import Testing
import Wire

/// PINs that the card checks, and the scripts that change them.
struct CardPINTests {
    @Test(arguments: [
        ("plaintext-pin", "410300"), ("enciphered-pin", "440300"), ("enciphered-pin-icc", "440300"),
    ])
    func theRightPINVerifies(_ name: String, _ rule: String) throws {
        var sale = try sale(name)
        guard case .completed(.approvedOnline, let completion) = try sale.run() else { throw TestFailure("declined") }
        #expect(completion.result.cvmResults == rule.dropLast(2) + "02")
        #expect(sale.pinQueries.count == 1)
        // The card tells its issuer that it has checked a PIN, and that it was right.
        let cryptogram = try #require(sale.cryptogram)
        #expect(cryptogram.verificationResults[1] & 0x06 == 0x04)
    }

    @Test(arguments: ["plaintext-pin", "enciphered-pin", "enciphered-pin-icc"])
    func threeWrongPINsBlockItUntilTheIssuerUnblocks(_ name: String) throws {
        var sale = try sale(name)
        sale.cardPIN = "999999"
        guard case .completed(_, let completion) = try sale.run() else { throw TestFailure("ended") }
        #expect(sale.pinQueries.map(\.triesLeft) == [3, 2, 1])
        #expect(sale.pinQueries.map(\.isRetry) == [false, true, true])
        let results = TVR(bytes: try Hex.decode(completion.result.tvr))
        #expect(results?.contains(.pinTryLimitExceeded) == true)

        // With the right PIN it stays blocked, and the issuer unblocks it.
        sale.cardPIN = sale.card.profile.applications[0].account.pin
        sale.scripts = [(.script72, [.unblockPIN])]
        _ = try sale.run()
        #expect(sale.pinQueries.isEmpty)
        sale.scripts = []
        _ = try sale.run()
        #expect(sale.pinQueries.count == 1)
    }

    @Test(arguments: ["plaintext-pin", "enciphered-pin", "enciphered-pin-icc"])
    func theIssuerChangesThePIN(_ name: String) throws {
        var sale = try sale(name)
        sale.scripts = [(.script72, [.changePIN("864209")])]
        guard case .completed(.approvedOnline, let completion) = try sale.run() else { throw TestFailure("declined") }
        #expect(completion.result.scriptResults.hasPrefix("20"))
        sale.scripts = []
        sale.cardPIN = "864209"
        guard case .completed(.approvedOnline, let second) = try sale.run() else { throw TestFailure("declined") }
        #expect(second.result.cvmResults.hasSuffix("02"))
        #expect(sale.pinQueries.count == 1)
    }

    @Test func aScriptWithAWrongMACChangesNothing() throws {
        var hand = try CardInHand(CardLibrary.unionPayDebit)
        try hand.open()
        _ = try hand.generate(0x80)
        for command in [
            "841E000004AABBCCDD", "8416000004AABBCCDD", "8424000004AABBCCDD", "04DA9F590509AABBCCDD",
            "8424000214" + String(repeating: "00", count: 20),
        ] {
            #expect(try hand.send(command).status == "6988")
        }
        #expect(try hand.send("80CA9F5900").data == [0x9F, 0x59, 0x01, 5])
        hand.card.reset()
        try hand.open()
    }

    @Test func anEncipheredPINWithoutAChallengeCostsNoTry() throws {
        var hand = try CardInHand(try #require(CardLibrary.card(named: "enciphered-pin")))
        try hand.open()
        let data = [UInt8](repeating: 0x11, count: 112)
        #expect(try hand.send([0x00, 0x20, 0x00, 0x88, 112] + data).status == "6985")
        _ = try hand.send("0084000000")
        #expect(try hand.send([0x00, 0x20, 0x00, 0x88, 112] + data).status == "6985")
        #expect(try hand.send([0x00, 0x20, 0x00, 0x88, 8] + data.prefix(8)).status == "6700")
        #expect(try hand.send("80CA9F1700").data == [0x9F, 0x17, 0x01, 3])
    }

    /// A sale at a terminal whose keys are one device with its slot; the customer knows the PIN.
    private func sale(_ name: String) throws -> ChipSale {
        let profile = try #require(CardLibrary.card(named: name))
        var sale = try ChipSale(profile)
        sale.cardPIN = profile.applications[0].account.pin
        return sale
    }
}
