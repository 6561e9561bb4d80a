import EmulatedUSB
import HAL
import SystemDriver
import Testing
import USBDriver

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

extension USBTests {
    /// What days of plugging and waiting cost. TENDER_PLUG_CYCLES=10000 is the full number.
    @Suite(.timeLimit(.minutes(10))) struct Endurance {
        private let counter: USBCounter
        private let bus: USBBus

        init() async throws {
            counter = try await USBCounter()
            bus = try USBBus()
        }

        /// A printer and a scanner by turns, each opened and used: no memory, descriptor or thread is left behind.
        @Test func pluggingLeavesNothingBehind() async throws {
            let cycles = getenv("TENDER_PLUG_CYCLES").flatMap { Int(String(cString: $0)) } ?? 300
            let scanner = USBScanner(on: bus, clock: counter.clock)
            let port = USBPrinterPort(on: bus, clock: counter.clock)
            func cycle() async throws {
                try await counter.with(EmulatedPrinter(), at: "1-1") { _ in
                    _ = await counter.await(port, \.isReady)
                    let line = try await port.open(deadline: counter.soon)
                    try await line.write([0x0A], deadline: counter.soon)
                    await line.close()
                }
                try await counter.with(EmulatedScanner(.pos), at: "1-2") { _ in
                    _ = await counter.await(scanner, \.isReady)
                }
                _ = await counter.await(port) { !$0.isReady }
                _ = await counter.await(scanner) { !$0.isReady }
            }
            // The first ones fill pools and caches.
            for _ in 0..<min(100, cycles) { try await cycle() }
            let before = Usage()
            for _ in 0..<cycles { try await cycle() }
            let after = Usage()
            print("\(cycles) times plugged in and out: \(before) before, \(after) after")
            #expect(after.kilobytes - before.kilobytes < 4096)
            #expect(after.files <= before.files + 4)
            #expect(after.threads <= before.threads + 4)
        }

        /// A scanner that waits costs nothing: its transfer waits in the kernel.
        @Test func waitingWakesNobody() async throws {
            let scanner = USBScanner(on: bus, clock: counter.clock)
            try await counter.with(EmulatedScanner(.pos)) { device in
                _ = await counter.await(scanner, \.isReady)
                // What connecting has left to do is done soon.
                try await counter.clock.wait(until: counter.after(300))
                let before = Usage.wakeUps(ofThreads: "usb")
                try await counter.clock.wait(until: counter.after(3000))
                #expect(Usage.wakeUps(ofThreads: "usb") - before <= 3)
            }
        }

        /// What this process holds, as /proc tells it.
        private struct Usage: CustomStringConvertible {
            let kilobytes: Int
            let files: Int
            let threads: Int

            init() {
                kilobytes = Self.number("VmRSS", in: "/proc/self/status")
                files = Self.names(in: "/proc/self/fd").count
                threads = Self.names(in: "/proc/self/task").count
            }

            var description: String { "\(kilobytes) KiB, \(files) files, \(threads) threads" }

            static func wakeUps(ofThreads prefix: String) -> Int {
                names(in: "/proc/self/task").filter { text("/proc/self/task/\($0)/comm").hasPrefix(prefix) }
                    .map { number("voluntary_ctxt_switches", in: "/proc/self/task/\($0)/status") }.reduce(0, +)
            }

            private static func number(_ key: String, in file: String) -> Int {
                let line = text(file).split(separator: "\n").first { $0.hasPrefix(key + ":") }
                return line.flatMap { Int($0.filter(\.isNumber)) } ?? 0
            }

            private static func text(_ path: String) -> String {
                let file = open(path, O_RDONLY)
                guard file >= 0 else { return "" }
                defer { close(file) }
                var bytes = [UInt8](repeating: 0, count: 4096)
                let count = read(file, &bytes, bytes.count)
                return String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
            }

            private static func names(in path: String) -> [String] {
                guard let folder = opendir(path) else { return [] }
                defer { closedir(folder) }
                var names: [String] = []
                while let entry = readdir(folder) {
                    let name = withUnsafeBytes(of: entry.pointee.d_name) {
                        String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
                    }
                    if name.first?.isNumber == true { names.append(name) }
                }
                return names
            }
        }
    }
}
