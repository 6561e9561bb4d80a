import EMV
import Payments
import Testing
import Wire

/// A contact transaction: what is special about terminal, card or issuer, and what must come of it.
struct ContactCase: CoveredCase, CustomTestStringConvertible {
    let clause: String
    let requirement: String
    /// Exponent 65537 and the longest keys.
    var large = false
    /// Makes terminal, card and issuer special; the card is certified after it.
    var arrange: @Sendable (inout Run) throws -> Void
    /// Breaks what was certified.
    var spoil: @Sendable (inout Run) throws -> Void = { _ in }

    // What must come of it; nil is not looked at.
    var verdict: KernelOutcome.Verdict?
    /// Why it ends without a decision, at `clause` or at `place`.
    var failure: KernelFailure.Reason?
    var place: String?
    /// Terminal verification results in hexadecimal, a point for each digit of no interest.
    var tvr: String?
    var tsi: String?
    var cvm: String?
    /// Instructions that follow one another somewhere in what was sent, and those that must not.
    var sends: String?
    var avoids: String?
    /// The first parameter of each GENERATE AC.
    var asks: String?
    /// Everything else.
    var also: Check?

    /// A look at the end of a transaction. No bare closure, so that the one behind a case's parentheses is always `arrange`.
    struct Check: Sendable {
        let look: @Sendable (Run, KernelOutcome) throws -> Void

        init(_ look: @escaping @Sendable (Run, KernelOutcome) throws -> Void) { self.look = look }
    }

    init(
        _ clause: String, _ requirement: String, large: Bool = false, verdict: KernelOutcome.Verdict? = nil,
        failure: KernelFailure.Reason? = nil, place: String? = nil, tvr: String? = nil, tsi: String? = nil,
        cvm: String? = nil, sends: String? = nil, avoids: String? = nil, asks: String? = nil,
        also: Check? = nil,
        _ arrange: @escaping @Sendable (inout Run) throws -> Void = { _ in },
        spoil: @escaping @Sendable (inout Run) throws -> Void = { _ in }
    ) {
        self.clause = clause
        self.requirement = requirement
        self.large = large
        self.verdict = verdict
        self.failure = failure
        self.place = place
        self.tvr = tvr
        self.tsi = tsi
        self.cvm = cvm
        self.sends = sends
        self.avoids = avoids
        self.asks = asks
        self.arrange = arrange
        self.spoil = spoil
        self.also = also
    }

    var testDescription: String { "\(clause): \(requirement)" }

    /// Plays the transaction and looks at everything that is expected of it.
    func check(_ location: SourceLocation = #_sourceLocation) throws {
        var run = try Run.make(large ? TestKeys.large : TestKeys.small) { run in
            try arrange(&run)
            let isStatic = run.card.aip & 0x6100 == AIP.sda.rawValue
            try run.card.certify(run.certificates, isStatic: isStatic)
            try spoil(&run)
        }
        let end = run.play()
        let outcome = try #require(end, "no end", sourceLocation: location)
        #expect(
            outcome.failure?.reason == failure, "\(outcome.failure.map { "\($0)" } ?? "decided")",
            sourceLocation: location)
        if let end = outcome.failure {
            #expect(end.clause == place ?? clause, sourceLocation: location)
            #expect(!end.detail.contains("62258802"), sourceLocation: location)
        }
        if let verdict { #expect(outcome.verdict == verdict, sourceLocation: location) }
        if let tvr {
            let found = Hex.encode(run.kernel.findings?.tvr.bytes ?? [])
            let fits = found.count == tvr.count && zip(found, tvr).allSatisfy { $1 == "." || $0 == $1 }
            #expect(fits, "TVR \(found), not \(tvr)", sourceLocation: location)
        }
        if let tsi { #expect(Hex.encode(run.kernel.findings?.tsi.bytes ?? []) == tsi, sourceLocation: location) }
        if let cvm { #expect(Hex.encode(run.kernel.findings?.cvmResults ?? []) == cvm, sourceLocation: location) }
        if let sends { #expect(run.instructions.contains(sends), "\(run.instructions)", sourceLocation: location) }
        if let avoids { #expect(!run.instructions.contains(avoids), "\(run.instructions)", sourceLocation: location) }
        if let asks {
            let found = run.card.log.filter { $0.ins == 0xAE }.map { Hex.encode([$0.p1]) }.joined(separator: " ")
            #expect(found == asks, sourceLocation: location)
        }
        try also?.look(run, outcome)
    }
}

extension Run {
    /// Answers the command with instruction `instruction` and number `count`, from 0, with these bytes.
    mutating func answer(_ instruction: UInt8, _ count: Int = 0, _ hex: String, status: UInt16 = 0x9000) throws {
        let response = Response(try Hex.decode(hex), StatusWord(rawValue: status))
        card.overrides[instruction] = { number, _ in number == count ? response : nil }
    }

    /// Sets an object of the card, or takes it away.
    mutating func set(_ tag: TLV.Tag, _ hex: String?) throws { card.set(tag, try hex.map { try Hex.decode($0) }) }

    /// A terminal that has everything: any PIN, signature, none.
    static let everyMethod: TerminalCapabilities = [
        .contactChip, .plaintextPIN, .encipheredPIN, .onlinePIN, .signature, .noVerification, .sda, .dda, .cda,
    ]
}
