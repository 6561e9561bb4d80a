import EMV
import Payments
import SimulatedCards
import Wire

/// One transaction with a card of the library.
struct Play {
    let objections: [String]
    let outcome: KernelOutcome?
    /// The account number that was read.
    let number: String?

    /// A contact transaction in which `interferes` changes answers: by their number, with all answers before them.
    init(
        _ card: SimulatedCard, _ header: [UInt8], interferes: @escaping (Int, [[UInt8]], [UInt8]) -> [UInt8]
    ) throws {
        try self.init(Self.session(card, interferes), header)
    }

    init(_ session: LiveSession, _ header: [UInt8]) throws {
        var (tape, session) = (try required(ContactTape(header)), session)
        let witness = tape.record { session.answer($0) }
        objections = witness.objections
        outcome = witness.outcome
        number = tape.kernel.card?.pan.digits
    }

    /// The same with a tap.
    init(
        tap card: SimulatedCard, _ header: [UInt8], interferes: @escaping (Int, [[UInt8]], [UInt8]) -> [UInt8]
    ) throws {
        try self.init(tap: Self.session(card, interferes), header)
    }

    init(tap session: LiveSession, _ header: [UInt8]) throws {
        var (tape, session) = (try required(ContactlessTape(header)), session)
        let witness = tape.record { session.answer($0) }
        objections = witness.objections
        outcome = witness.outcome
        number = tape.entryPoint.card?.pan.digits
    }

    private static func session(
        _ card: SimulatedCard, _ interferes: @escaping (Int, [[UInt8]], [UInt8]) -> [UInt8]
    ) -> LiveSession {
        var session = LiveSession(card)
        var earlier: [[UInt8]] = []
        session.interferes = { number, _, answer in
            defer { earlier.append(answer) }
            return interferes(number, earlier, answer)
        }
        return session
    }

    /// Whether offline data authentication was performed and held.
    var isProved: Bool {
        guard let result = outcome?.completion?.result, let tsi = try? Hex.decode(result.tsi).first,
            let tvr = try? Hex.decode(result.tvr).first
        else { return false }
        return tsi & 0x80 != 0 && tvr & 0xCC == 0
    }
}
