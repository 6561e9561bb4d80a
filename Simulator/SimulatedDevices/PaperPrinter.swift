public import HAL
import Synchronization

/// A network printer (TCP 9100) that keeps what it got and shows it as text.
public final class PaperPrinter: Sendable {
    /// What can be wrong with it.
    public enum Fault: String, Sendable, CaseIterable {
        /// Switched off: connections are refused.
        case absent
        /// Takes jobs, prints nothing until there is paper; tells it when asked.
        case paperOut
        /// Connected, but reads nothing.
        case hanging
    }

    /// Each receipt as it is cut.
    public let printed: AsyncStream<String>

    private let state: Box
    private let server: LoopbackServer
    private let source: AsyncStream<String>.Continuation

    /// A printer on loopback; port 0 lets the kernel choose. `columns` is 48 for 80 mm paper, 32 for 58 mm. Throws
    /// `.busy` for a port in use.
    public convenience init(port: UInt16 = 0, columns: Int = 48) throws(DeviceError) {
        try self.init(port: port, paper: Paper(columns: columns))
    }

    /// A printer with this paper in it, which says what model it is.
    public init(port: UInt16 = 0, paper: Paper) throws(DeviceError) {
        let state = Box(paper)
        let (printed, source) = AsyncStream.makeStream(of: String.self)
        self.state = state
        self.printed = printed
        self.source = source
        server = try LoopbackServer(port: port, name: "printer") { received in
            let bytes = received
            received = []
            return state.paper.withLock { paper in
                let count = paper.receipts.count
                defer { for receipt in paper.receipts[count...] { source.yield(receipt) } }
                return paper.feed(bytes)
            }
        }
    }

    deinit { stop() }

    /// The loopback port it listens on, also after it was absent.
    public var port: Int { Int(server.port) }

    /// All receipts cut so far.
    public var receipts: [String] { state.paper.withLock { $0.receipts } }

    /// The sheets cut so far, which can be drawn.
    public var sheets: [PaperSheet] { state.paper.withLock { $0.sheets } }

    /// Makes it fail so, or nil makes it well again; jobs that waited for paper are printed then.
    public func fail(_ fault: Fault?) {
        state.paper.withLock { paper in
            let count = paper.receipts.count
            paper.isOut = fault == .paperOut
            for receipt in paper.receipts[count...] { source.yield(receipt) }
        }
        switch fault {
        case .absent: server.behave(.absent)
        case .hanging: server.behave(.hanging)
        case .paperOut, nil: server.behave(.serving)
        }
    }

    /// Switches it off for good. Its thread ends, connections break, `printed` ends.
    public func stop() {
        server.behave(.stopped)
        source.finish()
    }

    private final class Box: Sendable {
        let paper: Mutex<Paper>

        init(_ paper: Paper) { self.paper = Mutex(paper) }
    }
}
