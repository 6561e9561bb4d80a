#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// What the kernel has read from a device when it was plugged in (sysfs): to be had without opening or waking the device,
/// and by everybody.
struct USBAttributes {
    private let port: String
    private var folder: String { "/sys/bus/usb/devices/\(port)/" }

    /// Those of the device on `port`.
    init(port: String) { self.port = port }

    /// Device descriptor and all configurations; nil if the device is gone.
    var descriptors: [UInt8]? { Self.bytes(of: folder + "descriptors", atMost: USBDescriptors.byteLimit) }

    /// bConfigurationValue; nil if none is in force.
    var configuration: UInt8? { text("bConfigurationValue").flatMap(UInt8.init) }

    /// A string that the device chose, fit for a line of text: printable ASCII and letters, at most 64 characters.
    func name(_ attribute: String) -> String {
        let kept = (text(attribute) ?? "").unicodeScalars.filter { scalar in
            scalar.isASCII ? (0x20..<0x7F).contains(scalar.value) : scalar.properties.isAlphabetic
        }
        var name = String.UnicodeScalarView()
        name.append(contentsOf: kept.prefix(64))
        return String(name)
    }

    /// The report descriptor of a HID interface, as the kernel's HID driver read it; nil where that does not hold it.
    func reportDescriptor(of interface: USBInterface) -> [UInt8]? {
        guard let configuration else { return nil }
        let below = "\(folder)\(port):\(configuration).\(interface.number)/"
        guard let opened = opendir(below) else { return nil }
        defer { closedir(opened) }
        while let entry = readdir(opened) {
            let name = withUnsafeBytes(of: entry.pointee.d_name) {
                String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
            }
            // The HID device below the interface: bus 3, vendor, product, a running number.
            guard name.hasPrefix("0003:") else { continue }
            return Self.bytes(of: "\(below)\(name)/report_descriptor", atMost: 4096)
        }
        return nil
    }

    private func text(_ attribute: String) -> String? {
        guard let bytes = Self.bytes(of: folder + attribute, atMost: 512) else { return nil }
        return String(decoding: bytes.prefix { $0 != 0x0A && $0 != 0 }, as: UTF8.self)
    }

    /// The file's bytes; nil if it cannot be read or is longer than `limit`.
    private static func bytes(of path: String, atMost limit: Int) -> [UInt8]? {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return nil }
        defer { close(file) }
        var bytes: [UInt8] = []
        var part = [UInt8](repeating: 0, count: 4096)
        while bytes.count <= limit {
            let count = read(file, &part, part.count)
            if count < 0 { return nil }
            if count == 0 { return bytes }
            bytes += part.prefix(count)
        }
        return nil
    }
}
