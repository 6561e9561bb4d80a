import HAL
import Payments
import SystemDriver
import Testing

@Suite struct SystemTests {
    @Test func `the steady clock goes on and a wait ends after its deadline`() async throws {
        let clock = SystemClock()
        let deadline = clock.uptime.advanced(milliseconds: 5)
        try await clock.wait(until: deadline)
        #expect(clock.uptime >= deadline)
        try await clock.wait(until: deadline)
    }

    @Test func `cancelling ends a wait`() async {
        let clock = SystemClock()
        let task = Task { try await clock.wait(until: clock.uptime.advanced(milliseconds: 60_000)) }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
    }

    @Test func `the local time is of this century`() {
        let now = SystemClock().localTime()
        #expect((2024...2099).contains(now.year))
        #expect((1...12).contains(now.month))
        #expect((1...31).contains(now.day))
    }

    @Test(arguments: [0, 1, 256, 257, 1000]) func `entropy has its length and repeats nothing`(count: Int) throws {
        let entropy = SystemEntropy()
        let bytes = try entropy.bytes(count)
        #expect(bytes.count == count)
        if count >= 256 { #expect(try entropy.bytes(count) != bytes) }
    }

    /// An actor whose jobs run on a thread of their own.
    private actor Device {
        private nonisolated let thread = DeviceThread(name: "device")
        private var count = 0
        nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }

        func next() -> Int {
            count += 1
            return count
        }
    }

    @Test func `an actor on its own thread serves many tasks one at a time`() async {
        let device = Device()
        let sum = await withTaskGroup(of: Int.self) { group in
            for _ in 0..<1000 { group.addTask { await device.next() } }
            return await group.reduce(0, +)
        }
        #expect(sum == 1000 * 1001 / 2)
    }

    @Test func `a thread ends with its last actor`() async {
        for _ in 0..<200 { #expect(await Device().next() == 1) }
    }
}
