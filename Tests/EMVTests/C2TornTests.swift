import Payments
import Testing
import Wire

@testable import EMV

@Suite struct C2TornTests {
    /// The command with which the cryptogram is asked for, in a tap of the usual card.
    static func cryptogramNumber() throws -> Int {
        var run = try C2Run.make()
        _ = try run.tap()
        return run.transmitted
    }

    @Test(arguments: [true, false]) func `A card that leaves at any command may come again`(isReached: Bool) throws {
        let count = try Self.cryptogramNumber()
        for number in 1...count {
            var run = try C2Run.make { $0.removal = (number, isReached) }
            #expect(try run.tap().description == "try again, notApplicable, presentCardAgain")
            #expect(run.torn.count == (number == count ? 1 : 0), "command \(number)")
            #expect(run.kernel?.database.completion == nil)
            // The second presentation begins anew.
            run.removal = nil
            #expect(try run.tap().description == "approvedOffline, none, approved")
            #expect(run.torn.isEmpty)
        }
    }

    /// What lies between the two taps, and what the second brings: its commands but for records, outcome, records left.
    static let recoveries = [
        C2Case(
            "S10", "The answer that was lost is recovered, and counts", "A8 D0 approvedOffline, none, approved; 0 left"),
        C2Case(
            "S456.43", "A card without a DRDOL is asked for a new cryptogram",
            "A8 AE approvedOffline, none, approved; 0 left"
        ) {
            try $0.set(.drdol, "")
        },
        C2Case(
            "S10.7", "A card that cannot recover is asked for a new cryptogram",
            "A8 D0 AE approvedOffline, none, approved; 0 left"
        ) {
            $0.card.overrides[0xD0] = Response([], .conditionsNotSatisfied)
        },
        C2Case(
            "S10.7", "A card that does not know the command is asked for a new cryptogram",
            "A8 D0 AE approvedOffline, none, approved; 0 left"
        ) {
            $0.card.overrides[0xD0] = Response([], .instructionNotSupported)
        },
        C2Case("S10", "A recovered answer that cannot be read ends the application", "A8 D0 failed: badData; 0 left") {
            $0.card.overrides[0xD0] = Response([0x77, 0x02, 0x9F])
        },
        C2Case(
            "S910.7", "A recovered answer without its signature ends the application", "A8 D0 failed: badData; 0 left"
        ) {
            $0.card.overrides[0xD0] = Response(
                try Hex.decode("7714 9F270140 9F36020005 9F2608C2DE050405060708"), .success)
        },
        C2Case(
            "S9.18", "A recovered answer of a forbidden type ends the application",
            "A8 D0 failed: forbiddenCryptogram; 0 left"
        ) {
            $0.card.overrides[0xD0] = Response(try Hex.decode("8010 C0 0005 C2DE050405060708 0110A00003"), .success)
        },
        C2Case(
            "S456.44", "Another card of the account is asked for a new cryptogram",
            "A8 AE approvedOffline, none, approved; 1 left"
        ) {
            try $0.set(.panSequenceNumber, "02")
        },
        C2Case("S456.44", "Another card is asked for a new cryptogram", "A8 AE approvedOffline, none, approved; 1 left")
        {
            $0.card.base.set(.pan, try Hex.decode("5413330087654321"))
            $0.card.base.set(.track2, try Hex.decode("5413330087654321D3012201123450000F"))
            try $0.card.base.certify(.init(), "5413330087654321")
        },
        C2Case(
            "4.4", "Another amount does not take the cryptogram of the first",
            "A8 AE approvedOffline, none, approved; 0 left"
        ) {
            $0.transaction = try Run.sale(8881)
        },
        C2Case(
            "4.4", "Another type of transaction does not take the cryptogram of the first",
            "A8 AE approvedOffline, none, approved; 0 left"
        ) {
            $0.transaction = try Run.sale(type: 0x20)
        },
        C2Case(
            "4.4", "A torn transaction may be recovered for five minutes",
            "A8 D0 approvedOffline, none, approved; 0 left"
        ) {
            $0.transaction = try sale(secondsLater: 300)
        },
        C2Case(
            "4.4", "After five minutes a torn transaction is forgotten", "A8 AE approvedOffline, none, approved; 0 left"
        ) {
            $0.transaction = try sale(secondsLater: 301)
        },
        C2Case("4.4", "A torn transaction of the future is forgotten", "A8 AE approvedOffline, none, approved; 0 left")
        {
            $0.transaction = try sale(secondsLater: -1)
        },
        C2Case(
            "S10", "A card that leaves while it recovers may come again",
            "A8 D0 try again, notApplicable, presentCardAgain; 1 left"
        ) {
            $0.removal = (try cryptogramNumber(), true)
        },
    ]

