public import HAL

/// Scans of a scanner that types like a keyboard with US layout: shift, caps lock, control characters, ALT with a number on
/// the keypad; ended by Enter, Tab or silence.
public struct HIDKeyboardDecoder: ScanDecoder, Equatable {
    private let layout: HIDKeyboardLayout
    private let gapMilliseconds: Int
    private var buffer = ScanBuffer()
    /// The keys that are down: one that stays down is no new character.
    private var down: [UInt8] = []
    private var isCapsLocked = false
    /// The number typed with ALT down; nil while ALT is up.
    private var alternateCode: String?

    /// Decodes reports of `layout`.
    public init(_ layout: HIDKeyboardLayout = .boot, rules: ScanRules = ScanRules()) {
        self.layout = layout
        gapMilliseconds = rules.gapMilliseconds
    }

    /// Takes one input report. Reports of other numbers are left out.
    public mutating func take(_ report: [UInt8]) -> [Result<Scan, ScanFault>] {
        if let id = layout.reportID, let first = report.first, first != id { return [] }
        guard report.count == layout.reportBytes else { return [.failure(.wrongLength)] }
        let keys = report[layout.keys]
        // Rollover: more keys are down than the report holds. The next report tells which.
        guard !keys.contains(HIDKey.rollover) else { return [] }
        let modifiers = HIDKey.Modifiers(rawValue: report[layout.modifiers])
        var results: [Result<Scan, ScanFault>] = []
        if !modifiers.isAlternate { endAlternateCode(&results) }
        let before = down
        down.removeAll(keepingCapacity: true)
        for key in keys where key > HIDKey.rollover && !down.contains(key) {
            down.append(key)
            if !before.contains(key) { press(key, modifiers, &results) }
        }
        return results
    }

    /// The gap that ends a scan. Asked for after every report: silence also means that all keys are up again.
    public var silenceMilliseconds: Int? {
        buffer.isPending || !down.isEmpty || isCapsLocked || alternateCode != nil ? gapMilliseconds : nil
    }

    /// Ends the scan. Keys whose release was lost are up by now, and caps lock is as it was before.
    public mutating func silence() -> Result<Scan, ScanFault>? {
        down.removeAll(keepingCapacity: true)
        isCapsLocked = false
        alternateCode = nil
        return finish().map { .success($0) }
    }

    private mutating func press(
        _ key: UInt8, _ modifiers: HIDKey.Modifiers, _ results: inout [Result<Scan, ScanFault>]
    ) {
        if modifiers.isAlternate {
            if let digit = HIDKey.keypadDigit(key) {
                // One digit more than any code has: more than that is none either.
                let code = (alternateCode ?? "") + String(digit)
                alternateCode = String(code.prefix(6))
            }
        } else if HIDKey.ends.contains(key) {
            end(&results)
        } else if key == HIDKey.capsLock {
            isCapsLocked.toggle()
        } else if let character = HIDKey.character(key, modifiers, isCapsLocked: isCapsLocked) {
            type([character], &results)
        }
    }

    /// ALT is up: what was typed with it is one byte, or the two bytes of a Chinese character.
    private mutating func endAlternateCode(_ results: inout [Result<Scan, ScanFault>]) {
        guard let digits = alternateCode else { return }
        alternateCode = nil
        guard let code = UInt16(digits), code > 0 else {
            results.append(.failure(.alternateCode))
            return
        }
        type(code < 256 ? [UInt8(code)] : [UInt8(code >> 8), UInt8(code & 0xFF)], &results)
    }

    /// A control character can end the scan too: some scanners type Enter as control and M.
    private mutating func type(_ characters: [UInt8], _ results: inout [Result<Scan, ScanFault>]) {
        if characters.count == 1, [0x09, 0x0A, 0x0D].contains(characters[0]) {
            end(&results)
        } else if !buffer.append(characters) {
            results.append(.failure(.tooLong))
        }
    }

    private mutating func end(_ results: inout [Result<Scan, ScanFault>]) {
        if let scan = finish() { results.append(.success(scan)) }
    }

    private mutating func finish() -> Scan? { buffer.finish().map { Scan(data: $0, symbology: nil) } }
}
