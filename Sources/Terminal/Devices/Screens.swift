import HAL
import Payments

/// Displays beside the PIN pad's. Each shows the newest message as soon as it can, and none keeps a payment waiting (M10).
final class Screens: Sendable {
    private typealias Message = (text: BilingualText, amount: Money?)
    private let boxes: [AsyncStream<Message>.Continuation]

    init(_ displays: [any CustomerDisplay]) {
        boxes = displays.map { display in
            let (messages, box) = AsyncStream.makeStream(of: Message.self, bufferingPolicy: .bufferingNewest(1))
            Task { for await message in messages { await display.show(message.text, amount: message.amount) } }
            return box
        }
    }

    deinit { for box in boxes { box.finish() } }

    /// Has all of them show a message.
    func show(_ text: BilingualText, amount: Money?) { for box in boxes { box.yield((text, amount)) } }
}
