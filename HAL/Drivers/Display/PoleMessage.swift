import Payments
import Wire

/// A message as commands to a pole display of two lines of 20 columns (Epson ESC/POS for customer displays).
enum PoleMessage {
    private static let columns = 20
    private static let substitute: UInt8 = 0x3F

    /// ESC @ initialises, US MD1 overwrites rather than scrolls, US C hides the cursor, FS & turns on Chinese characters.
    static func begin(isChinese: Bool) -> [UInt8] {
        [0x1B, 0x40, 0x1F, 0x01, 0x1F, 0x43, 0x00] + (isChinese ? [0x1C, 0x26] : [])
    }

    /// CLR, the text on the first line, US $ to the second one, and the amount at its right end; without an amount the text
    /// goes on there.
    static func bytes(_ text: String, amount: Money?, isChinese: Bool) -> [UInt8] {
        let cells = DisplayText.clean(text).map { cell($0, isChinese: isChinese) }
        let second: [UInt8]
        let first = fitting(cells[...])
        if let amount {
            // Cut, it would be another amount.
            let value = [DisplayText.amount(amount), "\(amount)"].first { $0.utf8.count <= columns } ?? ""
            second = [UInt8](repeating: 0x20, count: columns - value.utf8.count) + Array(value.utf8)
        } else {
            second = Array(fitting(cells[first.count...].drop { $0 == [0x20] }).joined())
        }
        return [0x0C] + first.joined() + [0x1F, 0x24, 1, 2] + second
    }

    /// One character in one byte, or in two bytes and two columns; what the display lacks is replaced.
    private static func cell(_ character: Character, isChinese: Bool) -> [UInt8] {
        if let byte = character.asciiValue { return [(0x20...0x7E).contains(byte) ? byte : substitute] }
        guard isChinese, let bytes = GB18030.encode(String(character)), bytes.count == 2 else { return [substitute] }
        return bytes
    }

    /// As many as one line holds.
    private static func fitting(_ cells: ArraySlice<[UInt8]>) -> ArraySlice<[UInt8]> {
        var width = 0
        return cells.prefix { cell in
            width += cell.count
            return width <= columns
        }
    }
}
