import Diagnostics

/// A message shown as JSON encodes to the bytes it came from; JSON from outside never traps.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    let bytes = [UInt8](UnsafeBufferPointer(start: start, count: count))
    if let document = try? MessageDocument(json: bytes) {
        let again = try? MessageDocument(json: Array(document.json(reveal: true).text.utf8))
        precondition(again?.bytes == document.bytes)
    }
    for bare in [true, false] {
        guard let document = try? MessageDocument(decoding: bytes, bare: bare) else { continue }
        precondition(document.bytes == bytes)
        let again = try? MessageDocument(json: Array(document.json(reveal: true).text.utf8))
        precondition(again?.bytes == bytes)
        _ = document.text(reveal: false)
    }
    return 0
}
