public import HAL

/// The keys of a simulated reader that takes PINs itself (Simulator/KeyedReader), and the customer at them. What is typed
/// goes to the reader and from it to the card, never to the terminal.
public final class ReaderKeys: Sendable {
    private let server: LoopbackServer

    /// Keys on loopback port `port`, where the reader looks for them. Throws `.busy` for a port in use.
    public init(port: UInt16, customer: @escaping Customer) throws(DeviceError) {
        server = try LoopbackServer(port: port, name: "reader-keys") { received in
            guard let end = received.firstIndex(of: 0x0A) else {
                if received.count > Self.lineLimit { received = [] }
                return []
            }
            let words = String(decoding: received.prefix(end), as: UTF8.self).split(separator: " ")
            received.removeFirst(end + 1)
            guard words.count == 3, words[0] == "pin", let minimum = Int(words[1]), let maximum = Int(words[2]),
                4 <= minimum, minimum <= maximum, maximum <= 12
            else { return [] }
            return switch customer(.readerPIN(minimum...maximum)) {
            case .enters(let digits): Array("enter \(digits)\n".utf8)
            case .cancels: Array("cancel\n".utf8)
            case .bypasses, .chooses, .hangs: []
            }
        }
    }

    deinit { stop() }

    /// Takes the keys away; a reader that asks then hears nothing.
    public func stop() { server.behave(.stopped) }

    private static let lineLimit = 64
}
