/// What a card does at a moment.
public enum Reaction: Hashable, Sendable {
    /// It does not answer.
    case silence
    /// It is pulled out.
    case removal
    /// It answers random bytes.
    case noise
    /// It answers these bytes, status bytes included, and does nothing else.
    case answer([UInt8])
    /// It does what it should, but its answer is cut to so many bytes.
    case shortened(to: Int)
    /// It does what it should, but in its answer the first of these byte strings is replaced by the second.
    case replaced([UInt8], with: [UInt8])

    /// Status bytes alone.
    public static func status(_ word: UInt16) -> Reaction { .answer([UInt8(word >> 8), UInt8(word & 0xFF)]) }
}

extension Reaction {
    /// The answer that is sent where this one, status bytes included, is the right one.
    func changed(_ answer: [UInt8]) -> [UInt8] {
        switch self {
        case .silence, .removal, .noise, .answer: return answer
        case .shortened(let count): return Array(answer.prefix(count))
        case .replaced(let old, let new):
            guard !old.isEmpty, answer.count >= old.count else { return answer }
            let start = (0...answer.count - old.count).first { answer[$0...].starts(with: old) }
            return start.map { answer[..<$0] + new + answer[($0 + old.count)...] } ?? answer
        }
    }
}
