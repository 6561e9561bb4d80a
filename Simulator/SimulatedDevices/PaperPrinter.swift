public import HAL
import Synchronization

/// A network printer (TCP 9100) that keeps what it got and shows it as text and picture.
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

    /// A printer for the Chinese market on loopback; port 0 lets the kernel choose. `columns` is 48 for 80 mm paper, 32 for
    /// 58 mm. Throws `.busy` for a port in use.
    public convenience init(port: UInt16 = 0, columns: Int = 48) throws(DeviceError) {
        try self.init(port: port, paper: Paper(columns: columns))
    }

    /// A printer with this paper in it. One that does not answer marks leaves GS r open.
    public init(port: UInt16 = 0, paper: Paper, answersMarks: Bool = true) throws(DeviceError) {
        let (printed, source) = AsyncStream.makeStream(of: String.self)
        let state = Box(Printer(paper: paper, answersMarks: answersMarks), source)
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
    public var receipts: [String] { state.printer.withLock { $0.paper.receipts } }

    /// The sheets cut so far, which can be drawn.
    public var sheets: [PaperSheet] { state.printer.withLock { $0.paper.sheets } }

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
        let news = state.printer.withLock { printer in
            printer.paper.condition.isPaperNearEnd = isNear
            return printer.paper.answers()
        }
        server.retry(sending: news)
    }

    /// Switches it off for good. Its thread ends, connections break, `printed` ends.
    public func stop() {
        server.behave(.stopped)
        source.finish()
        state.server.withLock { $0 = nil }
    }

    private struct Printer {
        var paper: Paper
        let answersMarks: Bool
        var fault: Fault?
        var later: (bytes: Int, fault: Fault)?

        mutating func fail(_ new: Fault?) {
            fault = new
            if new == .absent { paper.powerCycle() }
            var condition = PrinterCondition()
            condition.isPaperNearEnd = paper.condition.isPaperNearEnd
            switch new {
            case .paperOut: condition.isPaperOut = true
            case .coverOpen: condition.isCoverOpen = true
            case .cutterJam: condition.isCutterJammed = true
            case .offline: condition.isOffline = true
            default: break
            }
            paper.condition = condition
        }

        func said(_ answers: [UInt8]) -> [UInt8] {
            switch fault {
            case .silent: []
            case .garbage: answers.flatMap { [0xFF, 0xFE, $0 | 0xA5, 0xC3, 0x99, 0xEE] }
            default: answersMarks ? answers : answers.filter { $0 & 0xF0 != 0 }
            }
        }
    }

    private final class Box: Sendable {
        let printer: Mutex<Printer>
        let server = Mutex<LoopbackServer?>(nil)
        private let source: AsyncStream<String>.Continuation

        init(_ printer: Printer, _ source: AsyncStream<String>.Continuation) {
            self.printer = Mutex(printer)
            self.source = source
        }

        /// Takes bytes as long as there is room.
        func take(_ received: inout [UInt8]) -> [UInt8] {
            let bytes = received
            let (rest, answers, failed) = shows { printer -> (ArraySlice<UInt8>, [UInt8], Fault?) in
                var rest = bytes[...]
                var answers: [UInt8] = []
                var failed: Fault?
                while let byte = rest.first, !printer.paper.isStalled, failed == nil {
                    rest = rest.dropFirst()
                    answers += printer.said(printer.paper.feed([byte]))
                    guard let later = printer.later else { continue }
                    printer.later = later.bytes > 1 ? (later.bytes - 1, later.fault) : nil
                    if printer.later == nil { failed = later.fault }
                }
                return (rest, answers, failed)
            }
            received = Array(rest)
            if let failed { fail(failed) }
            return answers
        }

        func fail(_ fault: Fault?) {
            let news = shows { printer -> [UInt8] in
                printer.fail(fault)
                return printer.said(printer.paper.answers())
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
                let count = printer.paper.sheets.count
                defer { for sheet in printer.paper.sheets[count...] { source.yield(sheet.text) } }
                return body(&printer)
            }
        }
    }
}
