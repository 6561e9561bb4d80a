import SimulatedCards
import Testing
import Wire

/// A simulated card that a test talks to without a kernel: bytes in, bytes out.
struct CardInHand {
    var card: SimulatedCard

    init(_ profile: CardProfile, seed: UInt64 = 1, on interface: CardInterface? = nil) throws {
        card = try SimulatedCard(profile, seed: seed, on: interface)
    }

    /// The data and the status bytes of the answer, which must be one.
    mutating func send(_ command: [UInt8]) throws -> (data: [UInt8], status: String) {
        guard case .response(let bytes) = card.handle(command) else {
            throw TestFailure("no answer to \(Hex.encode(command.prefix(5)))")
        }
        try #require(bytes.count >= 2)
        return (Array(bytes.dropLast(2)), Hex.encode(bytes.suffix(2)))
    }

    mutating func send(_ hex: String) throws -> (data: [UInt8], status: String) { try send(Hex.decode(hex)) }

    /// SELECT and GET PROCESSING OPTIONS of the card's application with this index.
    mutating func open(_ index: Int = 0) throws {
        let profile = card.profile.applications[index]
        #expect(try send([0x00, 0xA4, 0x04, 0x00, UInt8(profile.aid.count)] + profile.aid + [0x00]).status == "9000")
        let options = profile.pdol.isEmpty ? "80A800000283 0000" : "80A8000007 8305 0156 E0B8C8 00"
        #expect(try send(options).status == "9000")
    }

    /// GENERATE AC with the sale of `sale`; `prefix` is what the second one adds before it.
    mutating func generate(_ control: UInt8, prefix: [UInt8] = []) throws -> (data: [UInt8], status: String) {
        let data = prefix + Self.sale
        return try send([0x80, 0xAE, control, 0x00, UInt8(data.count)] + data + [0x00])
    }

    /// Values of the usual CDOL: CNY 88.80, no other amount, country, TVR, currency, date, type, unpredictable number,
    /// time, merchant.
    static let sale: [UInt8] =
        [0, 0, 0, 0, 0x88, 0x80] + [0, 0, 0, 0, 0, 0] + [0x01, 0x56] + [0, 0, 0x04, 0x80, 0] + [0x01, 0x56]
        + [0x26, 0x11, 0x22] + [0] + [0x11, 0x22, 0x33, 0x44] + [0x13, 0x15, 0x00] + [UInt8](repeating: 0x20, count: 20)

    /// What field 55 says of that sale and of a cryptogram.
    static func chipData(_ answer: Cryptogram, profile: [UInt8]) -> [UInt8] {
        TLV.encode([
            TLV(0x9F26, answer.value), TLV(0x9F27, [answer.information]), TLV(0x9F10, answer.issuerData),
            TLV(0x9F37, [0x11, 0x22, 0x33, 0x44]), TLV(0x9F36, answer.counter), TLV(0x95, [0, 0, 0x04, 0x80, 0]),
            TLV(0x9A, [0x26, 0x11, 0x22]), TLV(0x9C, [0]), TLV(0x9F02, [0, 0, 0, 0, 0x88, 0x80]),
            TLV(0x5F2A, [0x01, 0x56]), TLV(0x82, profile), TLV(0x9F1A, [0x01, 0x56]),
            TLV(0x9F03, [0, 0, 0, 0, 0, 0]), TLV(0x9F33, [0xE0, 0xB8, 0xC8]),
        ])
    }

    /// An answer to GENERATE AC taken apart, in either format, without combined authentication.
    struct Cryptogram {
        let information: UInt8
        let counter: [UInt8]
        let value: [UInt8]
        let issuerData: [UInt8]

        init(_ data: [UInt8]) throws {
            let outer = try #require(try TLV.parse(data).first)
            if outer.tag == 0x80 {
                let all = Array(outer.value)
                try #require((18...29).contains(all.count))
                (information, counter, value, issuerData) =
                    (all[0], Array(all[1..<3]), Array(all[3..<11]), Array(all[11...]))
            } else {
                func value(_ tag: TLV.Tag) throws -> [UInt8] {
                    Array(try #require(try TLV.find(tag, in: data)).value)
                }
                (information, counter, self.value, issuerData) =
                    (try value(0x9F27)[0], try value(0x9F36), try value(0x9F26), try value(0x9F10))
            }
        }
    }
}

/// A test that cannot go on.
struct TestFailure: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}
