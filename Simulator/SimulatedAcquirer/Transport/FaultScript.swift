import Synchronization

/// The faults still to happen, in the order asked for: shared by the transport, the host and whoever asks for them.
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
    }
    private let state = Mutex(State())

    /// A script without faults.
    public init() {}

    /// Asks for `fault` in the next `times` exchanges that `matching` accepts (nil accepts all). For handshakeFailure an
    /// exchange is a connection; connectionRefused lasts until `withdraw`, since nobody sees the attempts.
    public func ask(
        _ fault: Fault, times: Int = 1, milliseconds: Int? = nil, matching: (@Sendable ([UInt8]) -> Bool)? = nil
    ) {
        guard times > 0 else { return }
        let order = Order(fault: fault, milliseconds: milliseconds)
        change { $0.pending.append(Pending(order: order, matching: matching, times: times)) }
    }

    /// Takes back what is left of `fault`, or of all faults.
    public func withdraw(_ fault: Fault? = nil) {
        change { $0.pending.removeAll { fault == nil || $0.order.fault == fault } }
    }

    /// Whether `fault` is still to happen.
    public func isPending(_ fault: Fault) -> Bool {
        state.withLock { $0.pending.contains { $0.order.fault == fault } }
    }

    /// Uses up one time of the first pending fault that is among `faults` and matches `frame`.
    public func take(among faults: Set<Fault>, for frame: [UInt8]) -> Order? {
        state.withLock { state in
            let index = state.pending.firstIndex {
                faults.contains($0.order.fault) && ($0.matching.map { $0(frame) } ?? true)
            }
            guard let index else { return nil }
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
