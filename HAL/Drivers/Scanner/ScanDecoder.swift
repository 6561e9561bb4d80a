public import HAL

/// Makes scans of what a scanner sends. A value without a clock: whoever feeds it tells when nothing has come for a while.
public protocol ScanDecoder: Sendable {
    /// Takes one report, or the next bytes of a stream, and gives what ended with it, in order.
    mutating func take(_ bytes: [UInt8]) -> [Result<Scan, ScanFault>]
    /// How long nothing may come, in milliseconds, before `silence` must be called; nil while it makes no difference.
    var silenceMilliseconds: Int? { get }
    /// Nothing has come for `silenceMilliseconds`: gives what ends by that.
    mutating func silence() -> Result<Scan, ScanFault>?
}
