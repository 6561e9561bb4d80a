import EMV
import Payments
import SimulatedCards
import Testing
import Wire

/// Kernel and card against each other: every card of the library through a whole sale.
struct KernelCardTests {
    struct Expectation: Sendable, CustomTestStringConvertible {
        let card: String
        let tvr: String
        let tsi: String
        let signature: Bool
        var testDescription: String { card }
    }

    @Test(arguments: [
        // PIN for the issuer; from the floor limit of zero on the issuer is asked.
        Expectation(card: "unionpay-debit", tvr: "0000048000", tsi: "F800", signature: false),
        // A new card: the issuer was never heard. Its answer comes with the second GENERATE AC.
        Expectation(card: "unionpay-credit", tvr: "0008048000", tsi: "E800", signature: false),
        Expectation(card: "several-applications", tvr: "0008048000", tsi: "E800", signature: false),
        // Static authentication was used.
        Expectation(card: "static", tvr: "0200008000", tsi: "F800", signature: true),
        // No authentication took place.
        Expectation(card: "online-only", tvr: "8000048000", tsi: "7800", signature: false),
        Expectation(card: "offline", tvr: "0008008000", tsi: "E800", signature: false),
        Expectation(card: "expired", tvr: "0040048000", tsi: "F800", signature: false),
    ])
    func issuerApprovesAndTheCardAgrees(_ expected: Expectation) throws {
        var sale = try ChipSale(try #require(CardLibrary.card(named: expected.card)))
        let outcome = try sale.run()
        guard case .completed(.approvedOnline, let completion) = outcome else { throw TestFailure("\(outcome)") }
        #expect(completion.result.tvr == expected.tvr)
        #expect(completion.result.tsi == expected.tsi)
        #expect(completion.result.signatureRequired == expected.signature)
        #expect(completion.result.cryptogramType == .tc)
        #expect(completion.result.atc == "0001")
        #expect(sale.cryptogram?.type == .arqc)
        #expect(sale.wasAsked == (expected.card == "several-applications"))

        // The transaction certificate is the card's own, too, and the card has heard its issuer.
        let request = try #require(sale.request)
        let certificate = CardIssuer().check(
            chipData: completion.chipData, pan: request.card.pan, sequenceNumber: request.card.sequenceNumber)
        guard case .genuine(let genuine) = certificate else { throw TestFailure("TC \(certificate)") }
        #expect(genuine.type == .tc)
        #expect(genuine.verificationResults[1] == 0x60)
        let account = try #require(CardIssuer().account(request.card.pan))
        #expect(request.card.track2?.pan == request.card.pan)
        #expect(request.card.sequenceNumber == account.sequenceNumber)
        guard case .response(let register) = sale.card.handle([0x80, 0xCA, 0x9F, 0x13, 0x00]) else {
            throw TestFailure("no answer")
        }
        #expect(Hex.encode(register) == "9F130200019000")
    }

    @Test(arguments: ["unionpay-debit", "unionpay-credit", "static", "online-only"])
    func issuerDeclines(_ name: String) throws {
        var sale = try ChipSale(try #require(CardLibrary.card(named: name)))
        sale.responseCode = "51"
        guard case .completed(.declinedOnline, let completion) = try sale.run() else { throw TestFailure("approved") }
        #expect(completion.result.cryptogramType == .aac)
    }

    @Test(arguments: ["unionpay-debit", "unionpay-credit"])
    func aDamagedIssuerCryptogramMakesTheCardDecline(_ name: String) throws {
        var sale = try ChipSale(try #require(CardLibrary.card(named: name)))
        sale.damagesIssuerCryptogram = true
        guard case .completed(.declinedByCard, let completion) = try sale.run() else { throw TestFailure("approved") }
        #expect(completion.result.cryptogramType == .aac)
        let authenticationFailed = TVR(bytes: try Hex.decode(completion.result.tvr))?
            .contains(.issuerAuthenticationFailed)
        #expect(authenticationFailed == (name == "unionpay-debit"))
    }

    @Test func belowTheFloorLimitTheOfflineCardApprovesUntilItsLimit() throws {
        var sale = try ChipSale(CardLibrary.offlineCard)
        sale.floorLimit = 10_000
        for count in 1...3 {
            guard case .completed(.approvedOffline, let completion) = try sale.run() else {
                throw TestFailure("payment \(count) was not approved offline")
            }
            #expect(completion.result.cryptogramType == .tc)
            #expect(completion.result.atc == "000\(count)")
        }
        // Now both sides want the issuer; once heard, the count begins anew.
        guard case .completed(.approvedOnline, _) = try sale.run() else { throw TestFailure("not asked") }
        guard case .completed(.approvedOffline, _) = try sale.run() else { throw TestFailure("asked again") }
    }

    @Test(arguments: ["unionpay-debit", "online-only"])
    func withoutItsIssuerACardWithPINDeclines(_ name: String) throws {
        var sale = try ChipSale(try #require(CardLibrary.card(named: name)))
        sale.responseCode = nil
        guard case .completed(.declinedOffline, let completion) = try sale.run() else { throw TestFailure("approved") }
        #expect(completion.result.cryptogramType == .aac)
    }

    @Test func scriptsBeforeAndAfterTheLastCryptogramAreCarriedOut() throws {
        var sale = try ChipSale(CardLibrary.unionPayDebit)
        sale.scripts = [(.script71, [.setLowerOfflineLimit(1)]), (.script72, [.setUpperOfflineLimit(2)])]
        guard case .completed(.approvedOnline, let completion) = try sale.run() else { throw TestFailure("declined") }
        #expect(completion.result.tvr == "0000048000")
        #expect(completion.result.tsi == "FC00")
        #expect(completion.scriptNotice != nil)
        for (tag, value) in [(UInt8(0x58), UInt8(1)), (0x59, 2)] {
            #expect(sale.card.handle([0x80, 0xCA, 0x9F, tag, 0x00]) == .response([0x9F, tag, 1, value, 0x90, 0x00]))
        }
    }

    @Test func aScriptBlocksTheApplication() throws {
        var sale = try ChipSale(CardLibrary.unionPayDebit)
        sale.responseCode = "43"
        sale.scripts = [(.script72, [.blockApplication])]
        guard case .completed(.declinedOnline, _) = try sale.run() else { throw TestFailure("approved") }
        guard case .ended(let failure) = try sale.run() else { throw TestFailure("accepted") }
        #expect(failure.reason == .applicationBlocked)
    }

    @Test(arguments: [("blocked-card", KernelFailure.Reason.cardBlocked), ("blocked-application", .applicationBlocked)])
    func blockedCardsEnd(_ name: String, _ reason: KernelFailure.Reason) throws {
        var sale = try ChipSale(try #require(CardLibrary.card(named: name)))
        guard case .ended(let failure) = try sale.run() else { throw TestFailure("accepted") }
        #expect(failure.reason == reason)
    }

    @Test func theCustomersChoiceDecidesTheApplication() throws {
        var sale = try ChipSale(CardLibrary.severalApplications)
        sale.choice = 1
        guard case .completed(.approvedOnline, let completion) = try sale.run() else { throw TestFailure("declined") }
        #expect(completion.result.application.aid == "A000000333010101")
        #expect(sale.request?.card.pan == PAN("62000000000000109"))
    }

    @Test(arguments: ["unionpay-debit", "unionpay-credit", "static"])
    func withT0ThePaymentIsTheSame(_ name: String) throws {
        var profile = try #require(CardLibrary.card(named: name))
        var whole = try ChipSale(profile)
        profile.transmission = .t0
        var pieces = try ChipSale(profile)
        #expect(try pieces.run() == whole.run())
        #expect(pieces.commands > whole.commands)
    }
}
