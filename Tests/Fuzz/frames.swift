import ISO8583
import Wire

/// A stream cut into pieces gives the same frames as the whole of it. The first byte is the size of the pieces.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    let bytes = [UInt8](UnsafeBufferPointer(start: start, count: count))
    guard let first = bytes.first else { return 0 }
    let stream = bytes.dropFirst()
    let (whole, wholeFailed) = frames(stream, size: max(1, stream.count))
    let (pieces, piecesFailed) = frames(stream, size: Int(first) + 1)
    precondition(whole == pieces && wholeFailed == piecesFailed)
    for frame in whole {
        guard let decoded = try? Frame(decoding: frame) else { continue }
        precondition(decoded.body == frame)
    }
    return 0
}

func frames(_ stream: ArraySlice<UInt8>, size: Int) -> (frames: [[UInt8]], failed: Bool) {
    var splitter = LengthPrefixedSplitter(limit: 4096)
    var found: [[UInt8]] = []
    var rest = stream
    while !rest.isEmpty {
        splitter.append(rest.prefix(size))
        rest = rest.dropFirst(size)
        do {
            while let frame = try splitter.next() { found.append(frame) }
        } catch {
            return (found, true)
        }
    }
    return (found, false)
}
