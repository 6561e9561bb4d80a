import ISO8583
import Payments
import Wire

/// A reply in the making: what every reply repeats of its request, and what the host decided.
struct HostAnswer {
    let request: Message
    let header: Header
    /// Field 60 of the request.
    let type: TransactionType?
    let now: LocalDateTime
    /// Field 39; nil for a reply without one.
    var code: String? = "00"
    /// Other fields of text or digits.
    var texts: [Int: String] = [:]
    /// Other fields of bytes.
    var bytes: [Int: [UInt8]] = [:]

    init(_ frame: Frame, at now: LocalDateTime) {
        request = frame.message
        header = frame.header
        self.now = now
        type = frame.message.text(60).flatMap { try? TransactionType(decoding: $0) }
    }

    /// The bare answer with this code.
    mutating func refused(_ code: String) -> Message {
        self.code = code
        return message
    }

    /// The reply. A field that cannot hold its value is left out.
    var message: Message {
        var message = Message(request.mti.reply)
        for field in [2, 3, 4, 11, 14, 23, 25, 41, 42, 49, 53] {
            if let text = request.text(field) { try? message.set(field, text) }
        }
        try? message.set(12, now.hhmmss)
        try? message.set(13, now.mmdd)
        try? message.set(32, "48021000")
        if let code { try? message.set(39, code) }
        if let text = request.text(60) { try? message.set(60, text) }
        for (field, text) in texts { try? message.set(field, text) }
        for (field, bytes) in bytes { try? message.set(field, bytes) }
        return message
    }
}
