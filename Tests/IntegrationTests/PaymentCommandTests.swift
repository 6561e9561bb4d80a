import Control
import Engine
import ISO8583
import Payments
import SimulatedAcquirer
import SimulatedCards
import SimulatedShop
import Terminal
import Testing

extension WholeTerminal {
    /// Every command of tenderctl that orders a payment: what it says when it works, and when it does not.
    @Suite struct PaymentCommandTests {
        private static let supervisor = "246810\n"
        private static let card = CardLibrary.accounts[1]
        private static let typed = "\(card.number)\n\(card.expiry)\n\(card.cvn2)\n"

        @Test func salesAndWhatTakesThemBack() async throws {
            try await Scene.play { scene in
                try await scene.daemon { daemon in
                    try await daemon.setUpOperators()
                    try await scene.insert("unionpay-debit")
                    try await scene.says(
                        ["balance", "--id", "b1"], "b1: balance enquiry approved\n", "balance: 10000.00 CNY")
                    try await scene.insert("unionpay-debit")
                    try await scene.says(["sale", "88.80", "--id", "s1"], "s1: approved 88.80 CNY", "交易成功")

                    let void = ["void", "s1", "--id", "v1"]
                    try await scene.refuses(["void", "nobody"], Self.supervisor, "original: no payment", "nobody")
                    try await scene.refuses(["void", "s1", "88.81"], Self.supervisor, "88.80")
                    try await scene.refuses(void, "111111\n", "wrong PIN of operator 00; 4 more", "操作员密码错误")
                    try await scene.refuses(
                        void + ["--supervisor", "07"], "111111\n", "operator 07 (cashier) may not do this")
                    for input in ["12\n", "abcdef\n", ""] {
                        try await scene.refuses(void, input, code: 64, "a PIN is 4 to 12 digits")
                    }
                    try await scene.says(
                        void, input: Self.supervisor, "v1: void approved 88.80 CNY", "follows up: s1")
                    try await scene.says(void, input: Self.supervisor, "v1: void approved 88.80 CNY")
                    try await scene.refuses(["void", "s1"], Self.supervisor, "v1")

                    try await scene.insert("unionpay-debit")
                    let sale = try await daemon.sale("100.00", id: "s2")
                    try await scene.says(
                        ["refund", "s2", "40.00", "--id", "r1"], input: Self.supervisor, "r1: refund approved 40.00 CNY"
                    )
                    try await scene.refuses(["refund", "s2", "60.01"], Self.supervisor, "60.00")
                    let receipt = ["--date", "0101", "--rrn", try #require(sale.rrn)]
                    try await scene.says(
                        ["refund", "10.00", "--id", "r2"] + receipt, input: Self.supervisor,
                        "r2: refund approved 10.00 CNY", "follows up: s2")
                    for date in ["101", "1301", "0100", "MMDD"] {
                        try await scene.refuses(["refund", "1.00", "--date", date], Self.supervisor, "must be MMDD")
                    }
                    try await scene.refuses(["void", "s2"], Self.supervisor, "r1")
                    #expect(scene.shop.host.ledger.openCaptures().map(\.amount) == [10_000])

                    try await scene.says(["payment", "r2"], "r2: refund approved 10.00 CNY")
                    try await scene.says(["payment", "--rrn", try #require(sale.rrn)], "s2: approved 100.00 CNY")
                    try await scene.says(["payment", "--stan", try #require(sale.stan)], "s2: approved 100.00 CNY")
                    try await scene.refuses(["payment", "--stan", "x"], "", "stan: must be a number")
                    try await scene.refuses(["payment", "--stan", "999999", "--batch", "1"], "", "no payment has")
                }
            }
        }

        @Test func moneyHeldAndMoneyTyped() async throws {
            try await Scene.play { scene in
                try await scene.daemon { daemon in
                    try await daemon.setUpOperators()
                    try await scene.insert()
                    try await scene.says(
                        ["preauth", "200.00", "--id", "p1"], "p1: pre-authorisation approved 200.00 CNY")
                    try await scene.refuses(["complete", "p1", "230.01"], "", "230.00")
                    try await scene.refuses(["complete", "p1"], "", "amount: is missing")
                    try await scene.says(["complete", "p1", "210", "--id", "c1"], "c1: completion approved 210.00 CNY")
                    try await scene.says(
                        ["completion-void", "c1", "--id", "cv1"], input: Self.supervisor,
                        "cv1: completion void approved 210.00 CNY")
                    try await scene.says(
                        ["complete", "p1", "50", "--advice", "--id", "a1"], "a1: completion advice stored 50.00 CNY")

                    let mail = ["mail-order", "5.00", "--id", "m1"]
                    for (input, field) in [
                        ("1234\n4912\n\n", "card.pan: is no account number"),
                        ("\(Self.card.number)\n1349\n\n", "card.expiry"),
                        ("\(Self.card.number)\n4912\n12\n", "card.cvn2: must be three digits"),
                    ] {
                        try await scene.refuses(mail, input, field)
                    }
                    try await scene.refuses(mail, "\(Self.card.number)\n", code: 64, "nothing was done")
                    try await scene.says(mail, input: Self.typed, "m1: approved 5.00 CNY")
                    try await scene.says(
                        ["mail-order", "6.00", "--preauth", "--id", "p2"], input: Self.typed,
                        "p2: pre-authorisation approved 6.00 CNY")
                    try await scene.says(
                        ["preauth-cancel", "p2", "--id", "pc"], "pc: pre-authorisation cancel approved 6.00 CNY")
                    try await scene.says(["tip", "m1", "1.50", "--id", "t1"], "t1: tip stored 6.50 CNY")
                    try await scene.says(["queue", "send"], "nothing waits")
                    try await scene.says(["payment", "t1"], "stored: accepted")
                    try await scene.refuses(["tip", "m1"], "", code: 4, "tip")
                }
            }
        }

        @Test func withoutTheAcquirer() async throws {
            try await Scene.play({
                $0.store.takesOffline = true
                $0.floorLimit = 10_000
            }) { scene in
                try await scene.daemon { daemon in
                    try await daemon.setUpOperators()
                    try await scene.insert("offline")
                    try await scene.says(["queue", "pause"], "nothing waits\nPAUSED")
                    try await scene.says(["offline-sale", "3.00", "--id", "o1"], "o1: offline sale stored 3.00 CNY")
                    let voice = ["offline-settlement", "20.00", "--id", "os", "--typed-card", "--auth-code"]
                    try await scene.refuses(voice + ["12"], Self.typed + Self.supervisor, "authCode: must be the six")
                    try await scene.says(
                        voice + ["123456"], input: Self.typed + Self.supervisor,
                        "os: offline settlement stored 20.00 CNY")
                    try await scene.says(
                        ["adjust", "os", "15.00", "--id", "a1"], input: Self.supervisor,
                        "a1: adjustment stored 15.00 CNY")
                    try await scene.says(
                        ["queue"], "3 wait", "PAUSED: nothing is sent until tenderctl queue resume",
                        "o1  offline sale  3.00 CNY")
                    try await scene.says(["status"], "queue: 3 wait, PAUSED")
                    try await scene.says(["queue", "resume"], "wait")
                    try await scene.says(["queue", "send"], "nothing waits")
                    try await scene.says(["payment", "o1"], "stored: accepted")
                }
            }
        }

        /// What the acquirer refuses stays on a list until a supervisor takes it off.
        @Test func refusedByTheAcquirer() async throws {
            try await Scene.play(audited: false) { scene in
                try await scene.daemon { daemon in
                    try await daemon.setUpOperators()
                    try await scene.says(["mail-order", "5.00", "--id", "m1"], input: Self.typed, "approved")
                    scene.shop.host.refuseNext(0x0220, with: "12")
                    try await scene.says(["tip", "m1", "1.00", "--id", "t1"], "stored")
                    try await scene.says(["queue", "send"], "REFUSED by the acquirer", "t1  tip  6.00 CNY", ": 12 ")
                    try await scene.says(["status"], "REFUSED by the acquirer: 1, see tenderctl queue")
                    try await scene.says(["payment", "t1"], "stored: refused")
                    try await scene.refuses(["resolve", "m1"], Self.supervisor, "has refused nothing of m1")
                    try await scene.refuses(["resolve", "nobody"], Self.supervisor, "no payment has the id nobody")
                    try await scene.refuses(["resolve", "t1"], "111111\n", "wrong PIN")
                    try await scene.says(["resolve", "t1"], input: Self.supervisor, "stored: resolved")
                    try await scene.says(["queue"], "nothing waits")
                }
            }
        }

        /// A new shop is told how to set itself up; nobody is asked for a PIN that does not exist.
        @Test func aShopWithoutOperators() async throws {
            try await Scene.play { scene in
                try await scene.daemon { _ in
                    try await scene.says(["mail-order", "5.00", "--id", "m1"], input: Self.typed, "approved")
                    try await scene.says(["status"], "operators: NONE", "tenderctl operators add 00")
                    for arguments in [["void", "m1"], ["refund", "m1", "1.00"], ["settle"], ["resolve", "m1"]] {
                        try await scene.refuses(
                            arguments, "", "tenderctl operators add 00", "未设置操作员 / No operators are set up")
                    }
                }
            }
        }

        /// Rubbish is refused with the field named, before a card is asked for.
        @Test(arguments: [
            (["sale", "0"], 4, "amount: must be more than zero"), (["sale", "abc"], 4, "amount: must be an amount"),
            (["sale", "1.234"], 4, "too many decimals"), (["sale", "50000.01"], 4, "must be at most 50000.00"),
            (["sale", "99999999999999999999"], 4, "too large"), (["sale", "-1"], 64, "amount"),
            (["sale", "1", "--currency", "USD"], 4, "currency: this terminal takes CNY only"),
            (["sale", "1", "--id", ""], 4, "id: must be 1 to 64"), (["sale", "1", "--cashier", "x"], 4, "two digits"),
            (["sale", "1", "--supervisor", "x"], 64, "supervisor"), (["sale"], 64, "amount"),
            (["balance", "1"], 64, "1"), (["void"], 64, "name the earlier payment"),
            (["void", "a", "b", "c"], 64, "give an id and an amount alone"),
            (["refund", "1", "--rrn", "x"], 64, "--date MMDD"), (["refund", "1", "2", "--date", "0101"], 64, "alone"),
            (["complete", "nobody", "1"], 4, "no payment with the id nobody"), (["tip", "nobody", "1"], 4, "nobody"),
            (["payment"], 64, "in one way"), (["payment", "a", "--rrn", "b"], 64, "in one way"),
            (["payment", "--batch", "1"], 64, "in one way"), (["cancel", "nobody"], 4, "nobody"),
            (["offline-settlement", "1"], 64, "--auth-code"), (["download", "everything"], 64, "blacklist"),
            (["settlement"], 4, "no batch was ever settled"),
        ])
        func rubbish(arguments: [String], code: Int, words: String) async throws {
            try await Scene.play { scene in
                try await scene.daemon { _ in
                    try await scene.refuses(arguments, "", code: Int32(code), words)
                }
                #expect(scene.shop.host.ledger.entries.isEmpty)
            }
        }
    }
}

extension Scene {
    /// Runs tenderctl, which must do what it is told and say all these words.
    func says(
        _ arguments: [String], input: String = "", _ words: String..., location: SourceLocation = #_sourceLocation
    ) async throws {
        let answer = try await tenderctl(arguments, input: input)
        #expect(answer.code == 0 && answer.complaint.isEmpty, "\(arguments): \(answer)", sourceLocation: location)
        for word in words { #expect(answer.output.contains(word), "\(arguments): \(answer)", sourceLocation: location) }
    }

    /// Runs tenderctl, which must end with `code`, print nothing but a complaint, and say all these words in it.
    func refuses(
        _ arguments: [String], _ input: String, code: Int32 = 4, _ words: String...,
        location: SourceLocation = #_sourceLocation
    ) async throws {
        let answer = try await tenderctl(arguments, input: input)
        #expect(answer.code == code && answer.output.isEmpty, "\(arguments): \(answer)", sourceLocation: location)
        for word in words {
            #expect(answer.complaint.contains(word), "\(arguments): \(answer)", sourceLocation: location)
        }
    }
}
