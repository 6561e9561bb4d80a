/// What a program did with a device beside transfers.
public enum EmulatedPortEvent: Equatable, Sendable {
    /// It opened or closed the device's file.
    case opened, closed
    /// It claimed or released an interface.
    case claimed(interface: UInt8), released(interface: UInt8)
    /// It took an interface from the kernel's driver, or gave it back.
    case driverDetached(interface: UInt8), driverAttached(interface: UInt8)
    /// It cleared the halt of an endpoint.
    case haltCleared(endpoint: UInt8)
    /// It reset the device.
    case reset

    init?(_ kind: UnicodeScalar, _ first: UInt8?, _ second: UInt8?) {
        switch (kind, first, second) {
        case ("O", _, _): self = .opened
        case ("K", _, _): self = .closed
        case ("X", _, _): self = .reset
        case ("H", .some(let endpoint), _): self = .haltCleared(endpoint: endpoint)
        case ("I", UInt8(ascii: "c"), .some(let interface)): self = .claimed(interface: interface)
        case ("I", UInt8(ascii: "r"), .some(let interface)): self = .released(interface: interface)
        case ("I", UInt8(ascii: "d"), .some(let interface)): self = .driverDetached(interface: interface)
        case ("I", UInt8(ascii: "a"), .some(let interface)): self = .driverAttached(interface: interface)
        default: return nil
        }
    }
}
