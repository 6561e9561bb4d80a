import Payments
import Testing
import Wire

@testable import EMV

@Suite struct C2RobustnessTests {
    struct Mutated: CoveredCase {
        let clause = "Book C-2, 6"
        let seed: UInt64
        let requirement: String
    }

    static let mutations = [
        Mutated(
            seed: 1, requirement: "Any answer of a card with CDA: the kernel ends, and approves only what is signed"),
        Mutated(seed: 2, requirement: "Any answer of a phone: the kernel ends, and approves only what is signed"),
        Mutated(seed: 3, requirement: "Any answer above the floor limit: nothing is approved without the issuer"),
        Mutated(seed: 4, requirement: "Any answer of a card without CDA: nothing is approved without the issuer"),
        Mutated(seed: 5, requirement: "Any answer to a recovery: the kernel ends, and approves only what is signed"),
    ]

    @Test(arguments: mutations) func `Mutated answers`(row: Mutated) throws {
        var random = Seeded(state: row.seed)
        let count = try C2TornTests.cryptogramNumber()
        let whole = try C2Run.make {
            switch row.seed {
            case 2: try $0.setProfile { $0.insert(.onDeviceVerification) }
            case 3: $0.transaction = try Run.sale(10001)
            case 4: try $0.setProfile { $0.remove(.cda) }
            case 5:
                $0.removal = (count, true)
                _ = try $0.tap()
                $0.removal = nil
            default: break
            }
        }
        var endings: Set<String> = []
        for number in 0..<500 {
            let mutationsSeed = random.next()
            var run = whole
            let rate = UInt64(number % 8 + 2)
            // The last answer is the one that decides: it is often the only one.
            run.interferes = { position, answer in
                var own = Seeded(state: mutationsSeed &+ UInt64(position))
                guard number % 3 != 0 || position >= count, own.next() % rate == 0 else { return answer }
                return MutationTests.mutate(answer, &own)
            }
            let ending = try run.tap()
            endings.insert(ending.description)
            guard case .finished(let outcome) = ending else { continue }
            if case .completed(let verdict, _) = outcome.result {
                #expect(verdict == .approvedOffline || verdict == .declinedOffline)
                let isSigned = run.kernel?.database.cardKey != nil && row.seed != 4
                if verdict == .approvedOffline { #expect(isSigned && row.seed != 3, "run \(number)") }
            }
            let final = try run.complete(nil)
            #expect(final.line != "approvedOffline, none, approved" && final.line != "approvedOnline, none, approved")
        }
        #expect(endings.count > 2, "\(endings)")
    }

    @Test func `Answers at the wrong time end the application`() throws {
        var run = try C2Run.make()
        _ = try run.tap()
        var kernel = try required(run.kernel)
        #expect(throws: KernelFailure.self) { try kernel.receive(Response()) }
        #expect(kernel.complete(nil).line == "ended: badData, notApplicable, tryAnotherCard")
        #expect(kernel.lose(.cardRemoved) != .selectNext)
    }
}
