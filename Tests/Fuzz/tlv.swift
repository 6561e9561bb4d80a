import Diagnostics
import Wire

/// Data objects that can be read survive encoding, and can be shown.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    let bytes = [UInt8](UnsafeBufferPointer(start: start, count: count))
    if let objects = try? TLV.parse(bytes) {
        precondition((try? TLV.parse(TLV.encode(objects))) == objects)
        _ = try? TLV.find(0x9F26, in: bytes)
    }
    if let inspection = try? TLVInspection(bytes) {
        _ = inspection.text(reveal: false)
        _ = inspection.json(reveal: true).text
    }
    if let inspection = APDUInspection(bytes) {
        _ = inspection.text(reveal: false)
        _ = inspection.json(reveal: false).text
    }
    return 0
}
