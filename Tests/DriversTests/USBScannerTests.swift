import EmulatedUSB
import HAL
import Payments
import ScannerDriver
import SystemDriver
import Testing
import USBDriver

extension USBTests {
    /// Scanners on an emulated bus, through the real libusb.
    @Suite(.timeLimit(.minutes(1))) struct Scanners {
        private let counter: USBCounter
        private let bus: USBBus
        /// What health and payment codes look like: 300 bytes in six reports.
        private static let long = String(repeating: "https://pay.example/q?0123456789", count: 10).prefix(300)

        init() async throws {
            counter = try await USBCounter()
            bus = try USBBus()
        }

        /// Keeps a scan for whoever asks next, so that no test depends on who comes first.
        private func scanner(_ match: USBMatch = USBMatch(), _ change: (inout ScanRules) -> Void = { _ in })
            -> USBScanner
        {
            var rules = ScanRules()
            rules.keepMilliseconds = 20_000
            change(&rules)
            return USBScanner(on: bus, match: match, rules: rules, clock: counter.clock)
        }

        private func text(_ scan: Scan) -> String { scan.data.withBytes { String(decoding: $0, as: UTF8.self) } }

        private func next(_ scanner: USBScanner) async throws -> String {
            text(try await scanner.scan(deadline: counter.soon))
        }

        @Test func aLongScanComesWhole() async throws {
            let scanner = scanner()
            try await counter.with(EmulatedScanner(.pos)) { device in
                #expect(await counter.await(scanner, \.isReady).name == "usb 1-1 0c2e:0b6a Honeywell Vuquest 3310g")
                device.change { $0.scan(String(Self.long)) }
                let scan = try await scanner.scan(deadline: counter.soon)
                #expect(text(scan) == Self.long)
                #expect(scan.symbology == "]Q1")
            }
        }

        /// What the largest QR symbol holds, as bytes of any value.
        @Test func theLargestScanComesWhole() async throws {
            let scanner = scanner()
            let data = (0..<ScanRules.largestScan).map { UInt8(truncatingIfNeeded: $0) }
            try await counter.with(EmulatedScanner(.pos)) { device in
                _ = await counter.await(scanner, \.isReady)
                device.change { $0.scan(data, symbology: "]d1") }
                let scan = try await scanner.scan(deadline: counter.soon)
                #expect(scan.data.withBytes { Array($0) } == data)
                #expect(scan.symbology == "]d1")
            }
        }

        @Test func theInterfaceIsTakenAndGivenBack() async throws {
            try await counter.with(EmulatedScanner(.pos)) { device in
                do {
                    let scanner = scanner()
                    _ = await counter.await(scanner, \.isReady)
                    await counter.await(device) { _, events in events.last == .claimed(interface: 0) }
                }
                await counter.await(device) { _, events in events.contains(.driverAttached(interface: 0)) }
            }
        }

        /// Absent, there, unplugged in the middle of a wait, back on another port before anybody gives up.
        @Test func itComesBackElsewhere() async throws {
            let scanner = scanner()
            #expect(await scanner.status().isReady == false)
            let deadline = counter.soon
            let scan = Task { try await scanner.scan(deadline: deadline) }
            try await counter.with(EmulatedScanner(.pos), at: "1-2") { _ in
                #expect(await counter.await(scanner, \.isReady).name.hasPrefix("usb 1-2 "))
            }
            _ = await counter.await(scanner) { !$0.isReady }
            try await counter.with(EmulatedScanner(.pos), at: "1-3") { device in
                #expect(await counter.await(scanner, \.isReady).name.hasPrefix("usb 1-3 "))
                device.change { $0.scan("6901234567892", symbology: "]E0") }
                let scanned = try await scan.value
                #expect(text(scanned) == "6901234567892")
            }
        }

        @Test func whoWaitsIsToldThatItIsGone() async throws {
            let scanner = scanner()
            let start = counter.clock.uptime
            try await counter.with(EmulatedScanner(.pos)) { _ in _ = await counter.await(scanner, \.isReady) }
            await #expect(throws: DeviceError.self) { try await scanner.scan(deadline: counter.soon) }
            #expect((1900...10_000).contains(counter.clock.uptime.milliseconds(since: start)))
        }

        @Test func aScannerThatTypesMustBeNamed() async throws {
            try await counter.with(EmulatedScanner(.keyboard)) { device in
                let anyScanner = scanner()
                let status = await counter.await(anyScanner) { $0.note.contains("1eab:0103") }
                #expect(!status.isReady)
                #expect(device.events.isEmpty, "somebody's keyboard was touched")

                let named = scanner(USBMatch(vendor: 0x1EAB, product: 0x0103))
                #expect(await counter.await(named, \.isReady).name == "usb 1-1 1eab:0103 Newland HR22 Dorada")
                device.change { $0.scan("https://Pay.example/?a=1&b=_2") }
                let scanned = try await next(named)
                #expect(scanned == "https://Pay.example/?a=1&b=_2")
            }
        }

        @Test func aTypedScanEndsByItself() async throws {
            var device = EmulatedScanner(.keyboard)
            device.habits.suffixKey = nil
            try await counter.with(device) { device in
                let scanner = scanner(USBMatch(port: "1-1")) { $0.gapMilliseconds = 50 }
                _ = await counter.await(scanner, \.isReady)
                device.change { $0.scan("12345") }
                let scanned = try await next(scanner)
                #expect(scanned == "12345")
            }
        }

        struct Bad: Sendable, CustomTestStringConvertible {
            let testDescription: String
            let isReady: Bool
            let change: @Sendable (inout EmulatedScanner) -> Void
        }

        static let bad = [
            Bad(testDescription: "a scan without its end", isReady: true) { $0.habits.neverEnds = true },
            Bad(testDescription: "a report of wrong length", isReady: true) { $0.habits.reportBytes = 10 },
            Bad(testDescription: "more data than asked for", isReady: false) { $0.habits.reportBytes = 200 },
            Bad(testDescription: "in the middle of an item", isReady: false) { $0.reportDescriptor.removeLast(5) },
            Bad(testDescription: "descriptor at byte 45 claims 200 of 7 bytes", isReady: false) {
                $0.identity.configuration[9 + 9 + 9] = 200
            },
            Bad(testDescription: "1 of 2 endpoints", isReady: false) { $0.identity.configuration[9 + 4] = 2 },
        ]

        /// Said, and no more: the scanner goes on where it can.
        @Test(arguments: bad) func badInputIsSaid(bad: Bad) async throws {
            var device = EmulatedScanner(.pos)
            bad.change(&device)
            device.scan("never to be seen")
            let scanner = scanner()
            try await counter.with(device) { device in
                let status = await counter.await(scanner) { $0.note.contains(bad.testDescription) }
                #expect(status.isReady == bad.isReady, "\(status)")
                #expect(!status.note.contains("never"))
                guard bad.isReady else { return }
                device.change {
                    $0.habits = EmulatedScanner.Habits()
                    $0.scan("good")
                }
                let scanned = try await next(scanner)
                #expect(scanned == "good")
            }
        }

        /// A device for games, say: looked at once, given back, and left alone from then on.
        @Test func whatIsNoScannerIsGivenBack() async throws {
            var game = EmulatedScanner(.pos)
            game.reportDescriptor = [
                0x05, 0x01, 0x09, 0x05, 0xA1, 0x01, 0x05, 0x09, 0x19, 0x01, 0x29, 0x08, 0x15, 0x00, 0x25, 0x01, 0x75,
                0x01,
                0x95, 0x08, 0x81, 0x02, 0xC0,
            ]
            let scanner = scanner()
            try await counter.with(game) { game in
                await counter.await(game) { _, events in events.contains(.driverAttached(interface: 0)) }
                try await counter.with(EmulatedScanner(.pos), at: "1-2") { _ in
                    #expect(await counter.await(scanner, \.isReady).name.hasPrefix("usb 1-2 "))
                    #expect(game.events.filter { $0 == .claimed(interface: 0) }.count == 1)
                }
            }
        }
    }
}
