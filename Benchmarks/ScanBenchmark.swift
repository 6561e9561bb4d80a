import EmulatedUSB
import FoundationEssentials
import HAL
import ScannerDriver
import Subprocess
import SystemDriver
import SystemPackage
import USBDriver

/// From the last report of a USB scanner to the scan in the hands of whoever waits for it: the real libusb, on an emulated bus.
/// libusb sees that bus through a library that must be there when a process starts, so the scans are made in another process.
struct ScanBenchmark {
    private static let scans = 300
    private static let warmUp = 20

    func run() async throws -> [Figure] {
        let program = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        let result = try await Subprocess.run(
            .path(FilePath(program)), arguments: ["--scans"],
            environment: .inherit.updating(["LD_PRELOAD": "libumockdev-preload.so.0"]),
            output: .string(limit: 1 << 20), error: .string(limit: 1 << 16))
        let times = result.standardOutput.split(separator: "\n").compactMap { Double($0) }.sorted()
        guard times.count == Self.scans else {
            throw BenchmarkFailure("no scans on the emulated bus: \(result.standardError)")
        }
        return [
            Figure(
                "scan_to_event_ms", "last report of a scanner to its scan, p50 of \(Self.scans)", "ms", times, budget: 5
            ),
            Figure(key: "scan_to_event_p99_ms", title: "… p99", unit: "ms", value: times.percentile(99)),
        ]
    }

    /// Prints the milliseconds of each scan, in the process that sees the bus.
    static func scan() async throws {
        guard EmulatedBus.canEnter else { throw BenchmarkFailure("usb-bus or umockdev is not there") }
        let bus = try await EmulatedBus()
        bus.enter()
        let clock = SystemClock()
        var rules = ScanRules()
        rules.keepMilliseconds = 1_000
        let scanner = USBScanner(on: try USBBus(), rules: rules, clock: clock)
        let changes = scanner.changes()
        let port = try await bus.plug(EmulatedScanner(.pos), port: "1-1")
        if await !scanner.status().isReady { _ = await changes.first { $0.isReady } }
        for number in 0..<(warmUp + scans) {
            async let scan = scanner.scan(deadline: clock.uptime.advanced(milliseconds: 5_000))
            // An EAN is one report, and the last one.
            let start = port.change { device in
                device.scan("\(6_900_000_000_000 + number)", symbology: "]E0")
                return Stopwatch.clock.now
            }
            _ = try await scan
            let milliseconds = (Stopwatch.clock.now - start).inMilliseconds
            if number >= warmUp { print(milliseconds) }
        }
        await bus.unplug(port)
        await bus.stop()
    }
}
