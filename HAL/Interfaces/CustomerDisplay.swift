public import Payments

/// What the customer reads while paying.
public protocol CustomerDisplay: Device {
    /// Shows one message until the next. Never fails a payment (M10): errors stay with the device.
    func show(_ text: BilingualText, amount: Money?) async
}
