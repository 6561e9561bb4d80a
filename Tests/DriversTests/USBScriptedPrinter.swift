import EmulatedUSB

/// A printer whose answers a test chooses, and that counts what it is asked for.
struct ScriptedPrinter: EmulatedDevice {
    var identity = EmulatedPrinter().identity
    /// The answer to GET_DEVICE_ID; nil: it does not know the request.
    var deviceID: [UInt8]?
    /// How often its endpoint for data still stalls.
    var stalls = 0
    /// What it sends, a transfer each.
    var answers: [[UInt8]] = []
    /// What it has taken.
    private(set) var taken: [UInt8] = []
    /// How often the host has asked for an answer.
    private(set) var reads = 0

    mutating func answer(_ request: ControlRequest) -> Handshake<[UInt8]> {
        guard request.type == 0xA1, request.request == 0, let deviceID else { return .stall }
        return .ack(deviceID)
    }

    mutating func take(_ bytes: ArraySlice<UInt8>, endpoint: UInt8) -> Handshake<Int> {
        if stalls > 0 {
            stalls -= 1
            return .stall
        }
        taken += bytes
        return .ack(bytes.count)
    }

    mutating func give(endpoint: UInt8, atMost limit: Int) -> Handshake<[UInt8]> {
        reads += 1
        return answers.isEmpty ? .nak : .ack(answers.removeFirst())
    }
}
