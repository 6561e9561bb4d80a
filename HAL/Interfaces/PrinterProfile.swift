/// What a model of receipt printer can do: what a document must know to be encoded for it. Data, one entry a model.
public struct PrinterProfile: Equatable, Sendable {
    /// The characters a printer has beside ASCII.
    public enum Chinese: String, CaseIterable, Sendable {
        /// None that can be relied on: such lines are sent as pictures.
        case none
        /// GB 2312, 6,763 characters of two bytes.
        case gb2312
        /// GBK, two bytes.
        case gbk
        /// GB 18030, two and four bytes.
        case gb18030
    }
    /// How a QR symbol gets on paper.
    public enum Symbols: String, CaseIterable, Sendable {
        /// The printer makes it itself, `GS ( k`.
        case command
        /// As a picture.
        case picture
    }
    /// What cuts the paper.
    public enum Cutter: String, CaseIterable, Sendable {
        /// The customer's hand, at the tear bar.
        case none
        /// All but one point, `GS V 66`.
        case partial
        /// All of it, `GS V 65`.
        case full
    }
    /// How the printer tells what is wrong with it.
    public enum StatusReport: String, CaseIterable, Sendable {
        /// Not at all, or only by the port status of its USB class.
        case port
        /// When asked, `DLE EOT n`.
        case realTime
        /// When asked, and of its own accord at each change, `GS a`.
        case automatic
    }

    /// What the configuration calls it, `epson-tm-t88`.
    public var name: String
    /// Dots across the paper that can be printed: 576 or 512 on 80 mm, 384 on 58 mm.
    public var dots: Int
    /// Columns of font A, 12 dots wide: 48, 42, 32. A Chinese character takes two.
    public var columns: Int
    /// The Chinese characters it has.
    public var chinese: Chinese
    /// Whether it is in Chinese mode after power-on and `ESC @`.
    public var startsInChinese: Bool
    /// How QR symbols are printed.
    public var symbols: Symbols
    /// The cutter.
    public var cutter: Cutter
    /// How it tells what is wrong.
    public var status: StatusReport
    /// Whether a cash drawer can hang on it.
    public var opensDrawer: Bool

    /// A model of these abilities.
    public init(
        name: String, dots: Int, columns: Int, chinese: Chinese, startsInChinese: Bool, symbols: Symbols,
        cutter: Cutter, status: StatusReport, opensDrawer: Bool
    ) {
        self.name = name
        self.dots = dots
        self.columns = columns
        self.chinese = chinese
        self.startsInChinese = startsInChinese
        self.symbols = symbols
        self.cutter = cutter
        self.status = status
        self.opensDrawer = opensDrawer
    }
}
