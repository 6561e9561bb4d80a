/// What a printer prints the next characters like, and where on the line.
struct PrintStyle: Equatable, Sendable {
    /// Factors of width and height, 1–8.
    struct Size: Equatable, Sendable {
        var width = 1
        var height = 1
    }

    /// Dots between the beginnings of two lines of `ESC 2`, 3.75 mm.
    static let usualSpacing = 30

    var isChinese: Bool
    /// `ESC t`; the page of the power-on state is PC437.
    var codePage: UInt8 = 0
    var usesFontB = false
    /// Of all but Chinese characters.
    var size = Size()
    var chineseSize = Size()
    var isBold = false
    var isInverse = false
    /// Dots.
    var underline = 0
    var chineseUnderline = 0
    var characterSpacing = 0
    var chineseLeft = 0
    var chineseRight = 0
    var lineSpacing = usualSpacing
    /// 0 left, 1 centre, 2 right.
    var alignment = 0
    var leftMargin = 0
    /// Nil is all there is.
    var areaWidth: Int?
    /// Columns of font A; nil is every eighth.
    var tabStops: [Int]?
    var barCode = BarCodeStyle()
    var symbol = SymbolStyle()

    /// After power-on and `ESC @`.
    init(isChinese: Bool) { self.isChinese = isChinese }

    /// How bar codes look.
    struct BarCodeStyle: Equatable, Sendable {
        var height = 162
        var module = 3
        var text: UInt8 = 0
    }

    /// How QR symbols look, and the data of the next one.
    struct SymbolStyle: Equatable, Sendable {
        var module = 3
        /// 48–51: L, M, Q, H.
        var level: UInt8 = 48
        var data: [UInt8] = []
    }
}
