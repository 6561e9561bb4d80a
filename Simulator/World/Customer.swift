import PaymentCryptography
import Payments
import SimulatedCards

/// Somebody with a card, its account and its PIN.
final class Customer {
    static let accounts = [
        TestAccount(number: "6200000000000013", pin: "123456", openingBalance: 1_000_000),
        TestAccount(number: "6200000000000021", pin: "654321", openingBalance: 300_000, issuer: .second),
        TestAccount(number: "6200000000000088", pin: "111222", openingBalance: 10_000_000),
    ]

    private let account: TestAccount
    private let pan: PAN
    private let summary: CardSummary
    private let track: Track2?
    private var counter: UInt16 = 0

    init(_ account: TestAccount) throws {
        self.account = account
        pan = try PAN(account.number).unwrapped()
        track = Track2("\(account.number)=\(account.expiry)22012345")
        summary = CardSummary(
            maskedPAN: pan.masked, expiry: ExpiryDate(yearMonth: account.expiry),
            sequenceNumber: account.sequenceNumber, entryMode: .contactChip, pinEntry: .none, application: nil)
    }

    /// The card asks its issuer about a payment, and the PIN, if one is typed, goes enciphered under the pad's key.
    func authorize(
        _ order: Script.Order, stan: STAN, batch: BatchNumber, time: LocalDateTime, padKey: CipherKey?
    ) throws -> (authorization: Authorization, credentials: Credentials) {
        counter += 1
        var block: SecretBytes?
        if let pin = order.pin, let padKey {
            let digits = pin == .right ? account.pin : "0000"
            block = try PINBlock.encipher(SecretBytes(Array(digits.utf8)), pan: pan, under: padKey)
        }
        let card = CardSummary(
            maskedPAN: summary.maskedPAN, expiry: summary.expiry, sequenceNumber: summary.sequenceNumber,
            entryMode: summary.entryMode, pinEntry: block == nil ? .none : .online, application: nil)
        let authorization = Authorization(
            request: PaymentRequest(id: order.id, amount: order.amount), stan: stan, batch: batch, time: time, card: card,
            chipData: try account.chipData(
                amount: order.amount, time: time, counter: counter, number: UInt32(counter) &* 2_654_435_761))
        return (authorization, Credentials(pan: pan, track2: track, pinBlock: block))
    }
}
