import ISO8583
import Testing
import Wire

@Suite struct FrameTests {
    static func frame(_ trace: String) throws -> Frame {
        var message = Message(0x0800)
        try message.set(11, trace)
        return Frame(
            tpdu: TPDU(destination: 0x0003, source: 0x0000),
            header: Header(applicationClass: 0x60, softwareVersion: 0x31, subVersion: 0x311305), message: message)
    }

    @Test func standsBehindItsLength() throws {
        let frame = try Self.frame("000001")
        #expect(
            Hex.encode(frame.encoded)
                == "0018" + "6000030000" + "603100311305" + "0800" + "0020000000000000" + "000001")
        #expect(try Frame(decoding: frame.body) == frame)
    }

    @Test func everyPrefixThrows() throws {
        let body = try Self.frame("000001").body
        for count in 0..<body.count {
            #expect(throws: MessageError.self) { try Frame(decoding: body.prefix(count)) }
        }
        #expect(throws: MessageError(.truncated, at: 23, in: "F11")) { try Frame(decoding: body.dropLast()) }
    }

    /// Frames come out alike, however the stream is cut or glued.
    @Test(arguments: [1, 2, 7, 26, 27, 1000])
    func framesSurviveAnySplit(size: Int) throws {
        let frames = try ["000001", "000002", "000003"].map(Self.frame)
        let stream = frames.flatMap(\.encoded)
        var splitter = LengthPrefixedSplitter(limit: Message.limit)
        var found: [Frame] = []
        for start in stride(from: 0, to: stream.count, by: size) {
            splitter.append(stream[start..<min(start + size, stream.count)])
            while let body = try splitter.next() { found.append(try Frame(decoding: body)) }
        }
        #expect(found == frames)
    }

    @Test func headerHasNamedParts() throws {
        var header = try #require(Header(Hex.decode("613100311305")))
        #expect(header.applicationClass == 0x61)
        #expect(header.softwareVersion == 0x31)
        #expect(header.terminalStatus == 0)
        #expect(header.processingRequirement == .none)
        #expect(header.subVersion == 0x311305)
        header.processingRequirement = .updateApplications
        #expect(Hex.encode(header.bytes) == "613105311305")
        #expect(Header([0x60]) == nil)
    }

    @Test func answersGoBack() throws {
        let tpdu = try #require(TPDU(Hex.decode("6000030001")))
        #expect(Hex.encode(tpdu.swapped.bytes) == "6000010003")
        #expect(MTI("0200")?.reply.description == "0210")
        #expect(MTI("02A0") == nil)
    }
}
