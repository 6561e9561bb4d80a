import Raster

/// A QR symbol on a receipt: its text and how large its modules are. It fits on the narrowest paper.
struct ReceiptSymbol: Equatable {
    let text: String
    /// Dots a side of a module: 6 dots are 0.75 mm. The counts are what versions 5, 9 and 13 hold at correction M (ISO/IEC
    /// 18004, table 7): 45, 61 and 77 modules with the quiet zone, at most 270 of 288 dots.
    let moduleDots: Int

    /// Nil for nothing, and for more than 300 bytes.
    init?(_ text: String) {
        let text = Columns.clean(text)
        switch text.utf8.count {
        case 1...84: moduleDots = 6
        case 85...180: moduleDots = 4
        case 181...300: moduleDots = 3
        default: return nil
        }
        self.text = text
    }

    /// The modules; nil is impossible by the limit, but what a library refuses is left out.
    var modules: QRSymbol? { try? QRSymbol(Array(text.utf8)) }
}
