import HAL
import SimulatedDevices
import SystemDriver
import Testing

/// The reader driver that speaks vpcd itself passes the same scenario as the real one, a slot for each test.
@Suite(.timeLimit(.minutes(1)))
struct SimulatedVPCDReaderTests {
    private let scenario: CardReaderScenario

    init() throws {
        let reader = try VPCDReader(clock: SystemClock())
        scenario = CardReaderScenario(reader: reader, slot: CardSlot(port: reader.port, swapMilliseconds: 0))
    }

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

    @Test func portInUseIsBusy() async throws {
        let reader = try VPCDReader(clock: SystemClock())
        #expect(throws: DeviceError.self) { try VPCDReader(port: reader.port, clock: SystemClock()) }
    }
}
