import EMV
import FoundationEssentials
import SimulatedCards
import Testing
import Wire

/// What fuzzing of the kernels starts from: a session of every card of the library, and every input that once was
/// trouble. `RECORD=1` in the environment records the sessions anew.
@Suite struct FuzzCorpusTests {
    static let folder =
        #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(2).joined(separator: "/")
        + "/Fuzz/corpus/contact"

    @Test func `Every contact session of the corpus ends as the books allow`() throws {
        if ProcessInfo.processInfo.environment["RECORD"] == "1" { try record() }
        var verdicts: Set<KernelOutcome.Verdict> = []
        for name in try FileManager.default.contentsOfDirectory(atPath: Self.folder).sorted() {
            let bytes = [UInt8](try Data(contentsOf: URL(filePath: "\(Self.folder)/\(name)")))
            var tape = try required(ContactTape(bytes))
            let witness = tape.play()
            #expect(witness.objections.isEmpty, "\(name): \(witness.objections)")
            if let verdict = witness.outcome?.verdict { verdicts.insert(verdict) }
        }
        // What no session reaches, mutations of it will hardly reach.
        #expect(verdicts.isSuperset(of: [.approvedOffline, .approvedOnline, .declinedOffline, .declinedOnline]))
    }

    private func record() throws {
        try FileManager.default.createDirectory(atPath: Self.folder, withIntermediateDirectories: true)
        for card in try MutatedTranscriptTests.cards.get() {
            for (index, header) in MutatedTranscriptTests.terminals.enumerated() {
                // One terminal for each card, and the debit card at all of them.
                guard index == card.profile.name.utf8.count % 4 || card.profile.name == "unionpay-debit" else {
                    continue
                }
                var session = LiveSession(card)
                session.issuer = LiveSession.Issuer.allCases[index % 3]
                var tape = try required(ContactTape(header))
                let witness = tape.record { session.answer($0) }
                #expect(witness.objections.isEmpty, "\(card.profile.name): \(witness.objections)")
                // Cards that do not come to an end need no more than their beginning.
                let bytes = Data(tape.tape.recorded.prefix(4096))
                try bytes.write(to: URL(filePath: "\(Self.folder)/\(card.profile.name)-\(index)"))
            }
        }
    }
}
