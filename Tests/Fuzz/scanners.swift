import HAL
import Payments
import ScannerDriver

/// Whatever a scanner says of itself and sends, nothing traps, no scan is longer than allowed, and a serial line gives the same
/// scans however it is cut. The first byte is the length of the descriptor, the second one that of a report.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    let bytes = [UInt8](UnsafeBufferPointer(start: start, count: count))
    guard bytes.count > 2 else { return 0 }
    let input = bytes.dropFirst(2)
    let reports = pieces(input.dropFirst(Int(bytes[0])), size: max(1, Int(bytes[1])))
    if let descriptor = try? HIDReportDescriptor(Array(input.prefix(Int(bytes[0])))) {
        _ = try? HIDKeyboardLayout(descriptor)
        if let decoder = try? descriptor.scanDecoder(rules: ScanRules()) { _ = scans(decoder, reports) }
    }
    _ = scans(HIDKeyboardDecoder(), pieces(input, size: 8))
    var rules = ScanRules()
    for suffix in [[], Array(input.prefix(2))] {
        rules.suffix = suffix
        let whole = scans(SerialScanDecoder(rules: rules), [Array(input)])
        precondition(whole == scans(SerialScanDecoder(rules: rules), pieces(input, size: 1)))
        var filter = ScanFilter(rules)
        for scan in whole {
            guard case .success(let clean) = filter.take(scan, at: Uptime(nanoseconds: 0)) else { continue }
            precondition(clean.data.count <= ScanRules.largestScan)
        }
    }
    return 0
}

func pieces(_ bytes: ArraySlice<UInt8>, size: Int) -> [[UInt8]] {
    stride(from: bytes.startIndex, to: bytes.endIndex, by: size).map {
        Array(bytes[$0..<min($0 + size, bytes.endIndex)])
    }
}

func scans(_ decoder: any ScanDecoder, _ pieces: [[UInt8]]) -> [Scan] {
    var decoder = decoder
    var results = pieces.flatMap { decoder.take($0) }
    if decoder.silenceMilliseconds != nil, let last = decoder.silence() { results.append(last) }
    return results.compactMap { try? $0.get() }
}
