import ISO8583
import PaymentCryptography
import Wire

/// Messages, data objects and the MAC over them.
struct CodecBenchmark {
    /// The fields of a chip sale that stand before the PIN block, and those behind field 55.
    private let before = [
        (2, "6222021234567890128"), (3, "000000"), (4, "000000008880"), (11, "000123"), (14, "3012"), (22, "051"),
        (23, "001"), (25, "00"), (26, "12"), (35, "6222021234567890128=30122010000000000"), (41, "10000001"),
        (42, "898100012340001"), (49, "156"),
    ]
    private let behind = [(60, "22000001000501"), (63, "CUP")]

    /// 20 data objects in 145 bytes.
    private let chipData: [UInt8]
    private let pinBlock: [UInt8] = [0x11, 0x22, 0x33, 0x44, 0x55, 0x66, 0x77, 0x88]
    private let mac = Array("5FE058DB".utf8)

    init() throws {
        chipData = try Hex.decode(
            "9F2608A1B2C3D4E5F607189F2701809F101307010103A0A802010A010000000000A1B2C3D49F3704112233449F36020042"
                + "9505000004E0009A032611229C01009F02060000000088805F2A020156820258009F1A0201569F03060000000000009F3303"
                + "E0F0C89F34034203009F3501229F1E0853494D303030303184" + "08A0000003330101019F090200309F410400000123")
    }

    func run() throws -> [Figure] {
        guard chipData.count == 145, try TLV.parse(chipData).count == 20 else { throw BenchmarkFailure("field 55") }
        let message = try makeMessage()
        let wire = message.encoded
        guard message.fields.count == 19, try Message(decoding: wire) == message else {
            throw BenchmarkFailure("the 0200 does not come back as it went")
        }
        let key = try CipherKey([UInt8](0..<16))
        let input = [UInt8](wire.prefix(200))
        return [
            Figure(
                "iso8583_decode_ns", "ISO 8583: decode a 0200 with 19 fields", "ns",
                try Stopwatch.nanoseconds { try Message(decoding: wire) }, budget: 1000),
            Figure(
                "iso8583_decode_read_ns", "… and read every field", "ns",
                try Stopwatch.nanoseconds { Self.read(try Message(decoding: wire)) }),
            Figure(
                "iso8583_encode_ns", "ISO 8583: set its 19 fields and encode it", "ns",
                try Stopwatch.nanoseconds { try makeMessage().encoded }, budget: 1000),
            Figure(
                "tlv_field55_parse_ns", "BER-TLV: parse a field 55, 145 bytes, 20 objects", "ns",
                try Stopwatch.nanoseconds { try TLV.parse(chipData) }, budget: 500),
            Figure(
                "mac_ns", "UnionPay ECB MAC over \(input.count) bytes, 3DES", "ns",
                try Stopwatch.nanoseconds { try MessageAuthentication.unionPayECB(key, over: input) }),
        ]
    }

    private func makeMessage() throws -> Message {
        var message = Message(0x0200)
        for (field, text) in before { try message.set(field, text) }
        try message.set(52, pinBlock)
        try message.set(53, "2600000000000000")
        try message.set(55, chipData)
        for (field, text) in behind { try message.set(field, text) }
        try message.set(64, mac)
        return message
    }

    private static func read(_ message: Message) -> Int {
        message.fields.reduce(0) { $0 + (message.text($1)?.utf8.count ?? message.bytes($1)?.count ?? 0) }
    }
}

/// Something did not happen as it must before its time means anything.
struct BenchmarkFailure: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}
