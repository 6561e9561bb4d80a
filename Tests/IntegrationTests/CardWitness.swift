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

        /// Whether `command` is its second GENERATE AC.
        func waits(for command: [UInt8]) -> Bool {
            first == 0x80 && second == nil && command.contains(unpredictableNumber)
        }
    }

    private struct State {
        var payments: [Payment] = []
        var tracks: Set<[UInt8]> = []
        var commands = 0
        /// The first four bytes of each command.
        var headers: [[UInt8]] = []
        var beforeCryptogram: (@Sendable (Int) -> Void)?
    }
    private let state = Mutex(State())

    /// The payments so far, in order.
    var payments: [Payment] { state.withLock { $0.payments } }
    /// Track 2 equivalent data of every card that was read.
    var tracks: Set<[UInt8]> { state.withLock { $0.tracks } }
    /// How many commands cards have got since the last `count`.
    var commands: Int { state.withLock { $0.commands } }
    /// How often cards have got this command, by its first four bytes.
    func count(of header: [UInt8]) -> Int { state.withLock { $0.headers.count { $0 == header } } }
    /// Starts counting commands anew.
    func count() { state.withLock { $0.commands = 0 } }

    /// Has `body` called with each GENERATE AC of a payment (1, 2) before its answer leaves.
    func onCryptogram(_ body: @escaping @Sendable (Int) -> Void) {
        state.withLock { $0.beforeCryptogram = body }
    }

    func note(_ command: [UInt8], _ answer: SimulatedCards.Answer) {
        let hook = state.withLock { state in
            state.commands += 1
            state.headers.append(Array(command.prefix(4)))
            return command.starts(with: [0x80, 0xAE]) ? state.beforeCryptogram : nil
        }
        hook?(payments.last?.waits(for: command) == true ? 2 : 1)
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
        if let last = state.payments.last, last.waits(for: command), last.counter == counter {
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
