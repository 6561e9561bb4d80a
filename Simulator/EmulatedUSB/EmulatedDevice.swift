/// What is plugged into an emulated bus: a value that answers as the device does at its plug. It knows no clock; whoever
/// holds it changes it (`EmulatedPort.change`), and it is asked again.
public protocol EmulatedDevice: Sendable {
    /// What it says about itself when it is plugged in.
    var identity: USBIdentity { get }
    /// Answers a control request; the data of one that goes in, nothing for one that goes out.
    mutating func answer(_ request: ControlRequest) -> Handshake<[UInt8]>
    /// Takes data sent to an OUT endpoint: how many of the bytes. Asked again for the rest once something has changed.
    mutating func take(_ bytes: ArraySlice<UInt8>, endpoint: UInt8) -> Handshake<Int>
    /// Gives what it has for an IN endpoint, as one transfer. `limit` is how much there is room for; more is babble.
    mutating func give(endpoint: UInt8, atMost limit: Int) -> Handshake<[UInt8]>
    /// The host has cleared the halt of an endpoint (CLEAR_FEATURE).
    mutating func clearHalt(endpoint: UInt8)
    /// The host has reset the device.
    mutating func reset()
}

extension EmulatedDevice {
    /// Nothing to do.
    public mutating func clearHalt(endpoint: UInt8) {}
    /// Nothing to do.
    public mutating func reset() {}
}

/// How a device answers at its plug (USB 2.0, 8.4.5).
public enum Handshake<Value: Sendable & Equatable>: Sendable, Equatable {
    /// Done, with this.
    case ack(Value)
    /// Not now: the host asks on until its deadline.
    case nak
    /// The endpoint is halted, or the request is not known.
    case stall
}
