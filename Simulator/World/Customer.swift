import PaymentCryptography
import Payments
import SimulatedCards
import Wire

/// Somebody with a card, its account and its PIN.
final class Customer {
    static let accounts = [
        TestAccount(number: "6200000000000013", pin: "123456", openingBalance: 10_000_000),
        TestAccount(number: "6200000000000021", pin: "654321", openingBalance: 300_000, issuer: .second),
        TestAccount(number: "6200000000000088", pin: "111222", openingBalance: 100_000_000),
        TestAccount(number: "4000000000000036", pin: "333444", openingBalance: 10_000_000),
    ]
    /// Accounts that pay a part where they cannot pay all.
    static let partlyApproved: Set<String> = ["6200000000000021"]

    /// What a card is read for.
    struct Reading {
        let request: PaymentRequest
        let order: Order
        let stan: STAN
        let batch: BatchNumber
        let attempt: Int
        let time: LocalDateTime
        /// The PIN pad's key; nil where there is no pad.
        let padKey: CipherKey?
    }

    let pan: PAN
    private let account: TestAccount
    private let expiry: ExpiryDate?
    private let track: Track2?
    private let application = CardApplication(aid: "A000000333010101", label: "UNIONPAY")
    private var counter: UInt16 = 0

    init(_ account: TestAccount) throws {
        self.account = account
        pan = try PAN(account.number).unwrapped()
        track = Track2("\(account.number)=\(account.expiry)22012345")
        expiry = ExpiryDate(yearMonth: account.expiry)
    }

    /// The card asks its issuer about a payment, and the PIN, if one is typed, goes enciphered under the pad's key. Or it
    /// has approved by itself, with a certificate.
    func read(
        _ reading: Reading, _ cryptogram: ChipResult.CryptogramType
    ) throws -> (authorization: Authorization, credentials: Credentials) {
        counter += 1
        var block: SecretBytes?
        if let wrong = reading.order.wrongPINs, cryptogram == .arqc, let padKey = reading.padKey {
            let digits = reading.attempt > wrong ? account.pin : "0000"
            block = try PINBlock.encipher(SecretBytes(Array(digits.utf8)), pan: pan, under: padKey)
        }
        let chipData = try account.chipData(
            amount: reading.request.amount, time: reading.time, counter: counter,
            number: UInt32(counter) &* 2_654_435_761,
            transactionType: reading.request.kind.transactionType, cryptogram: cryptogram)
        return (
            authorization(reading, .contactChip, block == nil ? .none : .online, chipData),
            Credentials(pan: pan, track2: track, pinBlock: block)
        )
    }

    /// The card's numbers are typed.
    func type(_ reading: Reading) -> (authorization: Authorization, credentials: Credentials) {
        let asksIssuer = reading.request.channel == .mailOrder && reading.request.original == nil
        return (
            authorization(reading, .manual, .none, []),
            Credentials(pan: pan, cvn2: asksIssuer ? SecretBytes(Array(account.cvn2.utf8)) : nil)
        )
    }

    /// The card's numbers come from the journal.
    func recall(_ reading: Reading, of original: Authorization) -> Authorization {
        authorization(reading, .manual, .none, [], of: original.card)
    }

    private func authorization(
        _ reading: Reading, _ mode: EntryMode, _ pinEntry: PINEntry, _ chipData: [UInt8], of card: CardSummary? = nil
    ) -> Authorization {
        Authorization(
            request: reading.request, stan: reading.stan, batch: reading.batch, time: reading.time,
            card: CardSummary(
                maskedPAN: card?.maskedPAN ?? pan.masked, expiry: card?.expiry ?? expiry,
                sequenceNumber: mode == .contactChip ? account.sequenceNumber : nil, entryMode: mode,
                pinEntry: pinEntry, application: mode == .contactChip ? application : nil),
            chipData: chipData, attempt: reading.attempt)
    }

    /// What the card leaves behind when all is said: a certificate if it agrees.
    func complete(_ authorization: Authorization, agreed: Bool, scripts: Bool) throws -> ChipResult {
        let type: ChipResult.CryptogramType = agreed ? .tc : .aac
        let chipData = try account.chipData(
            amount: authorization.request.amount, time: authorization.time, counter: counter,
            number: UInt32(counter) &* 2_654_435_761, transactionType: authorization.request.kind.transactionType,
            cryptogram: type)
        let objects = try TLV.parse(chipData)
        func value(_ tag: TLV.Tag) -> String { objects.first { $0.tag == tag }.map { Hex.encode($0.value) } ?? "" }
        return ChipResult(
            application: application, cryptogramType: type, cryptogram: value(0x9F26), tvr: value(0x95), tsi: "F800",
            atc: value(0x9F36), cvmResults: "420300", issuerApplicationData: value(0x9F10),
            unpredictableNumber: value(0x9F37), aip: value(0x82), sequenceNumber: account.sequenceNumber,
            terminalCapabilities: "E0E1C8", signatureRequired: false, scriptResults: scripts ? "2000000001" : "")
    }
}

extension TransactionKind {
    /// Tag 9C: the first two digits of field 3.
    fileprivate var transactionType: UInt8 {
        switch self {
        case .preauthorization: 0x03
        case .balance: 0x31
        default: 0x00
        }
    }
}
