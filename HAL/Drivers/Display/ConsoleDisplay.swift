public import HAL
public import Payments

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// A customer display on a console or in a file: Chinese, English and amount on a line each. A console is cleared before each
/// message; a file holds the latest one.
public final class ConsoleDisplay: CustomerDisplay {
    private let keeper: DisplayKeeper

    /// The console or file at `path`, `/dev/tty1`.
    public init(path: String, clock: any TerminalClock) {
        keeper = DisplayKeeper(name: path, clock: clock) { _ throws(DeviceError) in
            let file = try ConsoleFile(clock: clock)
            try await file.open(path)
            return file
        }
    }

    /// Shows it as soon as it can; never waits.
    public func show(_ text: BilingualText, amount: Money?) async {
        let lines =
            [DisplayText.clean(text.chinese), DisplayText.clean(text.english)]
            + (amount.map { [DisplayText.amount($0)] } ?? [])
        keeper.show(Array((lines.joined(separator: "\n") + "\n").utf8))
    }

    /// Whether the path takes what is written.
    public func status() async -> DeviceStatus { keeper.feed.status }
    /// Each time that changes.
    public func changes() -> AsyncStream<DeviceStatus> { keeper.feed.changes() }
}
