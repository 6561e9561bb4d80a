import HAL
import PCSCDriver
import SimulatedDevices
import SystemDriver
import Testing

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// The second virtual reader of the private pcscd: the first is for whole sales. One slot, so one test at a time.
@Suite(
    .serialized, .timeLimit(.minutes(1)),
    .enabled(if: PrivatePCSCD.isThere, "no private pcscd: run the tests through Scripts/private-pcscd"))
struct PCSCReaderTests {
    private let scenario = CardReaderScenario(
        reader: PCSCReader(named: PrivatePCSCD.reader, clock: SystemClock()), slot: CardSlot(port: PrivatePCSCD.port))

    @Test func insertAndExchange() async throws { try await scenario.insertAndExchange() }

    @Test func cardAlreadyThereAndPoweredAgain() async throws { try await scenario.cardAlreadyThereAndPoweredAgain() }

    @Test func removedBeforeCommand() async throws { try await scenario.removedBeforeCommand() }

    @Test(arguments: 1...3) func removedDuringCommand(_ turn: Int) async throws {
        try await scenario.removedDuringCommand(turn)
    }

    @Test func answerTooShort() async throws { try await scenario.answerTooShort() }

    @Test func muteCard() async throws { try await scenario.muteCard() }

    @Test func cancelledWait() async throws { try await scenario.cancelledWait() }

    @Test func waitWithoutCard() async throws { try await scenario.waitWithoutCard() }

    /// A card that is there counts, however little time is left: it is looked for once.
    @Test func cardIsSeenInNoTime() async throws {
        try scenario.slot.insert(TestCard())
        _ = try await scenario.reader.awaitCard(deadline: scenario.later)
        await scenario.reader.powerDown()
        #expect(try await scenario.reader.awaitCard(deadline: scenario.clock.uptime) == TestCard.answerToReset)
        try await scenario.finish()
        await expectFailure(.timeout) { try await scenario.reader.awaitCard(deadline: scenario.clock.uptime) }
    }

    @Test func unknownReaderIsAbsent() async {
        let reader = PCSCReader(named: "No Such Reader", clock: SystemClock())
        await expectFailure(.absent) { try await reader.awaitCard(deadline: scenario.later) }
        await expectFailure(.cardRemoved) { try await reader.transmit([0, 0x84, 0, 0, 8], deadline: scenario.later) }
        let status = await reader.status()
        #expect(status.name == "No Such Reader")
        #expect(!status.isReady)
    }

    @Test func statusDoesNotWaitForTheCustomer() async throws {
        let reader = scenario.reader
        let waiting = Task {
            await expectFailure(.cancelled) { try await reader.awaitCard(deadline: scenario.later) }
        }
        for _ in 0..<3 {
            let start = scenario.clock.uptime
            #expect(await reader.status() == DeviceStatus(name: PrivatePCSCD.reader, isReady: true))
            #expect(scenario.clock.uptime.milliseconds(since: start) < 2000)
        }
        waiting.cancel()
        await waiting.value
    }

    /// Who stops listening ends the watch; who only waits for cards hears nothing of the reader, which stays.
    @Test func watchingEndsWithItsListener() async throws {
        let reader = PCSCReader(named: PrivatePCSCD.reader, clock: SystemClock())
        let listener = Task { for await _ in reader.changes() { Issue.record("nothing has changed") } }
        #expect(await reader.status().isReady)
        listener.cancel()
        await listener.value
    }

    @Test func heldByAnotherProgram() async throws {
        let other = PCSCReader(named: PrivatePCSCD.reader, clock: SystemClock())
        try scenario.slot.insert(TestCard())
        _ = try await other.awaitCard(deadline: scenario.later)
        await expectFailure(.busy) { try await scenario.reader.awaitCard(deadline: scenario.later) }
        await other.powerDown()
        #expect(try await scenario.reader.awaitCard(deadline: scenario.later) == TestCard.answerToReset)
        try await scenario.finish()
    }

    /// Not beside other tests of pcscd: run it alone. The reader goes with pcscd and comes with the next one.
    @Test(.enabled(if: PrivatePCSCD.mayBeKilled, "TENDER_PCSCD_RESTART is not set: it would disturb other tests"))
    func changesAreToldAcrossRestarts() async throws {
        let reader = PCSCReader(named: PrivatePCSCD.reader, clock: SystemClock())
        var changes = reader.changes().makeAsyncIterator()
        for _ in 0..<2 {
            var status = await reader.status()
            while !status.isReady { status = try #require(await changes.next()) }
            try PrivatePCSCD.kill()
            while status.isReady { status = try #require(await changes.next()) }
            #expect(!status.note.isEmpty)
            while !status.isReady { status = try #require(await changes.next()) }
            #expect(status == DeviceStatus(name: PrivatePCSCD.reader, isReady: true))
        }
    }

    /// Not beside other tests of pcscd: run it alone.
    @Test(.enabled(if: PrivatePCSCD.mayBeKilled, "TENDER_PCSCD_RESTART is not set: it would disturb other tests"))
    func pcscdDiesAndReturns() async throws {
        let reader = scenario.reader
        try scenario.slot.insert(TestCard())
        _ = try await reader.awaitCard(deadline: scenario.later)
        try PrivatePCSCD.kill()
        await expectFailure(nil) { try await reader.transmit([0, 0x84, 0, 0, 8], deadline: scenario.later) }
        // Until it is up again its absence is told at once, so this asks many times.
        var answer: [UInt8]?
        while answer == nil, scenario.clock.uptime < scenario.later {
            do throws(DeviceError) {
                answer = try await reader.awaitCard(deadline: scenario.later)
            } catch {
                #expect(error.kind == .absent)
            }
        }
        #expect(answer == TestCard.answerToReset)
        try await scenario.finish()
    }
}

/// What Scripts/private-pcscd says in the environment.
private enum PrivatePCSCD {
    static let isThere = text("TENDER_PCSCD") == "private"
    static let mayBeKilled = text("TENDER_PCSCD_RESTART") != nil
    static let port = (UInt16(text("TENDER_VPCD_PORT") ?? "") ?? 0) + 1
    static let reader = "Virtual PCD 00 01"

    static func kill() throws {
        let file = try #require(fopen("/run/pcscd/pcscd.pid", "r"))
        defer { fclose(file) }
        var line = [CChar](repeating: 0, count: 32)
        _ = try #require(fgets(&line, Int32(line.count), file))
        let digits = line.prefix { (0x30...0x39).contains($0) }.map { UInt8(bitPattern: $0) }
        let process = try #require(Int32(String(decoding: digits, as: UTF8.self)))
        #expect(systemKill(process, SIGKILL) == 0)
    }

    private static func text(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }
}

// Inside the method of the same name the C function is hidden.
#if canImport(Glibc)
    private let systemKill = Glibc.kill
#elseif canImport(Musl)
    private let systemKill = Musl.kill
#endif
