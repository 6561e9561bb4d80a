import HAL
import Testing
import USBDriver

struct USBDescriptorsTests {
    static let printer = Bytes.device + Bytes.configuration(Bytes.printer)
    static let scanner = Bytes.device + Bytes.configuration(Bytes.scanner)

    @Test func aPrinterIsRead() throws {
        let descriptors = try USBDescriptors(Self.printer, configuration: 1)
        #expect(descriptors.vendor == 0x04B8)
        #expect(descriptors.product == 0x0202)
        let interface = try #require(descriptors.interfaces.first)
        #expect(descriptors.interfaces.count == 1)
        #expect(interface.endpoints.map(\.address) == [0x01, 0x82])
        #expect(interface.endpoints.map(\.kind) == [.bulk, .bulk])
        #expect(interface.endpoints.map(\.packetBytes) == [64, 64])
        #expect(interface.endpoints.map(\.isInput) == [false, true])
        #expect(interface.reportDescriptorBytes == nil)
    }

    @Test func aScannerHasAReportDescriptor() throws {
        let interface = try #require(try USBDescriptors(Self.scanner, configuration: nil).interfaces.first)
        #expect(interface.reportDescriptorBytes == 0x22)
        #expect(interface.endpoints.map(\.kind) == [.interrupt])
    }

    @Test func theConfigurationInForceCounts() throws {
        let bytes = Bytes.device + Bytes.configuration(Bytes.printer) + Bytes.configuration(Bytes.scanner, value: 2)
        #expect(try USBDescriptors(bytes, configuration: 2).interfaces.first?.reportDescriptorBytes == 0x22)
        #expect(try USBDescriptors(bytes, configuration: nil).interfaces.first?.reportDescriptorBytes == nil)
    }

    @Test func settingsAndUnknownDescriptorsAreKept() throws {
        let association: [UInt8] = [8, 0x0B, 0, 1, 7, 1, 2, 0]
        let other = Bytes.interface(setting: 1, endpoints: 0)
        let bytes = Bytes.device + Bytes.configuration(association + Bytes.printer + other)
        #expect(try USBDescriptors(bytes, configuration: 1).interfaces.map(\.setting) == [0, 1])
    }

