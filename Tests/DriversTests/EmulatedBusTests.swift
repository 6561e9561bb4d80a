import EmulatedUSB
import HAL
import SystemDriver
import Testing

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// The bus as a process. What programs see of it is shown by the tests of the drivers.
@Suite(.timeLimit(.minutes(1))) struct EmulatedBusTests {
    private func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

    @Test func aBusTakesItsFolderAlong() async throws {
        let bus = try await EmulatedBus()
        let folder = try #require(bus.environment["UMOCKDEV_DIR"])
        let printer = try await bus.plug(EmulatedPrinter(), port: "1-1")
        let device = folder + "/sys/bus/usb/devices/1-1/idVendor"
        #expect(exists(device))
        #expect(exists(folder + "/dev/bus/usb/001/002"))
        await bus.unplug(printer)
        #expect(!exists(device))
        #expect(!exists(folder + "/dev/bus/usb/001/002"))
        await bus.stop()
        #expect(!exists(folder))
        await #expect(throws: DeviceError(.gone, "plug")) { try await bus.plug(EmulatedPrinter(), port: "1-1") }
    }

    /// Dropped with devices in it, as when a test throws.
    @Test func aForgottenBusEnds() async throws {
        var bus: EmulatedBus? = try await EmulatedBus()
        let folder = try #require(bus?.environment["UMOCKDEV_DIR"])
        let port = try #require(try await bus?.plug(EmulatedScanner(.pos), port: "1-2"))
        bus = nil
        let clock = SystemClock()
        let deadline = clock.uptime.advanced(milliseconds: 20_000)
        while exists(folder), clock.uptime < deadline {
            try await clock.wait(until: clock.uptime.advanced(milliseconds: 5))
        }
        #expect(!exists(folder))
        #expect(port.device.waiting.isEmpty)
    }

    /// A device number is used again only when all others have been, as the kernel does it.
    @Test func moreThanABusfulOfPlugsFindAPlace() async throws {
        let bus = try await EmulatedBus()
        for round in 0..<130 {
            let port = try await bus.plug(EmulatedScanner(.keyboard), port: "1-\(round % 4 + 1)")
            await bus.unplug(port)
        }
        await bus.stop()
    }

    @Test func aBusHasAnEnd() async throws {
        let bus = try await EmulatedBus()
        for number in 1...126 { _ = try await bus.plug(EmulatedPrinter(), port: "1-\(number)") }
        await #expect(throws: DeviceError(.busy, "plug")) { try await bus.plug(EmulatedPrinter(), port: "1-127") }
        await bus.stop()
    }

    @Test func whatIsNoProgramIsAbsent() async {
        await #expect { try await EmulatedBus(program: "/nonexistent/usb-bus") } throws: { error in
            (error as? DeviceError)?.kind == .absent
        }
        await #expect(throws: DeviceError(.absent, "umockdev")) { try await EmulatedBus(program: "/bin/true") }
    }
}
