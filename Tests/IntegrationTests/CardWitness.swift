import SimulatedCards
import Synchronization
import Wire

/// Watches what card and terminal say to each other, and keeps what the card knows of each payment.
final class CardWitness: Sendable {
    /// One payment as the card saw it: its first GENERATE AC and what came after.
    struct Payment: Equatable, Sendable {
        /// The terminal's unpredictable number (9F37), which tells this payment from all others.
        let unpredictableNumber: [UInt8]
        /// Application transaction counter (9F36).
        let counter: [UInt8]
        /// What the first GENERATE AC gave: `80` asks the issuer, `00` declines.
        let first: UInt8
        /// What the second gave: `40` approves, `00` declines; nil if it never came.
        var second: UInt8?
    }

    private struct State {
        var payments: [Payment] = []
        var tracks: Set<[UInt8]> = []
        var commands = 0
        var beforeCommand: (@Sendable ([UInt8]) -> Void)?
    }
    private let state = Mutex(State())

    /// The payments so far, in order.
    var payments: [Payment] { state.withLock { $0.payments } }
    /// Track 2 equivalent data of every card that was read.
    var tracks: Set<[UInt8]> { state.withLock { $0.tracks } }
    /// How many commands cards have got since the last `count`.
    var commands: Int { state.withLock { $0.commands } }
    /// Starts counting commands anew.
    func count() { state.withLock { $0.commands = 0 } }

    /// Has `body` called with each GENERATE AC (1, 2) before its answer leaves.
    func onCryptogram(_ body: @escaping @Sendable (Int) -> Void) {
        state.withLock { state in
            state.beforeCommand = { command in
                guard command.starts(with: [0x80, 0xAE]) else { return }
                // Both bits of the first byte of P1 clear is an AAC; the second command carries 8A in front.
                body(command.count > 45 ? 2 : 1)
            }
        }
    }

    func note(_ command: [UInt8], _ answer: SimulatedCards.Answer) {
        let hook = state.withLock { state in
            state.commands += 1
            return state.beforeCommand
        }
        hook?(command)
        guard case .response(let response) = answer else { return }
        let data = Array(response.dropLast(2))
        if command.starts(with: [0x00, 0xB2]) {
            if let track = Self.value(0x57, in: data) { state.withLock { _ = $0.tracks.insert(track) } }
        } else if command.starts(with: [0x80, 0xAE]), response.suffix(2) == [0x90, 0x00] {
            state.withLock { Self.note(command, data, &$0) }
        }
    }

    private static func note(_ command: [UInt8], _ data: [UInt8], _ state: inout State) {
        let information: UInt8
        let counter: [UInt8]
        if data.first == 0x80, let object = try? TLV.parse(data).first, object.value.count >= 3 {
            let value = Array(object.value)
            (information, counter) = (value[0], Array(value[1...2]))
        } else if let type = value(0x9F27, in: data)?.first, let count = value(0x9F36, in: data) {
            (information, counter) = (type, count)
        } else {
            return
        }
        if let last = state.payments.last, last.first == 0x80, last.second == nil, last.counter == counter,
            command.contains(last.unpredictableNumber)
        {
            state.payments[state.payments.count - 1].second = information & 0xC0
        } else {
            // 9F37 stands after 9F02 9F03 9F1A 95 5F2A 9A 9C.
            let number = Array(command.dropFirst(5 + 6 + 6 + 2 + 5 + 2 + 3 + 1).prefix(4))
            state.payments.append(
                Payment(unpredictableNumber: number, counter: counter, first: information & 0xC0, second: nil))
        }
    }

    /// The value of the first object with this tag, however deep.
    static func value(_ tag: TLV.Tag, in data: [UInt8]) -> [UInt8]? {
        guard let objects = try? TLV.parse(data) else { return nil }
        for object in objects {
            if object.tag == tag { return Array(object.value) }
            if object.tag.isConstructed, let found = value(tag, in: Array(object.value)) { return found }
        }
        return nil
    }
}
