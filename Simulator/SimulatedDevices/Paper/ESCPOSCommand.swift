/// One command of the receipt printers' language (ESC/POS), its parameters as they came.
public enum ESCPOSCommand: Equatable, Sendable {
    /// A byte of text: which character it is, or half of which, depends on the mode.
    case character(UInt8)
    /// `LF`
    case lineFeed
    /// `HT`
    case tab
    /// `ESC D`: the columns of the tab stops.
    case tabStops([UInt8])
    /// `ESC d`: prints and feeds so many lines.
    case feedLines(UInt8)
    /// `ESC J`: prints and feeds so many dots.
    case feedDots(UInt8)
    /// `ESC @`
    case initialize
    /// `ESC 3`, in dots; nil is `ESC 2`, the usual spacing.
    case lineSpacing(UInt8?)
    /// `ESC SP`: dots at the right of each character.
    case characterSpacing(UInt8)
    /// `ESC M`
    case font(UInt8)
    /// `ESC !`: font, bold, height, width and underline of all but Chinese characters.
    case printMode(UInt8)
    /// `GS !`: factors of width and height.
    case size(UInt8)
    /// `ESC E`, `ESC G`
    case bold(Bool)
    /// `ESC -`: dots of the underline.
    case underline(UInt8)
    /// `GS B`: white on black.
    case inverse(Bool)
    /// `ESC a`
    case alignment(UInt8)
    /// `GS L`, in dots.
    case leftMargin(UInt16)
    /// `GS W`, in dots.
    case areaWidth(UInt16)
    /// `ESC $`, in dots from the margin.
    case position(UInt16)
    /// `ESC \`, in dots from here.
    case move(Int16)
    /// `ESC t`
    case codePage(UInt8)
    /// `FS &`, `FS .`
    case chinese(Bool)
    /// `FS !`: width, height and underline of Chinese characters.
    case chineseMode(UInt8)
    /// `FS -`: dots of their underline.
    case chineseUnderline(UInt8)
    /// `FS W`: twice as wide and high.
    case chineseQuadruple(Bool)
    /// `FS S`: dots at the left and the right of them.
    case chineseSpacing(left: UInt8, right: UInt8)
    /// `GS v 0`: the head of a picture; so many rows of `stride` bytes follow, each by itself.
    case picture(stride: Int, rows: Int, isDoubleWidth: Bool, isDoubleHeight: Bool)
    /// A row of the picture.
    case pictureRow([UInt8])
    /// `ESC *`: columns of 8 or 24 dots from top to bottom.
    case columns(mode: UInt8, [UInt8])
    /// `GS ( k`: symbology (`cn`), function (`fn`), parameters.
    case symbol(UInt8, function: UInt8, [UInt8])
    /// `GS k`: system as in form B (65 on), data.
    case barCode(UInt8, [UInt8])
    /// `GS h`, in dots.
    case barCodeHeight(UInt8)
    /// `GS w`, dots of the narrowest bar.
    case barCodeModule(UInt8)
    /// `GS H`: bit 0 digits above, bit 1 below.
    case barCodeText(UInt8)
    /// `GS V`: `feed` is nil where it cuts at once, else dots beyond what brings the print to the knife.
    case cut(isPartial: Bool, feed: UInt8?)
    /// `ESC p`
    case openDrawer
    /// `DLE EOT`
    case realTimeStatus(UInt8)
    /// `DLE ENQ`
    case recover(UInt8)
    /// `GS r`
    case status(UInt8)
    /// `GS a`
    case automaticStatus(UInt8)
    /// `GS I`
    case identify(UInt8)
    /// Anything else: it is taken and changes nothing.
    case other
}
