public import HAL
public import Payments

/// A customer display of two lines of 20 columns that takes Epson's ESC/POS display commands, on a serial line or USB.
public final class PoleDisplay: CustomerDisplay {
    private let keeper: DisplayKeeper
    private let isChinese: Bool

    /// The display at `port`. One that has Chinese characters (`isChinese`) shows the Chinese text, others the English one.
    public init(port: any PrinterPort, name: String, isChinese: Bool = false, clock: any TerminalClock) {
        self.isChinese = isChinese
        keeper = DisplayKeeper(
            name: name, begin: PoleMessage.begin(isChinese: isChinese), clock: clock, changes: port.changes()
        ) {
            deadline throws(DeviceError) in
            try await port.open(deadline: deadline)
        }
    }

    /// Shows it as soon as it can; never waits.
    public func show(_ text: BilingualText, amount: Money?) async {
        keeper.show(PoleMessage.bytes(isChinese ? text.chinese : text.english, amount: amount, isChinese: isChinese))
    }

    /// Whether its line is open.
    public func status() async -> DeviceStatus { keeper.feed.status }
    /// Each time that changes.
    public func changes() -> AsyncStream<DeviceStatus> { keeper.feed.changes() }
}
