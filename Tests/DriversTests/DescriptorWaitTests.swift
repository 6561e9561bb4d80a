import Glibc
import HAL
import SystemDriver
import Testing

@Suite struct DescriptorWaitTests {
    private actor Owner {
        private nonisolated let thread = DeviceThread(name: "owner")
        private let waits: DescriptorWait

        nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }

        init() throws(DeviceError) { waits = try DescriptorWait(clock: SystemClock()) }

        /// The thread that would block.
        func threadName() async throws(DeviceError) -> String {
            try await waits.interruptible { () throws(DeviceError) in
                let descriptor = open("/proc/thread-self/comm", O_RDONLY)
                defer { close(descriptor) }
                var bytes = [UInt8](repeating: 0, count: 32)
                let count = read(descriptor, &bytes, bytes.count)
                return String(decoding: bytes[..<max(0, count)], as: UTF8.self)
            }
        }
    }

    /// On one that all tasks share, a few waiting devices would stop the whole program.
    @Test func `what waits blocks the thread of its actor`() async throws {
        #expect(try await Owner().threadName() == "owner\n")
    }
}
