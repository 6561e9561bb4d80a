public import ISO8583
public import Payments

extension UnionPayDialect {
    /// The sign-in (0800), which asks for working keys and the batch. `batch` is the last one known.
    public func signIn(stan: STAN, batch: BatchNumber) throws(MessageError) -> Frame {
        var message = try management(0x0800, stan, batch, network: options.keySet.rawValue)
        try message.set(63, options.signInOperator)
        return frame(message)
    }

    /// The sign-off (0820).
    public func signOff(stan: STAN, batch: BatchNumber) throws(MessageError) -> Frame {
        frame(try management(0x0820, stan, batch, network: "002"))
    }

    /// The echo test (0820).
    public func echo(stan: STAN, batch: BatchNumber) throws(MessageError) -> Frame {
        frame(try management(0x0820, stan, batch, network: "301"))
    }

    /// The upload of the terminal's status (0820).
    public func statusUpload(_ status: DeviceStatus, stan: STAN, batch: BatchNumber) throws(MessageError) -> Frame {
        var message = try management(0x0820, stan, batch, network: "362")
        try message.set(62, status.values.encoded)
        return frame(message)
    }
}
