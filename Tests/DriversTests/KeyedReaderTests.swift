import HAL
import PCSCDriver
import Payments
import SimulatedCards
import SimulatedDevices
import Synchronization
import SystemDriver
import Testing

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// A reader with keys of its own behind a real pcscd (PC/SC part 10): the digits never come here.
@Suite(
    .serialized, .timeLimit(.minutes(1)),
    .enabled(if: Keyed.reader != nil, "no reader with keys: Scripts/private-pcscd, with a C compiler"))
struct KeyedReaderTests {
    private let scenario = CardReaderScenario(
        reader: PCSCReader(named: Keyed.reader, clock: SystemClock()), slot: CardSlot(port: Keyed.port))
    private let request = OfflinePINRequest(
        key: nil, amount: Money(minorUnits: 8880, .cny), triesLeft: 3, minimumLength: 4, maximumLength: 12)

    /// The port is the reader's, and the last test's keys may still be leaving it.
    private func openKeys(_ customer: @escaping Customer) async throws -> ReaderKeys {
        let deadline = scenario.later
        while scenario.clock.uptime < deadline {
            if let keys = try? ReaderKeys(port: Keyed.port + 2, customer: customer) { return keys }
            await Task.yield()
        }
        return try ReaderKeys(port: Keyed.port + 2, customer: customer)
    }

    /// Has a customer who does `action` at the keys, and card `1234` in the slot.
    private func withKeys(_ action: CustomerAction..., body: () async throws -> Void) async throws {
        let left = Mutex(action)
        let keys = try await openKeys { prompt in
            guard prompt == .readerPIN(4...12) else { return .hangs }
            return left.withLock { $0.isEmpty ? .hangs : $0.removeFirst() }
        }
        defer { keys.stop() }
        try scenario.slot.insert(VerifyingCard())
        _ = try await scenario.reader.awaitCard(deadline: scenario.later)
        try await body()
        try await scenario.finish()
    }

    @Test func saysThatItHasKeys() async throws {
        #expect(await scenario.reader.offlinePINMethods() == [.plaintext])
        try scenario.slot.insert(VerifyingCard())
        _ = try await scenario.reader.awaitCard(deadline: scenario.later)
        #expect(await scenario.reader.offlinePINMethods() == [.plaintext])
        try await scenario.finish()
        let plain = PCSCReader(named: Keyed.text("TENDER_VPCD_READER"), clock: scenario.clock)
        #expect(await plain.offlinePINMethods().isEmpty)
        #expect(await PCSCReader(named: "No Such Reader", clock: scenario.clock).offlinePINMethods().isEmpty)
    }

    @Test(arguments: [
        ("1234", [0x90, 0x00] as [UInt8]), ("123456", [0x63, 0xC2]), ("123456789012", [0x63, 0xC2]),
    ])
    func cardAnswers(_ digits: String, _ answer: [UInt8]) async throws {
        try await withKeys(.enters(digits)) {
            let result = try await scenario.reader.enterOfflinePIN(request, deadline: scenario.later)
            #expect(result == .answered(answer))
            let block = try #require((scenario.slot.card as? VerifyingCard)?.lastBlock)
            #expect(block.first == 0x20 | UInt8(digits.utf8.count))
            #expect(block.count == 8)
        }
    }

    @Test func customerCancels() async throws {
        try await withKeys(.cancels) {
            let result = try await scenario.reader.enterOfflinePIN(request, deadline: scenario.later)
            #expect(result == .cancelled)
        }
    }

    /// Too short is no answer of the card: the customer types again.
    @Test func tooShortIsAskedAgain() async throws {
        try await withKeys(.enters("12"), .enters("1234")) {
            let result = try await scenario.reader.enterOfflinePIN(request, deadline: scenario.later)
            #expect(result == .answered([0x90, 0x00]))
        }
    }

    @Test func readerGivesUpInTime() async throws {
        try await withKeys(.hangs) {
            let deadline = scenario.clock.uptime.advanced(milliseconds: 2_500)
            await expectFailure(.timeout) { try await scenario.reader.enterOfflinePIN(request, deadline: deadline) }
            // The card is still there and still ours.
            let response = try await scenario.reader.transmit([0x00, 0x84, 0, 0, 0], deadline: scenario.later)
            #expect(response == [0x6D, 0x00])
        }
    }

    /// The caller is free at once; the reader when its own time is over.
    @Test func cancelledEntry() async throws {
        try await withKeys(.hangs) {
            let deadline = scenario.clock.uptime.advanced(milliseconds: 2_500)
            let entering = Task {
                await expectFailure(.cancelled) {
                    try await scenario.reader.enterOfflinePIN(request, deadline: deadline)
                }
            }
            await Task.yield()
            let start = scenario.clock.uptime
            entering.cancel()
            await entering.value
            #expect(scenario.clock.uptime.milliseconds(since: start) < 1_000)
        }
    }

    @Test func encipheredIsRefused() async throws {
        let key = CardPINKey(modulus: [UInt8](repeating: 0xC1, count: 128), exponent: 3, challenge: [UInt8](1...8))
        let request = OfflinePINRequest(key: key, amount: Money(minorUnits: 1, .cny), triesLeft: nil)
        await expectFailure(.refused) {
            try await scenario.reader.enterOfflinePIN(request, deadline: scenario.later)
        }
    }
}

/// What Scripts/private-pcscd says of the reader with keys.
private enum Keyed {
    static let reader = text("TENDER_KEYED_READER")
    static let port = UInt16(text("TENDER_KEYED_PORT") ?? "") ?? 0

    static func text(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }
}

/// A card that knows the PIN 1234 and answers nothing but VERIFY.
private struct VerifyingCard: CardMachine {
    var answerToReset: [UInt8] { TestCard.answerToReset }
    private(set) var lastBlock: [UInt8]?

    mutating func reset() {}

    mutating func handle(_ command: [UInt8]) -> Answer {
        guard command.starts(with: [0x00, 0x20, 0x00, 0x80, 0x08]) else { return .response([0x6D, 0x00]) }
        let block = Array(command.dropFirst(5))
        lastBlock = block
        let right: [UInt8] = [0x24, 0x12, 0x34, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF]
        return .response(block == right ? [0x90, 0x00] : [0x63, 0xC2])
    }
}
