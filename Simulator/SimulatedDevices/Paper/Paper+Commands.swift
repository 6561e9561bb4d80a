import HAL
import Raster
import Wire

extension Paper {
    /// Does what a command says.
    mutating func perform(_ command: ESCPOSCommand) {
        switch command {
        case .character(let byte): take(byte)
        case .pictureRow(let row): take(row: row)
        default:
            // A character of which half came is none.
            if !lead.isEmpty { printUnknown() }
            performWhole(command)
        }
    }

    private mutating func performWhole(_ command: ESCPOSCommand) {
        switch command {
        case .lineFeed: endLine()
        case .feedLines(let count):
            endLine()
            for _ in 1..<max(1, Int(count)) { endLine() }
        case .feedDots(let dots): endLine(advance: Int(dots))
        case .tab: tab()
        case .picture(let stride, let rows, let isWide, let isHigh):
            begin(picture: stride, rows, isWide ? 2 : 1, isHigh ? 2 : 1)
        case .columns(let mode, let bytes): put(columns: bytes, mode)
        case .symbol(let kind, let function, let parameters):
            if kind == 49 { perform(symbol: function, parameters) }
        case .barCode(let system, let data): print(barCode: system, data)
        case .cut(let isPartial, let feed): cut(isPartial: isPartial, feed: feed)
        case .openDrawer: if profile.opensDrawer { drawerOpenings += 1 }
        case .status(let kind): answer(status: kind)
        case .automaticStatus(let kinds): report(changes: kinds)
        case .identify(let kind): identify(kind)
        case .initialize:
            line = PrintLine()
            style = PrintStyle(isChinese: profile.startsInChinese)
        default: change(command)
        }
    }

    /// What only changes how later characters look.
    private mutating func change(_ command: ESCPOSCommand) {
        switch command {
        case .tabStops(let columns): style.tabStops = columns.map(Int.init)
        case .lineSpacing(let dots): style.lineSpacing = dots.map(Int.init) ?? PrintStyle.usualSpacing
        case .characterSpacing(let dots): style.characterSpacing = Int(dots)
        case .font(let number): style.usesFontB = number & 1 != 0
        case .printMode(let mode):
            style.usesFontB = mode & 0x01 != 0
            style.isBold = mode & 0x08 != 0
            style.size = PrintStyle.Size(width: mode & 0x20 == 0 ? 1 : 2, height: mode & 0x10 == 0 ? 1 : 2)
            style.underline = mode & 0x80 == 0 ? 0 : 1
        case .size(let factors):
            style.size = PrintStyle.Size(width: Int(factors >> 4 & 0x07) + 1, height: Int(factors & 0x07) + 1)
            style.chineseSize = style.size
        case .bold(let isOn): style.isBold = isOn
        case .underline(let dots): style.underline = Int(dots % 3)
        case .inverse(let isOn): style.isInverse = isOn
        case .alignment(let side): style.alignment = Int(side & 0x03)
        case .leftMargin(let dots): style.leftMargin = min(Int(dots), sheet.width - 1)
        case .areaWidth(let dots): style.areaWidth = max(1, Int(dots))
        case .position(let dots): line.position = min(Int(dots), areaWidth)
        case .move(let dots): line.position = min(max(0, line.position + Int(dots)), areaWidth)
        case .codePage(let page): style.codePage = page
        case .barCodeHeight(let dots): style.barCode.height = max(1, Int(dots))
        case .barCodeModule(let dots): style.barCode.module = min(6, max(1, Int(dots)))
        case .barCodeText(let places): style.barCode.text = places & 0x03
        default: if profile.chinese != .none { changeChinese(command) }
        }
    }

    private mutating func changeChinese(_ command: ESCPOSCommand) {
        switch command {
        case .chinese(let isOn): style.isChinese = isOn
        case .chineseMode(let mode):
            style.chineseSize = PrintStyle.Size(width: mode & 0x04 == 0 ? 1 : 2, height: mode & 0x08 == 0 ? 1 : 2)
            style.chineseUnderline = mode & 0x80 == 0 ? 0 : 1
        case .chineseUnderline(let dots): style.chineseUnderline = Int(dots % 3)
        case .chineseQuadruple(let isOn):
            style.chineseSize = PrintStyle.Size(width: isOn ? 2 : 1, height: isOn ? 2 : 1)
        case .chineseSpacing(let left, let right): (style.chineseLeft, style.chineseRight) = (Int(left), Int(right))
        default: break
        }
    }

