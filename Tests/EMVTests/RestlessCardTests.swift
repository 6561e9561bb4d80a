import EMV
import Payments
import Testing
import Wire

/// A card that says one thing first and another one later.
struct RestlessCard: CoveredCase {
    let clause: String
    let requirement: String
    /// What must come of it.
    let expected: Expected
    let change: @Sendable (inout Run) throws -> Void

    enum Expected: Sendable {
        case verdict(KernelOutcome.Verdict)
        case failure(KernelFailure.Reason)
    }

    init(
        _ clause: String, _ requirement: String, _ expected: Expected,
        _ change: @escaping @Sendable (inout Run) throws -> Void
    ) {
        self.clause = clause
        self.requirement = requirement
        self.expected = expected
        self.change = change
    }

    /// Answers the command `instruction` of this number, counted from zero, with `data`.
    private static func answer(
        _ instruction: UInt8, _ number: Int, _ data: [UInt8], _ run: inout Run
    ) {
        run.card.overrides[instruction] = { count, _ in count == number ? Response(data) : nil }
    }

    private static let fci: @Sendable ([UInt8], [TLV]) -> [UInt8] = { name, more in
        TestCard.fci(name, [TLV(.applicationLabel, Array("UnionPay".utf8))] + more)
    }

    private static let gac: @Sendable (UInt8, UInt8) -> [UInt8] = { information, counter in
        TLV(.responseFormat1, [information, 0x00, counter, 1, 2, 3, 4, 5, 6, 7, 8, 0x07, 1, 1, 3, 0xA0, 0, 0, 1])
            .encoded
    }

    static let cases: [RestlessCard] = [
        RestlessCard(
            "Book 3, 10.2", "A record that the file locator names twice, and that says something else the second time",
            .failure(.badData)
        ) { run in
            // The first record of the application is read after that of the directory.
            answer(
                0xB2, 3, TLV(.record, TLV(.pan, [0x62, 0x25, 0x88, 0x99, 0x99, 0x99, 0x99, 0x99]).encoded).encoded, &run
            )
        },
        RestlessCard(
            "Book 1, 12.4", "A name in the file control information that is not the one selected", .failure(.badData)
        ) { run in answer(0xA4, 1, fci(TestCard.rid + [0x01, 0x01, 0x02], []), &run) },
        RestlessCard(
            "Book 1, 12.4", "A PDOL of the final selection, and none of the one before it: the final one counts",
            .verdict(.approvedOnline)
        ) { run in
            run.card.hasDirectory = false
            run.card.pdol = [0x9F, 0x1A, 0x02]
            run.card.authenticates(by: [])
            answer(0xA4, 1, fci(TestCard.aid, []), &run)
        },
        RestlessCard(
            "Book 3, 10.2", "An account number in track 2 that is not that of 5A", .failure(.badData)
        ) { run in
            run.card.set(.track2, try Hex.decode("6225880212345678919D30122011234500000F"))
        },
        RestlessCard(
            "Book 3, 9.3", "A TC where the card had asked for the issuer and an AAC was wanted: the refusal stands",
            .verdict(.declinedOnline)
        ) { run in
            run.card.authenticates(by: [])
            run.reply = OnlineReply(approved: false, code: "05", chipData: [])
            answer(0xAE, 1, gac(0x40, 5), &run)
        },
        RestlessCard(
            "Book 3, 9.3", "A second ARQC where a TC was wanted: no approval", .failure(.forbiddenCryptogram)
        ) { run in
            run.card.authenticates(by: [])
            answer(0xAE, 1, gac(0x80, 5), &run)
        },
        RestlessCard(
            "Book 3, 10.11", "An AAC where the issuer had approved: the authorization is to be reversed",
            .verdict(.declinedByCard)
        ) { run in
            run.card.authenticates(by: [])
            answer(0xAE, 1, gac(0x00, 5), &run)
        },
        RestlessCard(
            "Book 2, 6.6", "A second cryptogram without the signature that the first one had: no approval",
            .verdict(.declinedByCard)
        ) { run in
            let objects = [
                TLV(.cryptogramInformation, [0x40]), TLV(.atc, [0x00, 0x05]),
                TLV(.cryptogram, [1, 2, 3, 4, 5, 6, 7, 8]),
            ]
            run.card.authenticates(by: .cda)
            try run.card.certify()
            answer(0xAE, 1, TLV(.responseFormat2, TLV.encode(objects)).encoded, &run)
        },
        RestlessCard(
            "Book 3, 10.6.3",
            "A transaction counter that falls behind the last online one: both limits count as exceeded",
            .verdict(.approvedOnline)
        ) { run in
            run.card.counters = [.atc: 3, .lastOnlineATC: 4]
            run.card.set(.lowerOfflineLimit, [2])
            run.card.set(.upperOfflineLimit, [5])
        },
    ]
}

@Suite struct RestlessCardTests {
    @Test(arguments: RestlessCard.cases)
    func `A card that says something else than before`(row: RestlessCard) throws {
        var run = try Run.make { try row.change(&$0) }
        let outcome = run.play()
        switch row.expected {
        case .verdict(let verdict):
            #expect(outcome?.verdict == verdict, "\(row.requirement): \(String(describing: outcome))")
        case .failure(let reason):
            #expect(outcome?.failure?.reason == reason, "\(row.requirement): \(String(describing: outcome))")
            #expect(outcome?.failure?.clause.isEmpty == false)
        }
    }

    @Test func `Nothing of one transaction is left for the next`() throws {
        var first = try Run.make()
        _ = first.play()
        var second = try Run.make { $0.card = try TestCard(TestKeys.small.get(), pan: "6225880299999999903") }
        var third = second
        #expect(second.play()?.completion?.chipData == third.play()?.completion?.chipData)
        #expect(second.requests.first?.card.pan.digits == "6225880299999999903")
    }
}
