import HAL
import SimulatedCards
import SimulatedDevices
import SystemDriver
import Testing

/// What every card reader must do, whatever is behind it: one slot, in which a card is put and from which it is taken.
struct CardReaderScenario {
    let reader: any CardReader
    let slot: CardSlot
    let clock = SystemClock()

    /// Long enough for a slow machine; no test waits for it.
    var later: Uptime { clock.uptime.advanced(milliseconds: 20_000) }

    /// Leaves the slot empty for the next one. Not powered down before the reader has seen the removal: pcscd would
    /// call the slot empty at once, and not see a card that comes before its next look.
    func finish() async throws {
        slot.remove()
        try await reader.awaitRemoval(deadline: later)
        await reader.powerDown()
    }

    func insertAndExchange() async throws {
        async let answerToReset = reader.awaitCard(deadline: later)
        try slot.insert(TestCard())
        #expect(try await answerToReset == TestCard.answerToReset)
        let long = [0x00, 0xD6, 0x00, 0x00, 0x00, 0x03, 0xE8] + [UInt8](repeating: 0x5A, count: 1000)
        for command in [[0x00, 0xA4, 0x04, 0x00], [0x00, 0xB2, 0x01, 0x0C, 0x00], long] {
            #expect(try await reader.transmit(command, deadline: later) == command + [0x90, 0x00])
        }
        try await finish()
    }

    func cardAlreadyThereAndPoweredAgain() async throws {
        try slot.insert(TestCard())
        for _ in 0..<3 {
            #expect(try await reader.awaitCard(deadline: later) == TestCard.answerToReset)
            #expect(try await reader.transmit([0x00, 0x84, 0, 0, 8], deadline: later).count == 7)
            await reader.powerDown()
        }
        let card = try #require(slot.card as? TestCard)
        #expect(card.resets >= 3)
        #expect(card.commands == 3)
        try await finish()
    }

    func removedBeforeCommand() async throws {
        try slot.insert(TestCard())
        _ = try await reader.awaitCard(deadline: later)
        slot.remove()
        await expectFailure(.cardRemoved) { try await reader.transmit([0x00, 0x84, 0, 0, 8], deadline: later) }
        await expectFailure(.cardRemoved) { try await reader.transmit([0x00, 0x84, 0, 0, 8], deadline: later) }
        try await finish()
    }

    /// At each command of an exchange.
    func removedDuringCommand(_ turn: Int) async throws {
        try slot.insert(TestCard(from: turn, .removed))
        _ = try await reader.awaitCard(deadline: later)
        for _ in 1..<turn { _ = try await reader.transmit([0x00, 0x84, 0, 0, 8], deadline: later) }
        await expectFailure(.cardRemoved) { try await reader.transmit([0x00, 0x84, 0, 0, 8], deadline: later) }
        try await reader.awaitRemoval(deadline: later)
        try await finish()
    }

    /// A card that answers less than two status bytes is as good as gone.
    func answerTooShort() async throws {
        try slot.insert(TestCard(from: 1, .response([0x90])))
        _ = try await reader.awaitCard(deadline: later)
        await expectFailure(.cardRemoved) { try await reader.transmit([0x00, 0x84, 0, 0, 8], deadline: later) }
        try await finish()
    }

    /// The caller is free at the deadline, and the reader as soon as the card is out.
    func muteCard() async throws {
        try slot.insert(TestCard(from: 2, .silence))
        _ = try await reader.awaitCard(deadline: later)
        _ = try await reader.transmit([0x00, 0x84, 0, 0, 8], deadline: later)
        let start = clock.uptime
        let deadline = start.advanced(milliseconds: 150)
        await expectFailure(.timeout) { try await reader.transmit([0x00, 0x84, 0, 0, 8], deadline: deadline) }
        let taken = clock.uptime.milliseconds(since: start)
        #expect(taken >= 150)
        #expect(taken < 5000)
        try await finish()
        try await insertAndExchange()
    }

    func cancelledWait() async throws {
        let waiting = Task { await expectFailure(.cancelled) { try await reader.awaitCard(deadline: later) } }
        await Task.yield()
        waiting.cancel()
        let start = clock.uptime
        await waiting.value
        #expect(clock.uptime.milliseconds(since: start) < 5000)
        try await insertAndExchange()
    }

    func waitWithoutCard() async throws {
        let deadline = clock.uptime.advanced(milliseconds: 100)
        await expectFailure(.timeout) { try await reader.awaitCard(deadline: deadline) }
        #expect(await reader.status().isReady)
        try slot.insert(TestCard())
        _ = try await reader.awaitCard(deadline: later)
        let soon = clock.uptime.advanced(milliseconds: 100)
        await expectFailure(.timeout) { try await reader.awaitRemoval(deadline: soon) }
        try await finish()
    }
}

/// Expects that `body` fails with this kind of error; nil stands for any.
func expectFailure<Value>(
    _ kind: DeviceError.Kind?, sourceLocation: SourceLocation = #_sourceLocation, _ body: () async throws -> Value
) async {
    do {
        _ = try await body()
        Issue.record("did not fail", sourceLocation: sourceLocation)
    } catch {
        let error = error as? DeviceError
        #expect(error != nil && (kind == nil || error?.kind == kind), "\(error as Any)", sourceLocation: sourceLocation)
    }
}

/// A card that answers each command with itself and 9000, until a turn from which it does something else.
struct TestCard: CardMachine {
    static let answerToReset: [UInt8] = [0x3B, 0x64, 0x00, 0x00, 0x54, 0x45, 0x53, 0x54]

    var answerToReset: [UInt8] { Self.answerToReset }
    private(set) var resets = 0
    private(set) var commands = 0
    private let turn: Int
    private let fault: Answer

    init(from turn: Int = .max, _ fault: Answer = .silence) {
        self.turn = turn
        self.fault = fault
    }

    mutating func reset() { resets += 1 }

    mutating func handle(_ command: [UInt8]) -> Answer {
        commands += 1
        return commands < turn ? .response(command + [0x90, 0x00]) : fault
    }
}
