import EMV
import Payments
import SimulatedCards
import Testing
import Wire

/// Entry Point and card against each other: every card and phone of the library through a whole tap.
struct KernelTapTests {
    @Test(arguments: CardLibrary.all.filter { $0.interfaces.contains(.contactless) }.map(\.name))
    func endsAsTheLibrarySays(_ name: String) throws {
        let profile = try #require(CardLibrary.card(named: name))
        var sale = try TapSale(profile)
        #expect(try sale.run() == profile.tapEnd, "\(sale.outcomes.map(\.result))")
        #expect(!profile.note.chinese.isEmpty && !profile.note.english.isEmpty)
    }

    /// From the CVM limit on: what is asked of the customer, and after how many taps.
    @Test(arguments: [
        ("quickpass-debit", ContactlessOutcome.Verification.onlinePIN, 1),
        ("quickpass-credit", .signature, 1), ("unionpay-phone", .onDevice, 2), ("visa-contactless", .onlinePIN, 1),
        ("visa-phone", .onDevice, 2), ("mastercard-contactless", .onlinePIN, 1), ("mastercard-phone", .onDevice, 1),
    ])
    func aLargeAmountIsVerified(_ name: String, _ verification: ContactlessOutcome.Verification, _ taps: Int) throws {
        var sale = try TapSale(try #require(CardLibrary.card(named: name)))
        sale.amount = 200_000
        #expect(try sale.run() == .approvedOnline)
        let online = try #require(sale.outcomes.firstIndex { if case .online = $0.result { true } else { false } })
        #expect(sale.outcomes[online].verification == verification)
        #expect(online + 1 == taps || name == "mastercard-phone")
        if online > 0 { #expect(sale.outcomes[0].request.message == .seePhone) }
    }

    /// A torn payment of kernel C-2: the card has answered, the terminal did not hear it; the next tap recovers the
    /// cryptogram, and the card does not count twice.
    @Test func aTornCryptogramIsRecovered() throws {
        var sale = try TapSale(try #require(CardLibrary.card(named: "mastercard-contactless")))
        sale.tearsAt = 1
        #expect(try sale.run() == .approvedOffline)
        #expect(sale.commands.filter { $0 == 0xAE }.count == 1)
        #expect(sale.commands.filter { $0 == 0xD0 }.count == 1)
        guard case .completed(_, let completion) = sale.outcomes.last?.result else { throw TestFailure("undecided") }
        #expect(completion.result.atc == "0001")
        #expect(completion.result.cryptogramType == .tc)
    }

    @Test(arguments: ["quickpass-credit", "visa-contactless", "mastercard-contactless"])
    func theCardsOwnLimitSendsItOnline(_ name: String) throws {
        var sale = try TapSale(try #require(CardLibrary.card(named: name)))
        for _ in 1...3 { #expect(try sale.run() == .approvedOffline) }
        #expect(try sale.run() == .approvedOnline)
    }

    /// A card that misbehaves at any command is never approved by anybody but its issuer.
    @Test(arguments: ["quickpass-credit", "visa-contactless", "mastercard-contactless"])
    func aCardThatMisbehavesIsNotApproved(_ name: String) throws {
        var good = try TapSale(try #require(CardLibrary.card(named: name)))
        _ = try good.run()
        for command in 1...good.commands.count {
            for habit in ["mute", "removed", "nonsense", "more-data"] {
                var sale = try TapSale(try #require(CardLibrary.card(named: "\(name)+\(habit)@\(command)")))
                let end = try sale.run()
                #expect(![.approvedOffline, .approvedOnline].contains(end), "\(habit)@\(command)")
            }
        }
    }
}