    static func sale(secondsLater seconds: Int) throws -> TransactionData {
        let first = try Run.sale()
        return try required(
            TransactionData(
                amount: first.amount, time: first.time.advanced(seconds: seconds), stan: first.stan,
                unpredictableNumber: first.unpredictableNumber, randomPercent: first.randomPercent))
    }

    @Test(arguments: recoveries) func `The second tap after a torn one`(row: C2Case) throws {
        var run = try C2Run.make { $0.removal = (try Self.cryptogramNumber(), true) }
        _ = try run.tap()
        #expect(run.torn.count == 1)
        let before = run.card.log.count
        run.removal = nil
        run.transaction = try Self.later(run.transaction)
        try row.change(&run)
        let ending = try run.tap()
        let sent = run.card.log.dropFirst(before).filter { $0.ins != 0xB2 }.map { Hex.encode([$0.ins]) }
        #expect("\(sent.joined(separator: " ")) \(ending); \(run.torn.count) left" == row.expected)
    }

    /// The same payment with the next presentation's unpredictable number.
    static func later(_ data: TransactionData) throws -> TransactionData {
        try required(
            TransactionData(
                amount: data.amount, time: data.time, stan: data.stan, unpredictableNumber: 0x9ABC_DEF0,
                randomPercent: 1))
    }

    @Test func `What was recovered is what the first tap told the card`() throws {
        var run = try C2Run.make {
            $0.transaction = try Run.sale(20001)
            $0.card.base.pdol = [0x9F, 0x37, 0x04]
            $0.removal = (try Self.cryptogramNumber(), true)
        }
        _ = try run.tap()
        run.removal = nil
        run.transaction = try Self.later(run.transaction)
        // Today's second look at the card finds more; the cryptogram is over the first.
        run.combination.floorLimit = 50000
        run.terminal.capabilities.remove(.signature)
        guard case .finished(let outcome) = try run.tap(), case .online(let request) = outcome.result else {
            throw Missing()
        }
        #expect(Hex.encode(try run.last(0xD0).data) == "12345678")
        #expect(outcome.verification == .onlinePIN)
        #expect(run.results == "0000048001 420300")
        let objects = try TLV.parse(request.chipData)
        let value = { (tag: TLV.Tag) in objects.first { $0.tag == tag }.map { Hex.encode($0.value) } }
        #expect(value(.unpredictableNumber) == "12345678")
        #expect(value(.terminalCapabilities) == "2060C8")
        #expect(run.kernel?.database.chipResult?.unpredictableNumber == "12345678")
        #expect(
            try run.complete(OnlineReply(approved: true, code: "00", chipData: [])).line
                == "approvedOnline, onlinePIN, approved")
    }

    @Test func `The log keeps the newest transactions only`() throws {
        var run = try C2Run.make { $0.removal = (try Self.cryptogramNumber(), true) }
        for number in 1...10 {
            try run.set(.panSequenceNumber, "0\(number % 10)")
            _ = try run.tap()
            #expect(run.torn.count == min(number, TornTransaction.limit))
        }
        // The same card has one place.
        _ = try run.tap()
        #expect(run.torn.count == TornTransaction.limit)
        #expect(String(describing: run.torn) == "[TornTransaction, TornTransaction, TornTransaction, TornTransaction]")
        #expect(run.torn.allSatisfy { Mirror(reflecting: $0).children.isEmpty })
    }

    @Test func `A card that is gone after its cryptogram changes nothing`() throws {
        var run = try C2Run.make { $0.transaction = try Run.sale(10001) }
        _ = try run.tap()
        var kernel = try required(run.kernel)
        _ = kernel.lose(.cardMute)
        #expect(kernel.torn.isEmpty)
    }
}
