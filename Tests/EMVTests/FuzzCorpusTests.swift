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
        + "/Fuzz/corpus"

    @Test func `Every contact session of the corpus ends as the books allow`() throws {
        try record("contact", MutatedTranscriptTests.cards.get(), at: MutatedTranscriptTests.terminals) {
            card, header in
            var (tape, session) = (try required(ContactTape(header)), card)
            return (tape.record { session.answer($0) }, tape.tape)
        }
        let verdicts = try play("contact") { bytes in
            var tape = try required(ContactTape(bytes))
            return tape.play()
        }
        // What no session reaches, mutations of it will hardly reach.
        #expect(verdicts.isSuperset(of: [.approvedOffline, .approvedOnline, .declinedOffline, .declinedOnline]))
    }

    @Test func `Every tap of the corpus ends as the books allow`() throws {
        try record("contactless", MutatedTranscriptTests.taps.get(), at: MutatedTranscriptTests.readers) {
            card, header in
            var (tape, session) = (try required(ContactlessTape(header)), card)
            return (tape.record { session.answer($0) }, tape.tape)
        }
        let verdicts = try play("contactless") { bytes in
            var tape = try required(ContactlessTape(bytes))
            return tape.play()
        }
        #expect(verdicts.isSuperset(of: [.approvedOffline, .approvedOnline, .declinedOnline]))
    }

    private func play(_ target: String, _ judge: ([UInt8]) throws -> Witness) throws -> Set<KernelOutcome.Verdict> {
        var verdicts: Set<KernelOutcome.Verdict> = []
        for name in try FileManager.default.contentsOfDirectory(atPath: "\(Self.folder)/\(target)").sorted() {
            let bytes = [UInt8](try Data(contentsOf: URL(filePath: "\(Self.folder)/\(target)/\(name)")))
            let witness = try judge(bytes)
            #expect(witness.objections.isEmpty, "\(name): \(witness.objections)")
            if let verdict = witness.outcome?.verdict { verdicts.insert(verdict) }
        }
        return verdicts
    }

    /// A session of each card at one of the terminals; the first card at all of them.
    private func record(
        _ target: String, _ cards: [SimulatedCard], at terminals: [[UInt8]],
        _ run: (LiveSession, [UInt8]) throws -> (witness: Witness, tape: Tape)
    ) throws {
        guard ProcessInfo.processInfo.environment["RECORD"] == "1" else { return }
        try FileManager.default.createDirectory(
            atPath: "\(Self.folder)/\(target)", withIntermediateDirectories: true)
        for (number, card) in cards.enumerated() {
            for (index, header) in terminals.enumerated() where number == 0 || index == number % terminals.count {
                var session = LiveSession(card)
                session.issuer = LiveSession.Issuer.allCases[(number / terminals.count + index) % 3]
                let (witness, tape) = try run(session, header)
                #expect(witness.objections.isEmpty, "\(card.profile.name): \(witness.objections)")
                // Cards that do not come to an end need no more than their beginning.
                let name = "\(card.profile.name)-\(card.profile.habit.name)-\(index)"
                try Data(tape.recorded.prefix(4096)).write(to: URL(filePath: "\(Self.folder)/\(target)/\(name)"))
            }
        }
    }
}
