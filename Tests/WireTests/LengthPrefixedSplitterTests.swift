import Testing
import Wire

@Suite struct LengthPrefixedSplitterTests {
    static let frames: [[UInt8]] = [[1, 2, 3], [], [UInt8](repeating: 7, count: 300), [9]]

    static func drain(_ splitter: inout LengthPrefixedSplitter) throws -> [[UInt8]] {
        var frames: [[UInt8]] = []
        while let frame = try splitter.next() { frames.append(frame) }
        return frames
    }

    /// The same frames come out whole, byte by byte, and in pieces of any size.
    @Test(arguments: [1, 2, 3, 5, 100, 301, 10_000])
    func framesSurviveAnySplit(size: Int) throws {
        let stream = try Self.frames.flatMap { try LengthPrefixedSplitter.encode($0) }
        var splitter = LengthPrefixedSplitter()
        var found: [[UInt8]] = []
        for start in stride(from: 0, to: stream.count, by: size) {
            splitter.append(stream[start..<min(start + size, stream.count)])
            found += try Self.drain(&splitter)
        }
        #expect(found == Self.frames)
        #expect(splitter.pending == 0)
    }

    @Test func keepsWhatIsIncomplete() throws {
        var splitter = LengthPrefixedSplitter()
        splitter.append([0, 3, 1, 2])
        #expect(try splitter.next() == nil)
        #expect(splitter.pending == 4)
        splitter.append([3])
        #expect(try splitter.next() == [1, 2, 3])
    }

    @Test func refusesLongFramesAtOnce() throws {
        var splitter = LengthPrefixedSplitter(limit: 300)
        splitter.append([0x01, 0x2D])
        #expect(throws: WireError(.invalidLength, at: 0)) { try splitter.next() }
        #expect(throws: WireError(.invalidLength, at: 0)) {
            try LengthPrefixedSplitter.encode([UInt8](repeating: 0, count: 65536))
        }
    }
}
