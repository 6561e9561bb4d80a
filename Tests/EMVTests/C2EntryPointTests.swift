import Payments
import Testing
import Wire

@testable import EMV

@Suite struct C2EntryPointTests {
    /// One payment through the Entry Point; the card leaves once, at the command with this number.
    struct Payment {
        var entryPoint: EntryPoint
        var card: C2TestCard
        var removal: Int?
        private var transmitted = 0

        init(_ run: C2Run, torn: [TornTransaction] = [], removal: Int? = nil) {
            var terminal = run.terminal
            terminal.combinations = [run.combination]
            entryPoint = EntryPoint(terminal: terminal, transaction: run.transaction, torn: torn)
            card = run.card
            self.removal = removal
        }

        /// What came out of each presentation, in order, the same again and again once. The issuer approves.
        mutating func play() -> String {
            var lines: [String] = []
            var action = entryPoint.handle(.begin)
            while true {
                switch action {
                case .transmit(let command):
                    transmitted += 1
                    let answer = card.answer(command.bytes)
                    action = entryPoint.handle(transmitted == removal ? .cardRemoved : .response(answer))
                case .finish(let outcome):
                    if lines.last != outcome.line { lines.append(outcome.line) }
                    switch outcome.result {
                    case .tryAgain: action = entryPoint.handle(.begin)
                    case .online:
                        action = entryPoint.handle(.reply(OnlineReply(approved: true, code: "00", chipData: [])))
                    default: return lines.joined(separator: "; ")
                    }
                case .ignore: return lines.joined(separator: "; ")
                }
            }
        }

        var instructions: String {
            card.log.map { Hex.encode([$0.ins]) }.filter { $0 != "B2" }.joined(separator: " ")
        }
    }

    /// The last of too many presentations is torn like any other: the next payment may recover it.
    @Test func `What the last presentation tore is kept`() throws {
        var payment = Payment(try C2Run.make())
        for presentation in 1...EntryPoint.presentationLimit {
            var action = payment.entryPoint.handle(.begin)
            while case .transmit(let command) = action {
                let isLast = presentation == EntryPoint.presentationLimit
                let leaves = !isLast || command.ins == 0xAE
                action = payment.entryPoint.handle(
                    leaves ? .cardRemoved : .response(payment.card.answer(command.bytes)))
            }
            #expect(payment.entryPoint.torn.isEmpty == (presentation < EntryPoint.presentationLimit))
        }
        #expect(payment.entryPoint.phase == .finished)
    }

    static let payments = [
        C2Case("2", "A card is selected, read and approved", "approvedOffline, none, approved"),
        C2Case(
            "2", "The issuer is asked, and its answer completes",
            "online, none, authorising; approvedOnline, none, approved"
        ) {
            $0.transaction = try Run.sale(10001)
        },
        C2Case(
            "2", "A payment of the transaction limit passes pre-processing and kernel",
            "online, onlinePIN, enterPIN; approvedOnline, onlinePIN, approved"
        ) {
            $0.combination.onDeviceTransactionLimit = 50000
            $0.transaction = try Run.sale(50000)
        },
        C2Case("2", "A payment above both limits does not begin", "another interface, notApplicable, insertOrSwipe") {
            $0.transaction = try Run.sale(80001)
        },
        C2Case(
            "2", "A card above its own limit has no other application",
            "another interface, notApplicable, tryAnotherCard"
        ) {
            $0.transaction = try Run.sale(50001)
        },
        C2Case(
            "2", "A card without chip mode has no other application", "another interface, notApplicable, tryAnotherCard"
        ) {
            try $0.setProfile { $0.remove(.chipMode) }
        },
        C2Case("2", "An amount of zero asks the issuer", "online, none, authorising; approvedOnline, none, approved") {
            $0.transaction = try Run.sale(0)
        },
        C2Case(
            "2", "A phone that always wants another tap comes to the other interface",
            "try again, notApplicable, seePhone; another interface, notApplicable, insertOrSwipe"
        ) {
            $0.card.interaction = [0x00, 0x01, 0x00]
        },
    ]

    @Test(arguments: payments) func `Kernel C-2 behind the Entry Point`(row: C2Case) throws {
        var payment = Payment(try row.run())
        #expect(payment.play() == row.expected)
    }

    /// The command with which the cryptogram is asked for.
    static func cryptogramNumber() throws -> Int {
        var payment = Payment(try C2Run.make())
        _ = payment.play()
        return payment.card.log.count
    }

    @Test func `The torn log goes from presentation to presentation`() throws {
        var payment = Payment(try C2Run.make(), removal: try Self.cryptogramNumber())
        #expect(payment.play() == "try again, notApplicable, presentCardAgain; approvedOffline, none, approved")
        #expect(payment.instructions == "A4 A4 A8 AE A4 A4 A8 D0")
        #expect(payment.entryPoint.torn.isEmpty)
    }

    @Test func `The torn log goes from payment to payment, and a bad recovery settles it`() throws {
        let run = try C2Run.make()
        var first = Payment(run, removal: try Self.cryptogramNumber())
        var action = first.entryPoint.handle(.begin)
        while case .transmit(let command) = action {
            let answer = first.card.answer(command.bytes)
            action = first.entryPoint.handle(command.ins == 0xAE ? .cardRemoved : .response(answer))
        }
        _ = first.entryPoint.handle(.cancelled)
        #expect(first.entryPoint.torn.count == 1)

        var second = Payment(run, torn: first.entryPoint.torn)
        second.card.overrides[0xD0] = Response(try Hex.decode("7702 9F27"))
        #expect(second.play() == "ended: badData, notApplicable, tryAnotherCard")
        #expect(second.instructions == "A4 A4 A8 D0")
        #expect(second.entryPoint.torn.isEmpty)
    }
}
