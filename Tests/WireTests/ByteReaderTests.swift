import Testing
import Wire

@Suite struct ByteReaderTests {
    @Test func readsInOrder() throws {
        var reader = ByteReader([1, 2, 3, 4, 5, 6])
        #expect(try reader.readByte() == 1)
        #expect(try reader.readUInt16() == 0x0203)
        #expect(try reader.read(2) == [4, 5])
        #expect(reader.offset == 5)
        #expect(reader.remaining == 1)
        #expect(throws: WireError(.trailingBytes, at: 5)) { try reader.expectEnd() }
        #expect(reader.readRest() == [6])
        try reader.expectEnd()
    }

    @Test func neverReadsPastTheEnd() {
        var reader = ByteReader([1])
        #expect(throws: WireError(.truncated, at: 0)) { try reader.readUInt16() }
        #expect(throws: WireError(.truncated, at: 0)) { try reader.read(2) }
        #expect(throws: WireError(.invalidLength, at: 0)) { try reader.read(-1) }
        #expect(throws: WireError(.truncated, at: 0)) { try reader.read(.max) }
        #expect(reader.remaining == 1)
    }

    @Test func countsOffsetsFromASlicesStart() throws {
        var reader = ByteReader([0, 0, 7, 8][2...])
        #expect(try reader.readByte() == 7)
        #expect(reader.offset == 1)
    }
}
