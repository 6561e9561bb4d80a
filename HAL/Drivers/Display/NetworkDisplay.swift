public import HAL
public import Payments

/// A customer display on the network: gets one line of JSON for each message, over TCP:
/// `{"chinese":"请付款","english":"Please pay","amount":"88.80","currency":"CNY"}`, without the latter two where there is no
/// amount. Nothing is expected in return. On each new connection it gets the latest message again.
public final class NetworkDisplay: CustomerDisplay {
    private let keeper: DisplayKeeper

    /// The display at `host` and `port`.
    public init(host: String, port: Int, connector: any StreamConnector, clock: any TerminalClock) {
        keeper = DisplayKeeper(name: "\(host):\(port)", clock: clock) { deadline throws(DeviceError) in
            try await connector.connect(host: host, port: port, deadline: deadline)
        }
    }

    /// Shows it as soon as it can; never waits.
    public func show(_ text: BilingualText, amount: Money?) async {
        keeper.show(Array((Self.json(text, amount) + "\n").utf8))
    }

    /// Whether it is connected.
    public func status() async -> DeviceStatus { keeper.feed.status }
    /// Each time that changes.
    public func changes() -> AsyncStream<DeviceStatus> { keeper.feed.changes() }

    private static func json(_ text: BilingualText, _ amount: Money?) -> String {
        var members = [("chinese", text.chinese), ("english", text.english)]
        if let amount { members += [("amount", "\(amount)"), ("currency", amount.currency.code)] }
        return "{" + members.map { "\"\($0)\":\"\(escaped($1))\"" }.joined(separator: ",") + "}"
    }

    /// Quotes and backslashes need escaping (RFC 8259, 7); control characters have no meaning on a display.
    private static func escaped(_ text: String) -> String {
        DisplayText.clean(text).reduce(into: "") { result, character in
            if character == "\"" || character == "\\" { result += "\\" }
            result.append(character)
        }
    }
}