    // MARK: - Characters

    private mutating func take(_ byte: UInt8) {
        guard style.isChinese, profile.chinese != .none else {
            return put(CodePage.character(byte, page: style.codePage))
        }
        if lead.isEmpty {
            switch byte {
            case 0x81...0xFE: lead = [byte]
            case 0x80, 0xFF: put("?")
            default: put(Unicode.Scalar(byte))
            }
            return
        }
        lead.append(byte)
        if lead.count == 2 {
            let isFour = profile.chinese == .gb18030 && (0x30...0x39).contains(byte)
            guard !isFour else { return }
            // No second half: the printer prints something for the first, and this byte as what it is.
            guard byte >= 0x40, byte != 0x7F, byte != 0xFF else {
                lead.removeLast()
                printUnknown()
                return take(byte)
            }
        } else if lead.count == 3 {
            return
        }
        guard let character = Self.chinese(lead, profile.chinese) else { return printUnknown() }
        lead = []
        put(character, font: .chinese)
    }

    private mutating func printUnknown() {
        lead = []
        put("?", font: .chinese)
    }

    /// The character of these bytes, if the printer's font has it.
    private static func chinese(_ bytes: [UInt8], _ font: PrinterProfile.Chinese) -> Unicode.Scalar? {
        if font == .gb2312 {
            guard (0xA1...0xF7).contains(bytes[0]), bytes[1] >= 0xA1 else { return nil }
        }
        guard let text = GB18030.decode(bytes), text.unicodeScalars.count == 1, let scalar = text.unicodeScalars.first,
            scalar.properties.generalCategory != .privateUse
        else { return nil }
        return scalar
    }

    private mutating func put(_ scalar: Unicode.Scalar, font: PaperFont? = nil) {
        let font = font ?? (style.usesFontB ? .b : .a)
        let isChinese = font == .chinese
        let size = isChinese ? style.chineseSize : style.size
        let character = PaperMark.Characters(
            scalars: [scalar], font: font, size: size, isBold: style.isBold, isInverse: style.isInverse,
            underline: isChinese ? style.chineseUnderline : style.underline,
            left: isChinese ? style.chineseLeft : 0,
            right: isChinese ? style.chineseRight : style.characterSpacing * size.width)
        if line.position + character.width > areaWidth, !line.isEmpty { endLine() }
        line.put(character, text: String(Character(scalar)))
    }

    private mutating func tab() {
        let column = line.position / PaperFont.a.width
        let stop = style.tabStops.map { stops in stops.first { $0 > column } } ?? (column / 8 + 1) * 8
        if let stop { line.position = min(stop * PaperFont.a.width, areaWidth) }
    }

    /// Prints the line and moves the paper to the next.
    mutating func endLine(advance: Int? = nil) {
        let text = line.text(indent: indent / PaperFont.a.width)
        sheet.print(
            line.placed(x: style.leftMargin + indent), text: text,
            advance: max(1, advance ?? style.lineSpacing, line.height))
        line = PrintLine()
    }

    /// Cuts, where it can.
    private mutating func cut(isPartial: Bool, feed: UInt8?) {
        if !line.isEmpty { endLine() }
        if let feed { sheet.feed(Self.knifeDistance + Int(feed)) }
        if profile.cutter != .none { cut() }
    }

    // MARK: - Pictures

    private mutating func begin(picture stride: Int, _ rows: Int, _ horizontally: Int, _ vertically: Int) {
        if !line.isEmpty { endLine() }
        let width = stride * 8 * horizontally
        picture = Picture(x: blockX(width), stride: stride, horizontally: horizontally, vertically: vertically)
    }

