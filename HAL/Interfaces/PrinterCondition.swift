public import Payments

/// What a printer says about itself.
public struct PrinterCondition: Equatable, Sendable {
    /// The cover is open.
    public var isCoverOpen = false
    /// There is no paper.
    public var isPaperOut = false
    /// There is little paper left; it still prints.
    public var isPaperNearEnd = false
    /// The cutter is stuck.
    public var isCutterJammed = false
    /// Some other error, the head too hot among them.
    public var hasError = false
    /// It gets over its error by itself, as when the head cools down.
    public var recoversItself = false
    /// It takes no data, without saying why.
    public var isOffline = false

    /// A printer in which nothing is wrong.
    public init() {}

    /// For the cashier: there is little paper left.
    public static let nearEnd = BilingualText("打印纸将用尽，请备纸", "Little paper left. Have a roll ready")

    /// Why it cannot print, what weighs most first; nil if it can.
    public var trouble: PrinterTrouble? {
        if isCoverOpen { return .coverOpen }
        if isPaperOut { return .paperOut }
        if isCutterJammed { return .cutterJam }
        if hasError { return .error }
        return isOffline ? .offline : nil
    }
}

/// Why a printer prints nothing.
public enum PrinterTrouble: String, CaseIterable, Sendable, Codable {
    /// Not plugged in, or switched off.
    case absent
    /// It takes nothing and says nothing until the deadline.
    case hangs
    case coverOpen, paperOut, cutterJam, error, offline

    /// For the cashier: what is wrong and what to do.
    public var text: BilingualText {
        switch self {
        case .absent: BilingualText("打印机未连接，请检查电源和连线", "No printer. Check power and cable")
        case .hangs: BilingualText("打印机无响应，请重新开机", "The printer does not answer. Switch it off and on")
        case .coverOpen: BilingualText("打印机上盖打开，请合上", "The printer's cover is open. Close it")
        case .paperOut: BilingualText("打印机缺纸，请装纸", "The printer is out of paper. Put in a roll")
        case .cutterJam: BilingualText("打印机切刀卡住，请开盖清除", "The printer's cutter is stuck. Open it and clear the paper")
        case .error: BilingualText("打印机故障，请关机稍候再开", "Printer error. Switch it off, wait, and on")
        case .offline: BilingualText("打印机脱机，请检查", "The printer is offline. Look at it")
        }
    }
}
