public import HAL
import Payments

/// Cleans scans and leaves out what does not count. Pure: told the time with each scan.
public struct ScanFilter: Sendable {
    private let rules: ScanRules
    private var last: (scan: Scan, time: Uptime)?

    /// Applies `rules`.
    public init(_ rules: ScanRules) { self.rules = rules }

    /// The scan as it is used, or why it does not count.
    ///
    /// A repeat is one of the last scan that counted, and every repeat starts the debounce time anew: a code that stays in
    /// front of the scanner counts once. Where nobody asked (`isAsked` false), a scan never becomes the one to repeat.
    public mutating func take(_ scan: Scan, at time: Uptime, isAsked: Bool = true) -> Result<Scan, ScanFault> {
        let clean = cleaned(scan)
        guard clean.data.count >= rules.minimumBytes else { return .failure(.tooShort) }
        guard clean.data.count <= min(rules.maximumBytes, ScanRules.largestScan) else { return .failure(.tooLong) }
        if let last, last.scan.data == clean.data,
            time < last.time.advanced(milliseconds: rules.debounceMilliseconds)
        {
            self.last = (clean, time)
            return .failure(.repeated)
        }
        if isAsked { last = (clean, time) }
        return .success(clean)
    }

    /// Takes off suffix, prefix and identifier, in whichever order the scanner puts the latter two, and the escapes of the
    /// ECI protocol.
    private func cleaned(_ scan: Scan) -> Scan {
        scan.data.withBytes { all in
            var data = Slice(base: all, bounds: all.indices)
            var symbology = scan.symbology
            if !rules.suffix.isEmpty, data.suffix(rules.suffix.count).elementsEqual(rules.suffix) {
                data = data.dropLast(rules.suffix.count)
            }
            var isPrefixed = !rules.prefix.isEmpty
            func takePrefix() {
                guard isPrefixed, data.starts(with: rules.prefix) else { return }
                data = data.dropFirst(rules.prefix.count)
                isPrefixed = false
            }
            takePrefix()
            // One told beside the data stands in it as well only where it is the same.
            if rules.stripsIdentifier, let found = Symbology(data.prefix(3))?.identifier, found == symbology ?? found {
                symbology = found
                data = data.dropFirst(3)
            }
            takePrefix()
            guard let known = symbology.flatMap({ Symbology($0.utf8) }), known.hasInterpretations else {
                return Scan(data: SecretBytes(data), symbology: symbology)
            }
            return Scan(data: Self.unescaped(data), symbology: symbology)
        }
    }

    /// Without the character set's announcements, `\000026`, and with single backslashes again (AIM ECI protocol). One that
    /// is neither doubled nor followed by six digits comes from a reader that does not escape, and stays.
    private static func unescaped(_ data: Slice<UnsafeRawBufferPointer>) -> SecretBytes {
        let backslash: UInt8 = 0x5C
        // The first pass counts, the second one writes where the bytes stay.
        func walk(_ emit: (UInt8) -> Void) {
            var rest = data
            while let byte = rest.popFirst() {
                guard byte == backslash else {
                    emit(byte)
                    continue
                }
                let digits = rest.prefix(6)
                if digits.count == 6 && digits.allSatisfy({ (0x30...0x39).contains($0) }) {
                    rest = rest.dropFirst(6)
                } else {
                    if rest.first == backslash { rest = rest.dropFirst() }
                    emit(backslash)
                }
            }
        }
        var count = 0
        walk { _ in count += 1 }
        return SecretBytes(count: count) { buffer in
            var index = 0
            walk { byte in
                buffer[index] = byte
                index += 1
            }
        }
    }
}
