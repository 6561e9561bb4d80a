public import HAL

/// What a device says about itself: its device descriptor and the configuration in force (USB 2.0, 9.6), read from the
/// bytes alone. A device that contradicts itself about lengths, counts or endpoints is not believed at all.
public struct USBDescriptors: Equatable, Sendable {
    /// idVendor.
    public let vendor: UInt16
    /// idProduct.
    public let product: UInt16
    /// The interfaces in the order of the bytes, each setting by itself; no more than 64.
    public let interfaces: [USBInterface]

    static let byteLimit = 64 * 1024
    private static let interfaceLimit = 64
    private static let reportDescriptorLimit = 4096

    /// Reads the device descriptor and all configurations behind it; `configuration` is the value of the one in force, nil
    /// for the first. Throws `.protocolViolation` with what is wrong and where.
    public init(_ bytes: [UInt8], configuration: UInt8?) throws(DeviceError) {
        guard bytes.count <= Self.byteLimit else { throw Self.error("longer than \(Self.byteLimit) bytes") }
        guard bytes.count >= 18, bytes[0] == 18, bytes[1] == Kind.device.rawValue else {
            throw Self.error("no device descriptor")
        }
        vendor = Self.word(bytes[...], 8)
        product = Self.word(bytes[...], 10)
        interfaces = try Self.interfaces(Self.configuration(configuration, in: bytes[18...]))
    }

    /// bDescriptorType; 0x21 is HID's in an interface of that class.
    private enum Kind: UInt8 { case device = 1, configuration, string, interface, endpoint, hid = 0x21, report }

    /// The descriptors of one configuration, its own at the head.
    private static func configuration(
        _ wanted: UInt8?, in bytes: ArraySlice<UInt8>
    ) throws(DeviceError) -> ArraySlice<UInt8> {
        var rest = bytes
        while rest.count >= 9 {
            let start = rest.startIndex
            let total = Int(word(rest, start + 2))
            guard rest[start] >= 9, rest[start + 1] == Kind.configuration.rawValue else {
                throw error("no configuration descriptor at byte \(start)")
            }
            guard total >= Int(rest[start]), total <= rest.count else {
                throw error("configuration at byte \(start) claims \(total) of \(rest.count) bytes")
            }
            if wanted == nil || rest[start + 5] == wanted { return rest.prefix(total) }
            rest = rest.dropFirst(total)
        }
        throw error(wanted.map { "no configuration \($0)" } ?? "no configuration")
    }

    private static func interfaces(_ configuration: ArraySlice<UInt8>) throws(DeviceError) -> [USBInterface] {
        let promised = Int(configuration[configuration.startIndex + 4])
        var interfaces: [USBInterface] = []
        var endpointsPromised: [Int] = []
        var rest = configuration.dropFirst(Int(configuration[configuration.startIndex]))
        while !rest.isEmpty {
            let at = rest.startIndex
            let length = Int(rest[at])
            guard length >= 2, length <= rest.count else {
                throw error("descriptor at byte \(at) claims \(length) of \(rest.count) bytes")
            }
            let one = rest.prefix(length)
            switch Kind(rawValue: one[at + 1]) {
            case .interface:
                guard interfaces.count < interfaceLimit else { throw error("more than \(interfaceLimit) interfaces") }
                interfaces.append(try interface(one))
                endpointsPromised.append(Int(one[at + 4]))
            case .endpoint:
                guard let last = interfaces.indices.last else { throw error("endpoint before any interface") }
                let endpoint = try endpoint(one)
                guard !interfaces[last].endpoints.contains(where: { $0.address == endpoint.address }) else {
                    throw error("endpoint \(endpoint.address) twice in interface \(interfaces[last].number)")
                }
                interfaces[last].endpoints.append(endpoint)
            case .hid:
                guard let last = interfaces.indices.last, interfaces[last].purpose.classCode == 0x03 else { break }
                interfaces[last].reportDescriptorBytes = try reportDescriptorBytes(one)
            case .device, .configuration: throw error("descriptor of type \(one[at + 1]) inside a configuration")
            case .string, .report, nil: break
            }
            rest = rest.dropFirst(length)
        }
        for (interface, promised) in zip(interfaces, endpointsPromised) where interface.endpoints.count != promised {
            throw error("interface \(interface.number) has \(interface.endpoints.count) of \(promised) endpoints")
        }
        let count = Set(interfaces.map(\.number)).count
        guard count == promised else { throw error("\(count) of \(promised) interfaces") }
        return interfaces
    }

    private static func interface(_ bytes: ArraySlice<UInt8>) throws(DeviceError) -> USBInterface {
        let at = bytes.startIndex
        guard bytes.count >= 9 else { throw error("interface descriptor of \(bytes.count) bytes") }
        return USBInterface(
            number: bytes[at + 2], setting: bytes[at + 3],
            purpose: .init(classCode: bytes[at + 5], subclass: bytes[at + 6], protocolCode: bytes[at + 7]))
    }

    private static func endpoint(_ bytes: ArraySlice<UInt8>) throws(DeviceError) -> USBEndpoint {
        let at = bytes.startIndex
        guard bytes.count >= 7 else { throw error("endpoint descriptor of \(bytes.count) bytes") }
        let address = bytes[at + 2]
        guard address & 0x70 == 0, address & 0x0F != 0, let kind = USBEndpoint.Kind(rawValue: bytes[at + 3] & 0x03),
            kind != .control
        else { throw error("endpoint \(address) of kind \(bytes[at + 3] & 0x03)") }
        let packetBytes = Int(word(bytes, at + 4) & 0x07FF)
        // An isochronous endpoint that takes no bandwidth has packets of none; nothing here reads one.
        guard (1...1024).contains(packetBytes) || kind == .isochronous else {
            throw error("endpoint \(address) has packets of \(packetBytes) bytes")
        }
        return USBEndpoint(address: address, kind: kind, packetBytes: packetBytes)
    }

    /// HID 1.11, 6.2.1: a list of class descriptors with their lengths, the report descriptor among them.
    private static func reportDescriptorBytes(_ bytes: ArraySlice<UInt8>) throws(DeviceError) -> Int {
        let at = bytes.startIndex
        guard bytes.count >= 9, bytes.count >= 6 + 3 * Int(bytes[at + 5]) else {
            throw error("HID descriptor of \(bytes.count) bytes")
        }
        let entries = stride(from: at + 6, to: at + 6 + 3 * Int(bytes[at + 5]), by: 3)
        guard let entry = entries.first(where: { bytes[$0] == Kind.report.rawValue }) else {
            throw error("HID descriptor without a report descriptor")
        }
        let length = Int(word(bytes, entry + 1))
        guard (1...reportDescriptorLimit).contains(length) else {
            throw error("report descriptor of \(length) bytes")
        }
        return length
    }

    private static func word(_ bytes: ArraySlice<UInt8>, _ index: Int) -> UInt16 {
        UInt16(bytes[index]) | UInt16(bytes[index + 1]) << 8
    }
    private static func error(_ reason: String) -> DeviceError {
        DeviceError(.protocolViolation, "USB descriptors", code: reason)
    }
}
