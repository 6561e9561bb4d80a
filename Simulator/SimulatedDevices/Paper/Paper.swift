public import HAL

/// What a receipt printer makes of the bytes it gets (ESC/POS): sheets of paper, and answers. A value without a port around
/// it. It prints what the bytes say, right or wrong, as the model does that its profile describes.
public struct Paper: Equatable, Sendable {
    /// What the printer is and can.
    public let profile: PrinterProfile
    /// The sheets cut so far. The basket takes 64 MB; what comes then is thrown away.
    public private(set) var sheets: [PaperSheet] = []
    /// The sheet that is in the printer.
    public internal(set) var sheet: PaperSheet
    /// How often the cash drawer was opened.
    public internal(set) var drawerOpenings = 0
    /// What is wrong with it. While anything keeps it from printing, commands wait; what is asked in real time is answered.
    public var condition = PrinterCondition() {
        didSet {
            guard condition != oldValue else { return }
            reportChange()
            printWaiting()
        }
    }
    /// How many bytes wait, at most, before it takes no more: a printer has 4 KB to 64 KB.
    public var bufferLimit = 4096
    /// Whether it forgets what waits when it is told to in real time (`DLE DC4 8`), as better printers do.
    public var clears = true

    var style: PrintStyle
    var line = PrintLine()
    /// The beginning of a Chinese character.
    var lead: [UInt8] = []
    /// A picture on its way.
    var picture: Picture?
    var reportsChanges = false
    var outgoing: [UInt8] = []
    /// From the head to the knife, 12 mm.
    static let knifeDistance = 96

    private var reader: ESCPOSReader
    private var waiting: [ESCPOSCommand] = []
    private var waitingBytes = 0
    private var sinceCommand = 0
    /// The last two bytes, the later one in the low half.
    private var lastBytes: UInt16 = 0
    /// How much of `clearCommand` has come.
    private var clearBytes = 0
    private var basket = 0

    /// DLE DC4 8
    private static let clearCommand: [UInt8] = [0x10, 0x14, 0x08, 0x01, 0x03, 0x14, 0x01, 0x06, 0x02, 0x08]
    private static let basketLimit = 64 * 1024 * 1024
    /// What comes while it takes nothing is lost from here on.
    private static let waitingLimit = 4 * 1024 * 1024

    struct Picture: Equatable, Sendable {
        let x: Int
        let stride: Int
        let horizontally: Int
        let vertically: Int
    }

    /// A blank roll in a printer of this model, just switched on.
    public init(profile: PrinterProfile) {
        self.profile = profile
        sheet = PaperSheet(width: max(1, profile.dots), height: Self.knifeDistance)
        style = PrintStyle(isChinese: profile.startsInChinese)
        reader = ESCPOSReader(knowsFunctions: profile.symbols == .command)
    }

    /// A blank roll in a printer for the Chinese market: 48 columns on 80 mm paper, 32 on 58 mm.
    public init(columns: Int = 48) {
        var profile = PrinterProfile.chinese80
        profile.columns = max(1, columns)
        profile.dots = profile.columns * PaperFont.a.width
        self.init(profile: profile)
    }

    /// The text of the receipts cut so far, lines ended with line feeds, trailing spaces dropped.
    public var receipts: [String] { sheets.map(\.text) }

    /// The text printed since the last cut, with the line that has begun.
    public var uncut: String {
        guard !line.isEmpty else { return sheet.text }
        return sheet.text + line.text(indent: indent / PaperFont.a.width) + "\n"
    }

    /// Out of paper.
    public var isOut: Bool {
        get { condition.isPaperOut }
        set { condition.isPaperOut = newValue }
    }

    /// Whether it takes no more bytes for now: it cannot print, and its buffer is full. Whoever brings the bytes has to stop
    /// then, as a port does; `feed` takes them all the same.
    public var isStalled: Bool { room == 0 }

    /// How many bytes it takes now.
    public var room: Int { max(0, bufferLimit - waitingBytes) }

    /// Takes the next bytes, cut anywhere, and returns what the printer sends: to what is asked in real time at once,
    /// whatever waits, and what it had to say since the last call.
    public mutating func feed(_ bytes: some Sequence<UInt8>) -> [UInt8] {
        for byte in bytes {
            if answerRealTime(byte) { continue }
            guard waitingBytes < Self.waitingLimit else { continue }
            sinceCommand += 1
            guard let command = reader.take(byte) else { continue }
            if condition.trouble == nil {
                perform(command)
            } else if !isRealTime(command) {
                waiting.append(command)
                waitingBytes += sinceCommand
            }
            sinceCommand = 0
        }
        return answers()
    }

    /// What it has to say unasked, after a change of its condition: only where it was told to report changes (`GS a`).
    public mutating func answers() -> [UInt8] {
        defer { outgoing = [] }
        return outgoing
    }

    /// Switches it off and on: what was not printed is forgotten.
    public mutating func powerCycle() {
        forget()
        reportsChanges = false
        outgoing = []
    }

    /// The customer's hand pulls the paper out as far as something is on it, and tears it off.
    public mutating func tearOff() {
        if !line.isEmpty { endLine() }
        guard !sheet.isBlank else { return }
        sheet.feed(Self.knifeDistance)
        cut()
    }

    /// What stands above the knife comes off.
    mutating func cut() {
        let cut = sheet.cut(distance: Self.knifeDistance)
        guard basket + cut.cost <= Self.basketLimit else { return }
        basket += cut.cost
        sheets.append(cut)
    }

    /// Forgets what is not printed yet, and is again as `ESC @` makes it.
    mutating func forget() {
        reader = ESCPOSReader(knowsFunctions: profile.symbols == .command)
        waiting = []
        waitingBytes = 0
        sinceCommand = 0
        line = PrintLine()
        lead = []
        picture = nil
        style = PrintStyle(isChinese: profile.startsInChinese)
    }

    /// Where the line begins, by its alignment, in dots from the margin.
    var indent: Int {
        let space = max(0, areaWidth - line.width)
        return style.alignment == 1 ? space / 2 : style.alignment == 2 ? space : 0
    }

    /// Dots of the printed area.
    var areaWidth: Int {
        let most = max(1, sheet.width - style.leftMargin)
        return min(most, style.areaWidth ?? most)
    }

    private mutating func printWaiting() {
        guard condition.trouble == nil, !waiting.isEmpty else { return }
        let commands = waiting
        waiting = []
        waitingBytes = 0
        for command in commands { perform(command) }
    }

    /// Real-time commands are found wherever they stand, in the data of another command too.
    /// True for one that leaves nothing to be read.
    private mutating func answerRealTime(_ byte: UInt8) -> Bool {
        if lastBytes == 0x1004 { answer(realTime: byte) }
        if lastBytes == 0x1005, byte == 2 { forget() }
        lastBytes = lastBytes << 8 | UInt16(byte)
        clearBytes = byte == Self.clearCommand[clearBytes] ? clearBytes + 1 : byte == 0x10 ? 1 : 0
        if clearBytes == Self.clearCommand.count {
            clearBytes = 0
            if clears {
                forget()
                outgoing += [0x37, 0x25, 0x00]
                return true
            }
        }
        return false
    }

    private func isRealTime(_ command: ESCPOSCommand) -> Bool {
        switch command {
        case .realTimeStatus, .recover: true
        default: false
        }
    }
}