    private mutating func take(row: [UInt8]) {
        guard let picture else { return }
        // What goes beyond the paper is not there.
        let stride = min(picture.stride, (sheet.width + 7) / 8)
        let dots = PaperMark.Dots(
            columns: stride * 8, bytes: Array(row.prefix(stride)), horizontally: picture.horizontally,
            vertically: picture.vertically)
        sheet.print(row: dots, x: picture.x)
    }

    /// `ESC *`: 8 dots high for modes 0 and 1, 24 for 32 and 33; twice as wide for 0 and 32.
    private mutating func put(columns bytes: [UInt8], _ mode: UInt8) {
        guard [0, 1, 32, 33].contains(mode) else { return }
        let depth = mode >= 32 ? 3 : 1
        let horizontally = mode & 1 == 0 ? 2 : 1
        let count = min(bytes.count / depth, max(0, areaWidth - line.position) / horizontally)
        guard count > 0 else { return }
        let stride = (count + 7) / 8
        var rows = [UInt8](repeating: 0, count: stride * depth * 8)
        for column in 0..<count {
            for row in 0..<depth * 8 where bytes[column * depth + row / 8] & (0x80 >> UInt8(row % 8)) != 0 {
                rows[row * stride + column / 8] |= 0x80 >> UInt8(column % 8)
            }
        }
        line.put(
            PaperMark.Dots(
                columns: count, bytes: rows, horizontally: horizontally, vertically: depth == 1 ? 3 : 1))
    }

    /// Where a block of this width begins.
    private func blockX(_ width: Int) -> Int {
        let space = max(0, areaWidth - width)
        return style.leftMargin + (style.alignment == 1 ? space / 2 : style.alignment == 2 ? space : 0)
    }

    // MARK: - Codes

    private mutating func perform(symbol function: UInt8, _ parameters: [UInt8]) {
        switch function {
        case 67: style.symbol.module = min(16, max(1, Int(parameters.first ?? 3)))
        case 69: style.symbol.level = parameters.first ?? 48
        case 80: style.symbol.data = Array(parameters.dropFirst())
        case 81: printSymbol()
        default: break
        }
    }

    /// The symbol is as large as its data; one that they do not fit into is not printed.
    private mutating func printSymbol() {
        if !line.isEmpty { endLine() }
        let levels: [UInt8: QRSymbol.Correction] = [49: .medium, 50: .quartile, 51: .high]
        let data = style.symbol.data
        guard let symbol = try? QRSymbol(data, correction: levels[style.symbol.level] ?? .low) else { return }
        let places = 0..<symbol.size
        let dots = PaperMark.Dots(
            modules: places.flatMap { y in places.map { symbol[$0, y] } }, columns: symbol.size,
            horizontally: style.symbol.module, vertically: style.symbol.module)
        guard dots.width <= areaWidth else { return }
        let mark = PaperMark(x: blockX(dots.width), y: 0, content: .dots(dots))
        sheet.print([mark], text: "[QR \(String(decoding: data, as: UTF8.self))]", advance: dots.height)
    }

    private mutating func print(barCode system: UInt8, _ data: [UInt8]) {
        if !line.isEmpty { endLine() }
        guard let code = BarCode(system, data) else { return }
        let module = style.barCode.module
        let width = code.modules.count * module
        guard width <= areaWidth else { return }
        let bars = PaperMark.Dots(
            modules: code.modules, columns: code.modules.count, horizontally: module, vertically: style.barCode.height)
        let letters = PaperMark.Characters(
            scalars: Array(code.text.unicodeScalars), font: .a, size: PrintStyle.Size(), isBold: false,
            isInverse: false,
            underline: 0, left: 0, right: 0)
        let x = blockX(width)
        let textX = max(0, x + (width - letters.width) / 2)
        var marks: [PaperMark] = []
        var y = 0
        if style.barCode.text & 1 != 0 {
            marks.append(PaperMark(x: textX, y: y, content: .characters(letters)))
            y += letters.height + 2
        }
        marks.append(PaperMark(x: x, y: y, content: .dots(bars)))
        y += bars.height
        if style.barCode.text & 2 != 0 {
            marks.append(PaperMark(x: textX, y: y + 2, content: .characters(letters)))
            y += letters.height + 2
        }
        sheet.print(marks, text: "[bar code \(code.text)]", advance: y)
    }
}
