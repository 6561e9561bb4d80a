import ISO8583
import Testing
import Wire

@Suite struct CodecLawTests {
    @Test func everyPrefixThrows() throws {
        let wire = try Hex.decode(SaleMessage.wire)
        for count in 0..<wire.count {
            #expect(throws: MessageError.self) { try Message(decoding: wire.prefix(count)) }
        }
        #expect(throws: MessageError(.trailingBytes, at: wire.count, in: "message")) {
            try Message(decoding: wire + [0])
        }
    }

    /// A flipped bit is refused, or gives a message that encodes to the flipped bytes.
    @Test func flippedBitsNeverTrap() throws {
        let wire = try Hex.decode(SaleMessage.wire)
        for index in wire.indices {
            for bit in 0..<8 {
                var flipped = wire
                flipped[index] ^= 1 << bit
                guard let message = try? Message(decoding: flipped) else { continue }
                #expect(message.encoded == flipped)
                for field in message.fields { _ = (message.text(field), message.padNibble(field)) }
            }
        }
    }

    /// Any content that a format allows survives, in every field of the table, at every length.
    @Test(arguments: 2...64)
    func everyLengthOfEveryFieldSurvives(field: Int) throws {
        guard let format = FieldTable.unionPay[field] else { return }
        for count in (format.prefix == .fixed ? format.length : 0)...format.length {
            var message = Message(0x0200)
            if format.isPacked {
                let digits = String((0..<count).map { Character(String($0 % 10)) })
                try message.set(field, digits)
                #expect(message.text(field) == digits)
            } else {
                let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 37 &+ 129) }
                try message.set(field, bytes)
                #expect(message.bytes(field).map { Array($0) } == bytes)
            }
            #expect(try Message(decoding: message.encoded) == message)
        }
    }

    @Test(arguments: [
        ("02", MessageError.Reason.truncated, "mti"), ("0200FF", .truncated, "bitmap"), ("", .truncated, "mti"),
        ("0A00" + "0000000000000000", .invalidDigit, "mti"),
        ("0200" + "8000000000000000", .unknownField, "F1"), ("0200" + "0800000000000000", .unknownField, "F5"),
        ("0200" + "4000000000000000" + "1A" + "00", .invalidDigit, "F2"),
        ("0200" + "4000000000000000" + "20" + "00000000000000000000", .invalidLength, "F2"),
        ("0200" + "4000000000000000" + "02" + "1A", .invalidDigit, "F2"),
        ("0200" + "0000000000000200" + "0256" + "00", .invalidLength, "F55"),
        ("0200" + "0000000000000200" + "1001" + "00", .invalidLength, "F55"),
        ("0200" + "0000000000000001" + "00000000000000", .truncated, "F64"),
    ])
    func errorsNameTheirPath(hex: String, reason: MessageError.Reason, path: String) throws {
        let bytes = try Hex.decode(hex)
        #expect { try Message(decoding: bytes) } throws: { error in
            guard let error = error as? MessageError else { return false }
            return error.path == path && error.reason == reason
        }
    }

    @Test func longMessagesAreRefused() {
        let bytes = [UInt8](repeating: 0, count: Message.limit + 1)
        #expect(throws: MessageError(.invalidLength, at: Message.limit, in: "length")) { try Message(decoding: bytes) }
    }
}
