public import HAL
public import SimulatedCards
import Synchronization
import Wire

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// The card's side of the vpcd protocol: a hand that puts cards into a virtual reader and takes them out. Inserted is a
/// connection to the reader's port, removed is its end.
public final class CardSlot: Sendable {
    /// One command and what the card did with it.
    public typealias Observer = @Sendable (_ command: [UInt8], _ answer: Answer) -> Void

    private let port: UInt16
    private let swap: Duration
    private let observer: Observer
    private let inserted = Mutex<Insertion?>(nil)

    /// A slot of the reader on loopback port `port`. `observer` hears of each APDU before its answer leaves, on the
    /// slot's thread.
    ///
    /// Between one card and the next pass at least `swapMilliseconds`, as with a hand: pcscd looks at the slot every
    /// 400 ms, and takes two cards between two looks for one that was never changed. A `VPCDReader` needs 0.
    public init(port: UInt16, swapMilliseconds: Int = 500, observer: @escaping Observer = { _, _ in }) {
        self.port = port
        swap = .milliseconds(swapMilliseconds)
        self.observer = observer
    }

    deinit { remove() }

    /// Inserts a card; one that is in the slot goes out first. Returns at once. A reader that is not there yet, or
    /// restarts, finds the card when it comes. Throws when the process has no descriptors left.
    public func insert(_ card: any CardMachine) throws(DeviceError) {
        let insertion = try Insertion(card, port: port)
        let removal = inserted.withLock { slot in
            defer { slot = insertion }
            return slot?.end()
        }
        let start = removal.map { $0 + swap }
        let observer = observer
        DeviceThread.detach(name: "card-slot") { insertion.run(after: start, observer) }
    }

    /// Takes the card out; nothing if there is none. The thread behind it ends.
    public func remove() {
        inserted.withLock { _ = $0?.end() }
    }

    /// Shows a command to the card in the slot beside the reader, as keys that are one device with the slot do. Nil if there
    /// is no card, or no answer.
    public func show(_ command: [UInt8]) -> [UInt8]? {
        guard let insertion = inserted.withLock({ $0 }), !insertion.isOver,
            case .response(let response) = insertion.handle(command, observer)
        else { return nil }
        return response
    }

    /// The card that was inserted last, with all that has happened to it; also after it was removed.
    public var card: (any CardMachine)? { inserted.withLock { $0 }?.card }
}

/// One stay of a card in the slot.
private final class Insertion: Sendable {
    private struct Link {
        var socket: LoopbackSocket?
        var end: ContinuousClock.Instant?
    }
    private let port: UInt16
    private let wakeUp: WakeUp
    private let link = Mutex(Link())
    private let machine: Mutex<any CardMachine>

    var card: any CardMachine { machine.withLock { $0 } }
    var isOver: Bool { link.withLock { $0.end != nil } }

    init(_ card: any CardMachine, port: UInt16) throws(DeviceError) {
        self.port = port
        machine = Mutex(card)
        wakeUp = try WakeUp()
    }

    /// When it ended: now, or earlier if it had ended before.
    @discardableResult
    func end() -> ContinuousClock.Instant {
        wakeUp.signal()
        return link.withLock {
            $0.socket?.end()
            $0.socket = nil
            let end = $0.end ?? .now
            $0.end = end
            return end
        }
    }

    func run(after start: ContinuousClock.Instant?, _ observer: CardSlot.Observer) {
        if let start, start > .now { rest((start - .now) / .milliseconds(1)) }
        while let socket = connect() { serve(socket, observer) }
    }

    /// Tries until the reader is there; nil after the end.
    private func connect() -> LoopbackSocket? {
        while link.withLock({ $0.end == nil }) {
            let socket = try? LoopbackSocket.connected(port: port)
            let isEnded = link.withLock {
                if $0.end == nil { $0.socket = socket }
                return $0.end != nil
            }
            if isEnded { return nil }
            if let socket { return socket }
            rest(50)
        }
        return nil
    }

    /// Until the time is over or the card is to go.
    private func rest(_ milliseconds: Double) {
        _ = LoopbackSocket.poll(
            [(wakeUp.descriptor, Int16(POLLIN))], milliseconds: Int(min(milliseconds, 60_000).rounded(.up)))
    }

    private func serve(_ socket: LoopbackSocket, _ observer: CardSlot.Observer) {
        var messages = LengthPrefixedSplitter(limit: VPCDControl.messageLimit)
        machine.withLock { $0.reset() }
        while true {
            while let message = try? messages.next() {
                guard let answer = answer(message, observer) else {
                    end()
                    return
                }
                guard answer.isEmpty || socket.write(answer) else { return }
            }
            socket.acknowledgeQuickly()
            _ = LoopbackSocket.poll([(socket.descriptor, Int16(POLLIN))])
            guard let bytes = socket.read() else { continue }
            guard !bytes.isEmpty else { return }
            messages.append(bytes)
        }
    }

    func handle(_ command: [UInt8], _ observer: CardSlot.Observer) -> Answer {
        let answer = machine.withLock { $0.handle(command) }
        observer(command, answer)
        return answer
    }

    /// What to send, empty for nothing; nil when the card goes out.
    private func answer(_ message: [UInt8], _ observer: CardSlot.Observer) -> [UInt8]? {
        guard message.count > 1 else {
            if message.first == VPCDControl.answerToReset.rawValue {
                return try? LengthPrefixedSplitter.encode(card.answerToReset)
            }
            machine.withLock { $0.reset() }
            return []
        }
        return switch handle(message, observer) {
        case .response(let response): (try? LengthPrefixedSplitter.encode(response)) ?? []
        case .silence: []
        case .removed: nil
        }
    }
}
