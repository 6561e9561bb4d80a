import HAL

/// Reads scans while somebody wants them, and tells each to everybody who does. A scan that nobody waits for is never read
/// out of its scanner, and none is kept: it can pay.
actor ScanDesk {
    typealias News = Result<Scan, DeviceError>

    private let scanner: any Scanner
    private let clock: any TerminalClock
    private var listeners: [Int: AsyncStream<News>.Continuation] = [:]
    private var nextListener = 0
    private var reading: Task<Void, Never>?

    /// One wait at the scanner; the next follows at once.
    private static let waitMilliseconds = 3_600_000
    /// Between two waits of which the first could not even begin.
    private static let restMilliseconds = 1_000

    init(_ scanner: any Scanner, clock: any TerminalClock) {
        self.scanner = scanner
        self.clock = clock
    }

    /// Every scan from now on, and what keeps the scanner from giving some.
    func listen() -> AsyncStream<News> {
        let (news, continuation) = AsyncStream.makeStream(of: News.self, bufferingPolicy: .bufferingNewest(16))
        let listener = nextListener
        nextListener += 1
        listeners[listener] = continuation
        continuation.onTermination = { _ in Task { await self.leave(listener) } }
        if listeners.count == 1 {
            let earlier = reading
            reading = Task {
                await earlier?.value
                await read()
            }
        }
        return news
    }

    /// Ends what everybody listens to.
    func stop() {
        reading?.cancel()
        for listener in listeners.values { listener.finish() }
    }

    private func leave(_ listener: Int) {
        listeners[listener] = nil
        if listeners.isEmpty { reading?.cancel() }
    }

    private func read() async {
        while !Task.isCancelled {
            let start = clock.uptime
            let news: News
            do throws(DeviceError) {
                news = .success(try await scanner.scan(deadline: start.advanced(milliseconds: Self.waitMilliseconds)))
            } catch {
                news = .failure(error)
            }
            guard !Task.isCancelled else { return }
            for listener in listeners.values { listener.yield(news) }
            if case .failure = news {
                try? await clock.wait(until: start.advanced(milliseconds: Self.restMilliseconds))
            }
        }
    }
}