    struct Lie: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let bytes: [UInt8]
        var configuration: UInt8? = 1
    }

    static let lies: [Lie] = [
        Lie(testDescription: "no configuration", bytes: Bytes.device, configuration: nil),
        Lie(testDescription: "no configuration 2", bytes: printer, configuration: 2),
        Lie(testDescription: "no device descriptor", bytes: [17] + printer.dropFirst()),
        Lie(
            testDescription: "longer than 65536 bytes", bytes: printer + [UInt8](repeating: 0, count: 65536)),
        Lie(
            testDescription: "configuration at byte 18 claims 200 of 32 bytes",
            bytes: Bytes.device + Bytes.configuration(Bytes.printer, total: 200)),
        Lie(
            testDescription: "configuration at byte 18 claims 3 of 32 bytes",
            bytes: Bytes.device + Bytes.configuration(Bytes.printer, total: 3)),
        Lie(
            testDescription: "no configuration descriptor at byte 18",
            bytes: Bytes.device + Bytes.printer + Bytes.printer),
        Lie(
            testDescription: "descriptor at byte 36 claims 255 of 14 bytes",
            bytes: Bytes.device
                + Bytes.configuration(Bytes.interface(endpoints: 2) + [255] + Bytes.bulkOut.dropFirst() + Bytes.bulkIn)),
        Lie(
            testDescription: "descriptor at byte 36 claims 0 of 2 bytes",
            bytes: Bytes.device + Bytes.configuration(Bytes.interface(endpoints: 0) + [0, 0])),
        Lie(
            testDescription: "interface 0 has 2 of 3 endpoints",
            bytes: Bytes.device + Bytes.configuration(Bytes.interface(endpoints: 3) + Bytes.bulkOut + Bytes.bulkIn)),
        Lie(
            testDescription: "1 of 2 interfaces",
            bytes: Bytes.device + Bytes.configuration(Bytes.printer, interfaces: 2)),
        Lie(
            testDescription: "endpoint before any interface",
            bytes: Bytes.device + Bytes.configuration(Bytes.bulkOut, interfaces: 0)),
        Lie(
            testDescription: "endpoint 1 twice in interface 0",
            bytes: Bytes.device + Bytes.configuration(Bytes.interface(endpoints: 2) + Bytes.bulkOut + Bytes.bulkOut)),
        Lie(
            testDescription: "endpoint 128 of kind 2",
            bytes: Bytes.device + Bytes.configuration(Bytes.interface(endpoints: 1) + [7, 5, 0x80, 2, 64, 0, 0])),
        Lie(
            testDescription: "endpoint 1 has packets of 0 bytes",
            bytes: Bytes.device + Bytes.configuration(Bytes.interface(endpoints: 1) + [7, 5, 1, 2, 0, 0, 0])),
        Lie(
            testDescription: "endpoint descriptor of 4 bytes",
            bytes: Bytes.device + Bytes.configuration(Bytes.interface(endpoints: 1) + [4, 5, 1, 2])),
        Lie(
            testDescription: "interface descriptor of 4 bytes",
            bytes: Bytes.device + Bytes.configuration([4, 4, 0, 0])),
        Lie(
            testDescription: "descriptor of type 2 inside a configuration",
            bytes: Bytes.device + Bytes.configuration(Bytes.printer + [2, 2])),
        Lie(
            testDescription: "report descriptor of 65535 bytes",
            bytes: Bytes.device + Bytes.configuration(Bytes.hid([9, 0x21, 0x11, 1, 0, 1, 0x22, 0xFF, 0xFF]))),
        Lie(
            testDescription: "HID descriptor of 9 bytes",
            bytes: Bytes.device + Bytes.configuration(Bytes.hid([9, 0x21, 0x11, 1, 0, 9, 0x22, 0x22, 0]))),
        Lie(
            testDescription: "HID descriptor without a report descriptor",
            bytes: Bytes.device + Bytes.configuration(Bytes.hid([9, 0x21, 0x11, 1, 0, 1, 0x23, 0x22, 0]))),
        Lie(
            testDescription: "more than 64 interfaces",
            bytes: Bytes.device
                + Bytes.configuration((0...64).flatMap { Bytes.interface(setting: $0, endpoints: 0) })),
    ]

    @Test(arguments: lies)
    func aLieIsNamed(lie: Lie) {
        #expect(throws: DeviceError(.protocolViolation, "USB descriptors", code: lie.testDescription)) {
            try USBDescriptors(lie.bytes, configuration: lie.configuration)
        }
    }

    @Test(arguments: [printer, scanner])
    func everyPrefixThrows(bytes: [UInt8]) {
        for count in bytes.indices {
            #expect(throws: DeviceError.self) {
                try USBDescriptors(Array(bytes.prefix(count)), configuration: nil)
            }
        }
    }

    /// Any other byte at any place is read or refused, and never traps.
    @Test(arguments: [printer, scanner])
    func everyChangedByteIsReadOrRefused(bytes: [UInt8]) {
        for index in bytes.indices {
            for byte in UInt8.min...UInt8.max {
                var changed = bytes
                changed[index] = byte
                _ = try? USBDescriptors(changed, configuration: nil)
            }
        }
    }

    /// Descriptors as devices send them.
    enum Bytes {
        static let device: [UInt8] = [18, 1, 0, 2, 0, 0, 0, 64, 0xB8, 0x04, 0x02, 0x02, 0, 1, 1, 2, 3, 1]
        static let bulkOut: [UInt8] = [7, 5, 0x01, 2, 64, 0, 0]
        static let bulkIn: [UInt8] = [7, 5, 0x82, 2, 64, 0, 0]
        static let interruptIn: [UInt8] = [7, 5, 0x81, 3, 64, 0, 4]
        static let printer = interface(endpoints: 2) + bulkOut + bulkIn
        static let scanner = hid([9, 0x21, 0x11, 1, 0, 1, 0x22, 0x22, 0])

        static func hid(_ descriptor: [UInt8]) -> [UInt8] {
            interface(endpoints: 1, purpose: [3, 0, 0]) + descriptor + interruptIn
        }

        static func interface(setting: UInt8 = 0, endpoints: UInt8, purpose: [UInt8] = [7, 1, 2]) -> [UInt8] {
            [9, 4, 0, setting, endpoints] + purpose + [0]
        }

        static func configuration(
            _ bytes: [UInt8], value: UInt8 = 1, interfaces: UInt8 = 1, total: Int? = nil
        ) -> [UInt8] {
            let total = UInt16(total ?? 9 + bytes.count)
            return [9, 2, UInt8(total & 0xFF), UInt8(total >> 8), interfaces, value, 0, 0x80, 50] + bytes
        }
    }
}
