import HAL
import Payments
import ScannerDriver
import Synchronization
import Testing

@Suite(.timeLimit(.minutes(1))) struct ScanInboxTests {
    private let clock = ManualClock()

    private func inbox(_ rules: ScanRules = ScanRules(), isThere: Bool = true) -> ScanInbox {
        let inbox = ScanInbox(name: "scanner", rules: rules, clock: clock)
        if isThere { inbox.connected() }
        return inbox
    }

    private func scan(_ text: String) -> [Result<Scan, ScanFault>] {
        [.success(Scan(data: SecretBytes(Array(text.utf8)), symbology: nil))]
    }

    private func ask(_ inbox: ScanInbox, milliseconds: Int = 60_000) -> Task<Scan, any Error> {
        let deadline = clock.uptime.advanced(milliseconds: milliseconds)
        return Task { try await inbox.scan(deadline: deadline) }
    }

    private func text(_ scan: Scan) -> String { scan.data.withBytes { String(decoding: $0, as: UTF8.self) } }

    @Test func `a scan goes to who waits, and to nobody else`() async throws {
        let inbox = inbox()
        inbox.deliver(scan("before"))
        let asked = ask(inbox)
        await clock.waiters(1)
        inbox.deliver(scan("now"))
        inbox.deliver(scan("after"))
        #expect(try await text(asked.value) == "now")
        let again = ask(inbox)
        await clock.waiters(1)
        inbox.deliver(scan("again"))
        #expect(try await text(again.value) == "again")
    }

    @Test func `kept for a while where configured so`() async throws {
        var rules = ScanRules()
        rules.keepMilliseconds = 1000
        let inbox = inbox(rules)
        inbox.deliver(scan("kept"))
        clock.advance(999)
        #expect(try await text(ask(inbox).value) == "kept")
        inbox.deliver(scan("old"))
        clock.advance(1000)
        let asked = ask(inbox)
        await clock.waiters(1)
        inbox.deliver(scan("new"))
        #expect(try await text(asked.value) == "new")
    }

    @Test func `waiting ends at the deadline`() async {
        let asked = ask(inbox(), milliseconds: 5000)
        await clock.waiters(1)
        clock.advance(5000)
        await #expect(throws: DeviceError(.timeout, "scan")) { try await asked.value }
    }

    @Test func `waiting ends with the task`() async {
        let inbox = inbox()
        let asked = ask(inbox)
        asked.cancel()
        await #expect(throws: DeviceError(.cancelled, "scan")) { try await asked.value }
        let late = ask(inbox)
        await clock.waiters(1)
        late.cancel()
        await #expect(throws: DeviceError(.cancelled, "scan")) { try await late.value }
    }

    @Test func `a scanner may be missing for two seconds`() async throws {
        let inbox = inbox()
        let asked = ask(inbox)
        await clock.waiters(1)
        inbox.disconnected()
        await clock.waiters(1, until: 2000)
        clock.advance(1999)
        inbox.connected()
        await clock.waiters(1, until: 60_000)
        inbox.disconnected(DeviceError(.gone, "read"))
        await clock.waiters(1, until: 3999)
        clock.advance(2000)
        await #expect(throws: DeviceError(.gone, "read")) { try await asked.value }
        let absent = ask(self.inbox(isThere: false), milliseconds: 1000)
        await clock.waiters(1)
        clock.advance(1000)
        await #expect(throws: DeviceError(.timeout, "scan")) { try await absent.value }
    }

    @Test func `the technician hears of the scanner and of what was dropped`() async {
        let inbox = inbox(isThere: false)
        var news = inbox.changes().makeAsyncIterator()
        inbox.connected(name: "Vuquest")
        inbox.deliver([.failure(.wrongLength)])
        inbox.deliver(scan("good"))
        inbox.disconnected()
        inbox.disconnected()
        var notes: [String] = []
        for _ in 0..<4 { if let status = await news.next() { notes.append("\(status.name): \(status.note)") } }
        #expect(
            notes == [
                "Vuquest: ", "Vuquest: dropped a report of wrong length", "Vuquest: ", "Vuquest: scanner: absent",
            ])
        #expect(inbox.status == DeviceStatus(name: "Vuquest", isReady: false, note: "scanner: absent"))
    }
}
