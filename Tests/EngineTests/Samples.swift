import Payments
import Testing

@testable import Engine

/// Values that the tests of the machines share.
enum Samples {
    static let time = LocalDateTime(year: 2026, month: 11, day: 22, hour: 9, minute: 30, second: 0)
    static let failure = PaymentFailure(.noReply, "no reply")
    static let unreachable = PaymentFailure(.acquirerUnreachable, "no line")
    static let approval = reply("00")
    static let refusal = reply("51")

    static func reply(_ code: String, amount: Int64? = nil) -> Reply {
        Reply(
            verdict: ["00", "10"].contains(code) ? .approved : .declined, code: code,
            text: BilingualText("应答", "Reply \(code)"), amount: amount.map { Money(minorUnits: $0, .cny) })
    }

    static func id(_ text: String) -> RequestID {
        guard let id = RequestID(rawValue: text) else { preconditionFailure("\(text) is no id") }
        return id
    }

    static func stan(_ value: Int) -> STAN {
        guard let stan = STAN(value) else { preconditionFailure("\(value) is no number") }
        return stan
    }

    static func batch(_ value: Int) -> BatchNumber {
        guard let batch = BatchNumber(value) else { preconditionFailure("\(value) is no batch") }
        return batch
    }

    static func request(
        _ kind: TransactionKind = .sale, _ id: String = "R1", _ amount: Int64 = 8880, tip: Int64? = nil,
        of original: String? = nil, _ currency: Currency = .cny
    ) -> PaymentRequest {
        PaymentRequest(
            id: Samples.id(id), kind: kind, amount: Money(minorUnits: amount, currency),
            tip: tip.map { Money(minorUnits: $0, currency) },
            original: original.map { Original(id: Samples.id($0), date: "1122") })
    }

    static func authorization(
        _ request: PaymentRequest, attempt: Int = 1, stan: Int? = nil, batch: Int = 1, pan: String = "621700******0001",
        mode: EntryMode = .contactChip, pin: PINEntry = .online
    ) -> Authorization {
        Authorization(
            request: request, stan: Samples.stan(stan ?? attempt), batch: Samples.batch(batch), time: time,
            card: CardSummary(
                maskedPAN: pan, expiry: ExpiryDate(yearMonth: "3012"), sequenceNumber: 1, entryMode: mode,
                pinEntry: pin,
                application: nil),
            chipData: [0x9F, 0x36, 0x02, 0x00, 0x01], attempt: attempt)
    }

    static func chip(_ type: ChipResult.CryptogramType = .tc, tvr: String = "0000000000") -> ChipResult {
        ChipResult(
            application: CardApplication(aid: "A000000333010101", label: "PBOC DEBIT"), cryptogramType: type,
            cryptogram: "0123456789ABCDEF", tvr: tvr, tsi: "F800", atc: "001C", cvmResults: "020300",
            issuerApplicationData: "0701", unpredictableNumber: "89ABCDEF", aip: "7C00", sequenceNumber: 1,
            terminalCapabilities: "E0E9C8", signatureRequired: false, scriptResults: "")
    }

    /// A payment as the journal tells of it: taken, then these records.
    static func payment(_ request: PaymentRequest, _ records: Record...) throws -> PaymentState {
        try #require(PaymentState(entries([.accepted(request)] + records)))
    }

    /// A payment that asked its acquirer and ended so.
    static func payment(
        _ request: PaymentRequest, _ outcome: Outcome, reversal: ReversalReason? = nil, stan: Int = 1, batch: Int = 1,
        pan: String = "621700******0001", mode: EntryMode = .contactChip, then records: Record...
    ) throws -> PaymentState {
        let authorization = authorization(request, stan: stan, batch: batch, pan: pan, mode: mode)
        let end = Record.finished(request.id, outcome, reversal: reversal, scriptNumber: nil)
        return try #require(
            PaymentState(entries([.accepted(request), .authorization(authorization), end] + records)))
    }

    static func entries(_ records: [Record]) -> [Entry] {
        records.enumerated().map { Entry(sequence: $0 + 1, time: time, record: $1, hash: []) }
    }
}
