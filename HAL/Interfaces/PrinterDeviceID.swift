/// What a printer calls itself (IEEE 1284, 7.6): `MFG:EPSON;CMD:ESC/POS;MDL:TM-T88V;CLS:PRINTER;`.
public struct PrinterDeviceID: Equatable, Sendable {
    /// MFG or MANUFACTURER; empty if it does not say.
    public private(set) var manufacturer = ""
    /// MDL or MODEL.
    public private(set) var model = ""
    /// CMD or COMMAND SET: the languages that it speaks.
    public private(set) var commandSet = ""

    /// Real ones have a hundred bytes or two.
    private static let limit = 1024

    /// Reads an id; what is beyond 1,024 bytes, what is no `KEY:value`, and control characters are left out. Of a key that comes
    /// twice the first counts.
    public init(_ text: String) {
        for field in text.utf8.prefix(Self.limit).split(separator: UInt8(ascii: ";")) {
            guard let colon = field.firstIndex(of: UInt8(ascii: ":")) else { continue }
            let value = Self.text(field[field.index(after: colon)...])
            switch Self.text(field[..<colon]).uppercased() {
            case "MFG", "MANUFACTURER": if manufacturer.isEmpty { manufacturer = value }
            case "MDL", "MODEL": if model.isEmpty { model = value }
            case "CMD", "COMMAND SET": if commandSet.isEmpty { commandSet = value }
            default: continue
            }
        }
    }

    /// Printable ASCII without blanks at the ends.
    private static func text(_ bytes: some BidirectionalCollection<UInt8>) -> String {
        var bytes = bytes.filter { (0x20..<0x7F).contains($0) }[...]
        while bytes.first == 0x20 { bytes = bytes.dropFirst() }
        while bytes.last == 0x20 { bytes = bytes.dropLast() }
        return String(decoding: bytes, as: UTF8.self)
    }
}
