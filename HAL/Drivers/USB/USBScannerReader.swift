import HAL
import ScannerDriver

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Looks for a scanner, reads it until it goes, and looks again.
struct USBScannerReader {
    private let bus: USBBus
    private let match: USBMatch
    private let rules: ScanRules
    private let clock: any TerminalClock
    private let inbox: ScanInbox
    /// What has been looked at and cannot be read, with what is wrong if it might be a scanner: not to be bothered again while
    /// it is plugged in.
    private var strangers: [ObjectIdentifier: DeviceError?] = [:]
    /// Since the last report.
    private var failures = 0

    /// An interface that scans come from, and what makes scans of its reports.
    private struct Source {
        let interface: USBInterface
        let decoder: any ScanDecoder
        let reportBytes: Int
    }

    /// What failed is tried again after a second, and then twice as long each time, up to a minute.
    private static let retryMilliseconds = 1000
    private static let retryDoublings = 6
    private static let requestMilliseconds = 1000
    private static let operation = "USB scanner"

    init(bus: USBBus, match: USBMatch, rules: ScanRules, clock: any TerminalClock, inbox: ScanInbox) {
        self.bus = bus
        self.match = match
        self.rules = rules
        self.clock = clock
        self.inbox = inbox
    }

    /// Ends with the task or the bus.
    mutating func run() async {
        let (news, again) = bus.news()
        var retry: Task<Void, Never>?
        again.yield()
        for await _ in news {
            retry?.cancel()
            let error = await readFirst()
            inbox.disconnected(error)
            // Who is absent or gone is announced when it comes.
            guard error.kind != .absent, error.kind != .gone else { continue }
            let next = clock.uptime.advanced(milliseconds: Self.retryMilliseconds << min(failures, Self.retryDoublings))
            failures += 1
            retry = Task { [clock] in
                do { try await clock.wait(until: next) } catch { return }
                again.yield()
            }
        }
        retry?.cancel()
    }

    /// Reads the first scanner there is for as long as it can be read; says why there is nothing to read now.
    private mutating func readFirst() async -> DeviceError {
        let devices = bus.devices.filter(match.accepts)
        strangers = strangers.filter { stranger in devices.contains { ObjectIdentifier($0.reference) == stranger.key } }
        var failure: DeviceError?
        for device in devices where strangers[ObjectIdentifier(device.reference)] == nil {
            do throws(DeviceError) {
                if let source = try await source(of: device) {
                    failure = await read(source, of: device)
                } else {
                    strangers[ObjectIdentifier(device.reference)] = .some(nil)
                }
            } catch {
                failure = error
                // A descriptor stays what it is; whatever else failed may work the next time.
                if error.kind == .protocolViolation { strangers[ObjectIdentifier(device.reference)] = error }
            }
        }
        return failure ?? strangers.values.lazy.compactMap(\.self).first ?? absence(among: devices)
    }

    private func absence(among devices: [USBDevice]) -> DeviceError {
        let absence = bus.absence(of: Self.operation, match)
        guard !match.isSpecific,
            let keyboard = devices.first(where: { $0.interfaces.contains(where: \.isBootKeyboard) })
        else { return absence }
        return DeviceError(
            absence.kind, absence.operation,
            code: "\(absence.code); a scanner that types must be named in the configuration: perhaps \(keyboard.name)")
    }

    /// Where scans come from; nil if `device` is no scanner.
    private func source(of device: USBDevice) async throws(DeviceError) -> Source? {
        let interfaces = device.interfaces.filter(\.isHID)
        for interface in interfaces where !interface.isBootKeyboard && !interface.isBootMouse {
            guard let descriptor = try await reportDescriptor(of: interface, device) else { continue }
            guard let decoder = try decoder(for: descriptor) else { continue }
            return Source(interface: interface, decoder: decoder, reportBytes: descriptor.longestReportBytes)
        }
        // Somebody said that this keyboard is a scanner.
        guard match.isSpecific, let keyboard = interfaces.first(where: \.isBootKeyboard) else { return nil }
        return Source(interface: keyboard, decoder: HIDKeyboardDecoder(.boot, rules: rules), reportBytes: 8)
    }

    /// What makes scans of an interface's reports; nil if it is none to scan with.
    private func decoder(for descriptor: HIDReportDescriptor) throws(DeviceError) -> (any ScanDecoder)? {
        guard match.isSpecific || descriptor.applications.contains(.barCodeScanner) else { return nil }
        do throws(HIDDescriptorError) { return try descriptor.scanDecoder(rules: rules) } catch {
            throw DeviceError(.protocolViolation, Self.operation, code: error.description)
        }
    }

    /// The report descriptor as the kernel read it; where no driver of it holds the interface, it is claimed and asked.
    private func reportDescriptor(
        of interface: USBInterface, _ device: USBDevice
    ) async throws(DeviceError) -> HIDReportDescriptor? {
        let known = USBAttributes(port: device.port).reportDescriptor(of: interface)
        let bytes = if let known { known } else { try await askedReportDescriptor(of: interface, device) }
        guard let bytes else { return nil }
        do throws(HIDDescriptorError) { return try HIDReportDescriptor(bytes) } catch {
            throw DeviceError(.protocolViolation, Self.operation, code: error.description)
        }
    }

    private func askedReportDescriptor(
        of interface: USBInterface, _ device: USBDevice
    ) async throws(DeviceError) -> [UInt8]? {
        let connection = USBConnection(interface: interface, clock: clock)
        try await connection.open(device)
        let answer: Result<[UInt8]?, DeviceError>
        do throws(DeviceError) {
            answer = .success(
                try await connection.answer(to: .reportDescriptor(of: interface), deadline: soon))
        } catch {
            answer = .failure(error)
        }
        await connection.close()
        return try answer.get()
    }

    /// Reads until that fails; says why.
    private mutating func read(_ source: Source, of device: USBDevice) async -> DeviceError {
        let connection = USBConnection(interface: source.interface, clock: clock)
        let failure: DeviceError
        do throws(DeviceError) {
            try await connection.open(device)
            // Neither is known to every device; without them it does what it does anyway.
            if source.interface.isBootKeyboard {
                _ = try? await connection.answer(to: .bootProtocol(source.interface), deadline: soon)
            }
            _ = try? await connection.answer(to: .silence(source.interface), deadline: soon)
            inbox.connected(name: device.name)
            try await read(source, on: connection)
        } catch {
            failure = error
        }
        await connection.close()
        return failure
    }

    private mutating func read(_ source: Source, on connection: USBConnection) async throws(DeviceError) -> Never {
        guard let endpoint = source.interface.endpoint(.interrupt, isInput: true) else {
            throw DeviceError(.protocolViolation, Self.operation, code: "no endpoint to read from")
        }
        let packets = max(1, (source.reportBytes + endpoint.packetBytes - 1) / endpoint.packetBytes)
        var decoder = source.decoder
        while true {
            let silence = decoder.silenceMilliseconds.map(clock.uptime.advanced(milliseconds:))
            do throws(DeviceError) {
                var report = try await connection.receive(packets: packets, from: endpoint, deadline: silence)
                failures = 0
                if !report.isEmpty { inbox.deliver(decoder.take(report)) }
                // It may be part of what pays.
                report.withUnsafeMutableBytes { if let base = $0.baseAddress { explicit_bzero(base, $0.count) } }
            } catch {
                guard error.kind == .timeout else { throw error }
                if let result = decoder.silence() { inbox.deliver([result]) }
            }
        }
    }

    private var soon: Uptime { clock.uptime.advanced(milliseconds: Self.requestMilliseconds) }
}
