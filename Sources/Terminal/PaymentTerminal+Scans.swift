import HAL

/// Scans for those who ask. None is logged or kept, and what could pay is told to nobody whole (M8).
extension PaymentTerminal {
    /// The next scan within `seconds` (1–600), for the technician.
    public func testScanner(seconds: Int) async throws -> ScanReport {
        guard let scanDesk else { throw Refusal(.unavailable, "no scanner is configured") }
        guard (1...600).contains(seconds) else { throw Refusal(.invalid, field: "seconds", "must be 1 to 600") }
        let news = await scanDesk.listen()
        let (clock, start) = (devices.clock, devices.clock.uptime)
        let first = await withTaskGroup(of: ScanDesk.News?.self) { group in
            group.addTask { await news.first { _ in true } }
            group.addTask {
                try? await clock.wait(until: start.advanced(milliseconds: seconds * 1000))
                return nil
            }
            defer { group.cancelAll() }
            return await group.next() ?? nil
        }
        switch first {
        case .success(let scan): return ScanReport(scan)
        case .failure(let error): throw Refusal(.unavailable, "the scanner cannot be read: \(error)")
        case nil: throw Refusal(.unavailable, "nothing was scanned within \(seconds) s")
        }
    }

    /// Every scan from now on, for registers; refused unless the configuration wants it so.
    public func scans() async throws -> AsyncStream<ScanReport> {
        guard let scanDesk else { throw Refusal(.unavailable, "no scanner is configured") }
        guard configuration.scanner?.listens == .always else {
            throw Refusal(
                .unavailable, "scans are read only when a payment asks for one: scanner.listens is not always")
        }
        let news = await scanDesk.listen()
        let (reports, continuation) = AsyncStream.makeStream(
            of: ScanReport.self, bufferingPolicy: .bufferingNewest(16))
        let relay = Task {
            for await case .success(let scan) in news { continuation.yield(ScanReport(scan)) }
            continuation.finish()
        }
        continuation.onTermination = { _ in relay.cancel() }
        return reports
    }
}
