public import HAL
import Synchronization

/// A network printer (TCP 9100) that keeps what it got and shows it as text.
public final class PaperPrinter: Sendable {
    /// What can be wrong with it.
    public enum Fault: String, Sendable, CaseIterable {
        /// Switched off or unplugged: connections break and are refused, what is not printed is lost.
        case absent
        /// Takes data until its buffer is full, and prints what it has as soon as that is mended; tells it when asked.
        case paperOut, coverOpen, cutterJam, offline
        /// Connected, but reads nothing.
        case hanging
        /// Takes everything, prints it, and says nothing any more.
        case silent
        /// Answers, but with bytes that mean nothing.
        case garbage
    }

    /// Each receipt as it is cut.
    public let printed: AsyncStream<String>

    private let state: Box
    private let server: LoopbackServer
    private let source: AsyncStream<String>.Continuation

    /// A printer on loopback; port 0 lets the kernel choose. `columns` is 48 for 80 mm paper, 32 for 58 mm. Throws
    /// `.busy` for a port in use.
    public init(
        port: UInt16 = 0, columns: Int = 48, habit: PrinterModel.Habit = PrinterModel.Habit()
    ) throws(DeviceError) {
        let (printed, source) = AsyncStream.makeStream(of: String.self)
        let state = Box(Printer(model: PrinterModel(paper: Paper(columns: columns), habit: habit)), source)
        self.state = state
        self.printed = printed
        self.source = source
        server = try LoopbackServer(port: port, name: "printer", holdsBack: true) { state.take(&$0) }
        state.server.withLock { $0 = server }
    }

    deinit { stop() }

    /// The loopback port it listens on, also after it was absent.
    public var port: Int { Int(server.port) }

    /// All receipts cut so far.
    public var receipts: [String] { state.printer.withLock { $0.model.paper.receipts } }

    /// Makes it fail so, or nil makes it well again; what waits in its buffer is printed then. With `after` it fails when it
    /// has got so many more bytes.
    public func fail(_ fault: Fault?, after bytes: Int = 0) {
        if let fault, bytes > 0 {
            state.printer.withLock { $0.later = (bytes, fault) }
        } else {
            state.fail(fault)
        }
    }

    /// Little paper is left, or enough again.
    public func nearEnd(_ isNear: Bool) {
        server.retry(sending: state.printer.withLock { $0.model.nearEnd(isNear) })
    }

    /// Switches it off for good. Its thread ends, connections break, `printed` ends.
    public func stop() {
        server.behave(.stopped)
        source.finish()
    }

    private struct Printer {
        var model: PrinterModel
        var fault: Fault?
        var later: (bytes: Int, fault: Fault)?
    }

    private final class Box: Sendable {
        let printer: Mutex<Printer>
        let server = Mutex<LoopbackServer?>(nil)
        private let source: AsyncStream<String>.Continuation

        init(_ printer: Printer, _ source: AsyncStream<String>.Continuation) {
            self.printer = Mutex(printer)
            self.source = source
        }

        func take(_ received: inout [UInt8]) -> [UInt8] {
            let bytes = received
            let (rest, answers, due) = shows { printer -> ([UInt8], [UInt8], Fault?) in
                let limit = min(bytes.count, printer.later?.bytes ?? .max)
                let (taken, answers) = printer.model.take(Array(bytes.prefix(limit)))
                var due: Fault?
                if let later = printer.later {
                    printer.later = later.bytes > taken ? (later.bytes - taken, later.fault) : nil
                    if printer.later == nil { due = later.fault }
                }
                let said: [UInt8] =
                    switch printer.fault {
                    case .silent: []
                    case .garbage: answers.flatMap { [0xFF, 0xFE, $0 | 0xA5, 0xC3, 0x99, 0xEE] }
                    default: answers
                    }
                return (Array(bytes.dropFirst(taken)), said, due)
            }
            received = rest
            if let due { fail(due) }
            return answers
        }

        func fail(_ fault: Fault?) {
            let news = shows { printer -> [UInt8] in
                printer.fault = fault
                let trouble = fault.flatMap { PrinterModel.Trouble(rawValue: $0.rawValue) }
                if fault == .absent { printer.model.restart() }
                return printer.model.fail(trouble)
            }
            server.withLock { server in
                switch fault {
                case .absent: server?.behave(.absent)
                case .hanging: server?.behave(.hanging)
                default: server?.behave(.serving)
                }
                server?.retry(sending: news)
            }
        }

        /// Hands out each receipt that was cut meanwhile.
        private func shows<Value>(_ body: (inout Printer) -> Value) -> Value {
            printer.withLock { printer in
                let count = printer.model.paper.receipts.count
                defer { for receipt in printer.model.paper.receipts[count...] { source.yield(receipt) } }
                return body(&printer)
            }
        }
    }
}
