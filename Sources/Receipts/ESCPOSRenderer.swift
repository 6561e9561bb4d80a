public import HAL
public import Raster

/// A receipt as ESC/POS bytes for one model of printer. A row that the printer cannot print itself goes as a picture. Where no
/// font is installed for that, its characters are question marks, and a printer without Chinese prints English alone.
public struct ESCPOSRenderer: Sendable {
    private let profile: PrinterProfile
    private let language: ReceiptLanguage
    private let pictures: PictureRenderer
    private let typeface: Typeface

    /// A renderer for printers of this profile. Pictures of text are drawn in `typeface`.
    public init(profile: PrinterProfile, language: ReceiptLanguage = .both, typeface: Typeface = .packaged) {
        self.profile = profile
        self.typeface = typeface
        let isReadable = profile.chinese != .none || language == .english || (try? typeface.cell("国")) != nil
        self.language = isReadable ? language : .english
        // Characters are 12 dots wide, whatever the profile's columns say.
        pictures = PictureRenderer(width: min(profile.columns, profile.dots / 12), typeface: typeface)
    }

    /// One print job: initialise, the lines, feed and cut.
    public func render(_ receipt: Receipt) -> [UInt8] {
        defer { typeface.rest() }
        var job = Command.initialize
        // Chinese-market printers wake up in Chinese mode, others do not: after ESC @ the mode is always said. One without
        // the mode would print the command's second byte.
        if profile.chinese != .none { job += Command.chineseOff }
        for row in ReceiptLayout(receipt, width: pictures.width, language: language).rows {
            switch row {
            case .text(let text): job += line(text, row)
            case .tall(let text): job += line(text, row)
            case .symbol(let symbol): job += self.symbol(symbol, row)
            }
        }
        return job + Command.cut(profile.cutter)
    }

    private func line(_ text: String, _ row: ReceiptLayout.Row) -> [UInt8] {
        let characters: PrinterText
        if let own = PrinterText(text, for: profile.chinese) {
            characters = own
        } else if let picture = try? pictures.picture(row) {
            return Command.picture(picture)
        } else {
            characters = PrinterText(replacingIn: text, for: profile.chinese)
        }
        let bytes = Command.text(characters)
        guard case .tall = row else { return bytes + Command.lineFeed }
        return Command.tall(profile.chinese) + bytes + Command.normal(profile.chinese) + Command.lineFeed
    }

    private func symbol(_ symbol: ReceiptSymbol, _ row: ReceiptLayout.Row) -> [UInt8] {
        switch profile.symbols {
        case .command: Command.symbol(Array(symbol.text.utf8), moduleDots: symbol.moduleDots)
        case .picture: (try? pictures.picture(row)).map(Command.picture) ?? []
        }
    }
}
