import Wire

/// A receipt as ESC/POS bytes for a printer with a Simplified Chinese font.
public struct ESCPOSRenderer: Sendable {
    /// Columns of the paper, 24–64; 32 on 58 mm, 48 on 80 mm.
    public let width: Int

    /// A renderer for paper of `width` columns; other widths than 24–64 are brought to the nearest of these.
    public init(width: Int = 48) { self.width = min(64, max(24, width)) }

    /// One print job: initialise, the lines, feed and cut.
    public func render(_ receipt: Receipt) -> [UInt8] {
        // Chinese-market printers wake up in Chinese mode, others do not: after ESC @ the mode is always said.
        var job = Command.initialize + Command.chineseOff
        for row in ReceiptLayout(receipt, width: width).rows {
            job += row.isEmphasised ? Command.tall + text(row.text) + Command.normal : text(row.text)
            job += Command.lineFeed
        }
        return job + Command.feedAndCut
    }

    /// `text` with the Chinese mode switched on around the characters that need it.
    private func text(_ text: String) -> [UInt8] {
        var bytes: [UInt8] = []
        var isChinese = false
        for scalar in text.unicodeScalars {
            if scalar.isASCII == isChinese {
                isChinese.toggle()
                bytes += isChinese ? Command.chineseOn : Command.chineseOff
            }
            bytes += scalar.isASCII ? [UInt8(scalar.value)] : glyph(scalar)
        }
        return isChinese ? bytes + Command.chineseOff : bytes
    }

    /// Two bytes. Printers know the two-byte area only: of a four-byte code they would print the digits in it.
    private func glyph(_ scalar: Unicode.Scalar) -> [UInt8] {
        guard let bytes = GB18030.encode(String(Character(scalar))), bytes.count == 2 else { return Command.unknown }
        return bytes
    }

    private enum Command {
        static let initialize: [UInt8] = [0x1B, 0x40]
        static let chineseOn: [UInt8] = [0x1C, 0x26]
        static let chineseOff: [UInt8] = [0x1C, 0x2E]
        /// Double height: GS ! for Latin, FS ! for Chinese.
        static let tall: [UInt8] = [0x1D, 0x21, 0x01, 0x1C, 0x21, 0x08]
        static let normal: [UInt8] = [0x1D, 0x21, 0x00, 0x1C, 0x21, 0x00]
        static let lineFeed: [UInt8] = [0x0A]
        /// GS V 66: feeds three lines to the knife, then cuts but for one point.
        static let feedAndCut: [UInt8] = [0x1D, 0x56, 0x42, 0x03]
        /// The full-width question mark.
        static let unknown: [UInt8] = [0xA3, 0xBF]
    }
}
