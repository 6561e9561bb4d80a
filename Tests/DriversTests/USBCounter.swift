import EmulatedUSB
import HAL
import SystemDriver
import Testing

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// What needs the emulated bus, one test after the other: they plug into the same ports.
@Suite(.serialized, .enabled(if: USBCounter.isThere, USBCounter.comment)) enum USBTests {}

/// What the tests of this process plug their devices into. They share one bus: libusb sees one for as long as it lives.
struct USBCounter {
    static let isThere = EmulatedBus.canEnter
    static let comment: Comment =
        "needs LD_PRELOAD=libumockdev-preload.so.0 and the program usb-bus: `make test` provides both"

    let bus: EmulatedBus
    let clock = SystemClock()

    private static let started = Task { try await EmulatedBus() }

    init() async throws {
        bus = try await Self.started.value
        bus.enter()
    }

    /// Devices on the bus for as long as `body` runs.
    func with<Device: EmulatedDevice, Result>(
        _ device: Device, at port: String = "1-1", _ body: (EmulatedPort<Device>) async throws -> Result
    ) async throws -> Result {
        let plugged = try await bus.plug(device, port: port)
        do {
            let result = try await body(plugged)
            await bus.unplug(plugged)
            return result
        } catch {
            await bus.unplug(plugged)
            throw error
        }
    }

    /// So long only a fault takes: everything that is waited for here happens within milliseconds.
    var soon: Uptime { after(20_000) }

    func after(_ milliseconds: Int) -> Uptime { clock.uptime.advanced(milliseconds: milliseconds) }

    /// Waits until the device and what was done with it are as `condition` says.
    func await<Device: EmulatedDevice>(
        _ port: EmulatedPort<Device>, sourceLocation: SourceLocation = #_sourceLocation,
        _ condition: @escaping @Sendable (Device, [EmulatedPortEvent]) -> Bool
    ) async {
        #expect(await port.wait(until: soon, clock: clock, for: condition), sourceLocation: sourceLocation)
    }

    /// Waits until `device`'s status is as `condition` says.
    func await(
        _ device: any HAL.Device, sourceLocation: SourceLocation = #_sourceLocation,
        _ condition: @escaping @Sendable (DeviceStatus) -> Bool
    ) async -> DeviceStatus {
        let changes = device.changes()
        var last = await device.status()
        if condition(last) { return last }
        let clock = clock
        let deadline = soon
        let found = await withTaskGroup(of: DeviceStatus?.self) { group in
            group.addTask {
                for await status in changes where condition(status) { return status }
                return nil
            }
            group.addTask {
                try? await clock.wait(until: deadline)
                return nil
            }
            defer { group.cancelAll() }
            return await group.next() ?? nil
        }
        last = await device.status()
        #expect(found != nil, "still \(last)", sourceLocation: sourceLocation)
        return found ?? last
    }
}
