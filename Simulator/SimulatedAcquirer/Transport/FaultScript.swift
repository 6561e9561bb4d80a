import SimulatedCards
import Synchronization

/// The faults still to happen, in the order asked for, and those that chance brings: shared by the transport, the host
/// and whoever asks for them.
public final class FaultScript: Sendable {
    /// A fault as it is to be performed.
    public struct Order: Sendable {
        /// What goes wrong.
        public let fault: Fault
        /// Milliseconds, for the faults that wait; nil if none were asked for.
        public let milliseconds: Int?
    }

    private struct Pending {
        let order: Order
        let matching: (@Sendable ([UInt8]) -> Bool)?
        var times: Int
    }
    private struct State {
        var pending: [Pending] = []
        var releases: [@Sendable () -> Void] = []
        var changes: [@Sendable () -> Void] = []
        var chance = SeededBytes(seed: 0)
        var odds: [Fault: Int] = [:]
        var milliseconds: Int?

        /// Whether a fault happens that comes so many times in a thousand.
        mutating func happens(_ odds: Int) -> Bool {
            let bytes = chance.next(4)
            return bytes.reduce(0) { $0 << 8 | Int($1) } % 1000 < odds
        }
    }
    private let state = Mutex(State())

    /// A script without faults.
    public init() {}

    /// A script that draws: in each exchange every fault of `odds` that could happen there does so many times in a
    /// thousand, the first drawn alone. The same seed and exchanges give the same faults. `milliseconds` is for those
    /// that wait. connectionRefused is never drawn: nobody sees the attempts.
    public init(seed: UInt64, odds: [Fault: Int], milliseconds: Int = 50) {
        state.withLock { state in
            state.chance = SeededBytes(seed: seed)
            state.odds = odds
            state.milliseconds = milliseconds
        }
    }

    /// Asks for `fault` in the next `times` exchanges that `matching` accepts (nil accepts all). For handshakeFailure an
    /// exchange is a connection; connectionRefused lasts until `withdraw`, since nobody sees the attempts.
    public func ask(
        _ fault: Fault, times: Int = 1, milliseconds: Int? = nil, matching: (@Sendable ([UInt8]) -> Bool)? = nil
    ) {
        guard times > 0 else { return }
        let order = Order(fault: fault, milliseconds: milliseconds)
        change { $0.pending.append(Pending(order: order, matching: matching, times: times)) }
    }

    /// Takes back what is left of `fault`, or of all faults; it is not drawn any more either.
    public func withdraw(_ fault: Fault? = nil) {
        change { state in
            state.pending.removeAll { fault == nil || $0.order.fault == fault }
            state.odds = state.odds.filter { fault != nil && $0.key != fault }
        }
    }

    /// Whether nothing is to go wrong any more.
    public var isEmpty: Bool { state.withLock { $0.pending.isEmpty } }

    /// Whether `fault` is still to happen.
    public func isPending(_ fault: Fault) -> Bool {
        state.withLock { $0.pending.contains { $0.order.fault == fault } }
    }

    /// Uses up one time of the first pending fault that is among `faults` and matches `frame`; if there is none, draws.
    public func take(among faults: Set<Fault>, for frame: [UInt8]) -> Order? {
        state.withLock { state in
            let index = state.pending.firstIndex {
                faults.contains($0.order.fault) && ($0.matching.map { $0(frame) } ?? true)
            }
            guard let index else {
                let drawn = Fault.allCases.first { fault in
                    guard faults.contains(fault), let odds = state.odds[fault] else { return false }
                    return state.happens(odds)
                }
                return drawn.map { Order(fault: $0, milliseconds: state.milliseconds) }
            }
            let order = state.pending[index].order
            state.pending[index].times -= 1
            if state.pending[index].times == 0 { state.pending.remove(at: index) }
            return order
        }
    }

    /// How many late replies wait to be released.
    public var lateReplies: Int { state.withLock { $0.releases.count } }

    /// Sends every late reply that waits now.
    public func releaseLateReplies() {
        let releases = state.withLock { state in
            defer { state.releases = [] }
            return state.releases
        }
        for release in releases { release() }
    }

    /// Keeps what sends a late reply.
    func holdLateReply(_ release: @escaping @Sendable () -> Void) {
        state.withLock { $0.releases.append(release) }
    }

    /// Calls `change` after every `ask` and `withdraw`, on their thread.
    func onChange(_ change: @escaping @Sendable () -> Void) {
        state.withLock { $0.changes.append(change) }
    }

    private func change(_ body: (inout sending State) -> Void) {
        let changes = state.withLock { state in
            body(&state)
            return state.changes
        }
        for change in changes { change() }
    }
}
