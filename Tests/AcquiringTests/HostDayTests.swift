import Acquiring
import Engine
import HAL
import ISO8583
import PaymentCryptography
import Payments
import SimulatedAcquirer
import SimulatedCards
import Testing
import Wire

/// A day with payments of every kind, as the terminal's dialect says it and the terminal's totals count it, and a host that
/// shares nothing with either but the codec: they must settle, also where the host has lost what it booked.
struct HostDayTests {
    /// How the card comes to a payment.
    enum Way: CaseIterable { case chip, stripe, manual, mailOrder }

    static let asked: [(TransactionKind, Way)] = [
        (.sale, .chip), (.sale, .stripe), (.sale, .manual), (.sale, .mailOrder), (.balance, .chip),
        (.balance, .stripe), (.void, .chip), (.void, .manual), (.void, .mailOrder), (.refund, .stripe),
        (.refund, .mailOrder), (.preauthorization, .chip), (.preauthorization, .mailOrder),
        (.preauthorizationCancel, .chip), (.preauthorizationCancel, .mailOrder), (.completion, .chip),
        (.completion, .manual), (.completion, .mailOrder), (.completionVoid, .stripe), (.completionVoid, .mailOrder),
    ]

    static let told: [(TransactionKind, Way)] = [
        (.completionAdvice, .manual), (.completionAdvice, .chip), (.completionAdvice, .mailOrder),
        (.offlineSale, .chip), (.offlineSettlement, .manual), (.adjustment, .manual), (.tip, .chip), (.tip, .manual),
    ]

    @Test(arguments: [false, true], [false, true])
    func `a day of all kinds settles`(differing: Bool, loses: Bool) throws {
        let desk = try Desk()
        var payments: [PaymentState] = []
        for account in [Desk.domestic, Desk.foreign] {
            desk.account = account
            for (kind, way) in Self.asked {
                let (authorization, reply) = try desk.approved(kind, way) { payments.append($0) }
                let chip = way == .chip && kind == .sale ? try desk.chip(authorization) : nil
                payments.append(try Sample.state(authorization, .approved(reply, chip)))
            }
            for (kind, way) in Self.told {
                let stored = try desk.stored(kind, way) { payments.append($0) }
                #expect(try desk.deliver(.stored, of: stored) == "00")
                payments.append(stored)
            }
        }
        let batch = try #require(BatchNumber(7))
        let balances = desk.host.ledger.balances
        if differing { desk.faults.ask(.differingTotals) }
        if loses {
            // Every seventh that counts, but what others lean on: their originals.
            let originals = Set(desk.host.ledger.entries.compactMap(\.original))
            let lost = desk.host.ledger.entries.filter { $0.kind.side != nil && !originals.contains($0.key) }
            for (index, entry) in lost.enumerated() where index % 7 == 0 { desk.host.lose(entry.key) }
        }
        let settlement = Settlement(
            batch: batch, stan: try desk.next(), totals: Totals(of: payments), supervisor: "00")
        let answer = try desk.send(desk.dialect.settlement(settlement), sealed: false)
        let comparison = try desk.dialect.comparison(answer, of: settlement)
        #expect(comparison.agrees == !(differing || loses))
        for message in UploadPlan.messages(payments, comparison) {
            let frame = try desk.dialect.upload(message, stan: desk.next(), batch: batch) { id in
                payments.first { $0.request.id == id }.flatMap { payment in
                    let isForeign = payment.authorization?.card.origin == .foreign
                    return PAN((isForeign ? Desk.foreign : Desk.domestic).number).map { (payment, $0) }
                }
            }
            guard case .reply(let reply) = try desk.send(frame, sealed: false) else {
                Issue.record("no reply to \(message)")
                continue
            }
            #expect(reply.text(39) == "00", "\(message)")
        }
        let closed = try #require(desk.host.ledger.batch("000007", terminal: "12345678"))
        #expect(closed.isSettled && desk.host.batch == "000008")
        let own = closed.totals
        #expect(own.domestic.debitAmount == Int(settlement.totals.domestic.debit.amount))
        #expect(own.domestic.creditCount == settlement.totals.domestic.credit.count)
        #expect(own.foreign.debitCount == settlement.totals.foreign.debit.count)
        #expect(own.foreign.creditAmount == Int(settlement.totals.foreign.credit.amount))
        #expect(closed.differences.isEmpty == !loses)
        #expect(desk.host.ledger.balances == balances)
    }
}

/// A terminal's dialect on one side, a host on the other.
private final class Desk {
    static let domestic = TestAccount(
        number: "6200000000000013", pin: "123456", cvn2: "123", openingBalance: 1_000_000)
    static let foreign = TestAccount(
        number: "4000000000000002", pin: "123456", cvn2: "123", openingBalance: 1_000_000)

    let host: AcquirerHost
    let faults = FaultScript()
    let dialect: UnionPayDialect
    /// Whose card it is.
    var account = Desk.domestic
    private let keys: PaymentCryptography.WorkingKeys
    private var stan = 0
    private var counter: UInt16 = 0
    private let time: LocalDateTime

    init() throws {
        let clock = StoppedClock()
        time = clock.localTime()
        dialect = try Sample.dialect()
        var configuration = AcquirerHost.Configuration(terminal: "12345678", merchant: "123456789012345")
        configuration.batch = "000007"
        host = try AcquirerHost(
            configuration, issuer: CardIssuer(accounts: [Self.domestic, Self.foreign]), faults: faults, clock: clock,
            entropy: CountingEntropy())
        let exchange = try Exchange(dialect.signIn(stan: .first, batch: .first), in: dialect)
        let answer = exchange.answer(try #require(host.answer(exchange.request.encoded)))
        let master = try CipherKey(PaymentCryptography.TestKeys.terminalMasterKey)
        keys = try dialect.signedIn(answer, masterKey: master).keys
        stan = 1
    }

    func next() throws -> STAN {
        stan += 1
        return try #require(STAN(stan))
    }

    func send(_ frame: Frame, sealed: Bool = true) throws -> Exchange.Answer {
        let exchange = try Exchange(frame, in: dialect, macKey: sealed ? keys.macKey : nil)
        return exchange.answer(try #require(host.answer(exchange.request.encoded)))
    }

    /// A payment of this kind, approved, after what must come before it; `before` gets that.
    func approved(
        _ kind: TransactionKind, _ way: HostDayTests.Way, before: (PaymentState) -> Void = { _ in }
    ) throws -> (Authorization, Reply) {
        let original = try original(kind, way, before)
        let authorization = try authorization(kind, way, original?.amount, original: original?.named)
        let frame = try dialect.request(
            authorization, credentials(authorization, way), trackKey: keys.trackKey)
        guard case .replied(let reply) = AuthorizeResult(try send(frame), dialect) else {
            throw Unanswered(kind: kind)
        }
        #expect(reply.code == "00", "\(kind) \(way)")
        return (authorization, reply)
    }

    /// A payment of this kind that the acquirer is yet to hear of.
    func stored(
        _ kind: TransactionKind, _ way: HostDayTests.Way, before: (PaymentState) -> Void = { _ in }
    ) throws -> PaymentState {
        let original = try original(kind, way, before)
        let amount = original.map { kind == .tip ? $0.amount + 500 : kind == .adjustment ? 700 : $0.amount }
        let authorization = try authorization(kind, way, amount, original: original?.named)
        let outcome: Outcome.Stored = kind == .offlineSale ? .offline : .advice
        return try Sample.state(
            authorization, .stored(outcome, way == .chip && kind == .offlineSale ? chip(authorization) : nil))
    }

    /// Field 39 of the answer to what a payment owes; nil if it says nothing about the payment.
    func deliver(_ delivery: Delivery, of payment: PaymentState) throws -> String? {
        let owed = try #require(PendingDelivery(delivery, of: payment, pan: PAN(account.number)))
        let result = DeliverResult(try send(dialect.delivery(owed)), to: owed, dialect)
        guard case .answered(let reply, let accepted) = result else { return nil }
        #expect(accepted)
        return reply.code
    }

    /// What the chip says at the end of a payment: its certificate.
    func chip(_ authorization: Authorization) throws -> ChipResult {
        let objects = try TLV.parse(chipData(authorization.request.kind, authorization.request.amount, .tc))
        func text(_ tag: TLV.Tag) -> String { objects.first { $0.tag == tag }.map { Hex.encode($0.value) } ?? "" }
        return ChipResult(
            application: CardApplication(aid: "A000000333010101", label: "TEST"), cryptogramType: .tc,
            cryptogram: text(0x9F26), tvr: text(0x95), tsi: "F800", atc: text(0x9F36), cvmResults: "020300",
            issuerApplicationData: text(0x9F10), unpredictableNumber: text(0x9F37), aip: text(0x82),
            sequenceNumber: account.sequenceNumber, terminalCapabilities: "E0E9C8", signatureRequired: false,
            scriptResults: "")
    }

    private func original(
        _ kind: TransactionKind, _ way: HostDayTests.Way, _ before: (PaymentState) -> Void
    ) throws -> (named: Original, amount: Int64)? {
        let origin: TransactionKind? =
            switch kind {
            case .void, .refund, .tip: .sale
            case .preauthorizationCancel, .completion, .completionAdvice: .preauthorization
            case .completionVoid: .completion
            case .adjustment: .offlineSettlement
            case .sale, .balance, .preauthorization, .offlineSale, .offlineSettlement: nil
            }
        if kind == .offlineSettlement { return (Original(date: time.mmdd, authorizationCode: "VOICE1"), 8880) }
        guard let origin else { return nil }
        let payment: PaymentState
        if origin == .offlineSettlement {
            payment = try stored(origin, way, before: before)
            #expect(try deliver(.stored, of: payment) == "00")
        } else {
            let (authorization, reply) = try approved(origin, way == .mailOrder ? .mailOrder : .chip, before: before)
            let chip = way != .mailOrder && origin == .sale ? try chip(authorization) : nil
            payment = try Sample.state(authorization, .approved(reply, chip))
        }
        before(payment)
        let authorization = try #require(payment.authorization)
        let named = Original(
            id: payment.request.id, batch: authorization.batch, stan: authorization.stan,
            date: payment.reply?.acquirerTime?.date ?? time.mmdd, rrn: payment.reply?.rrn,
            authorizationCode: payment.reply?.authorizationCode ?? payment.request.original?.authorizationCode)
        return (named, payment.request.amount.minorUnits)
    }

    private func authorization(
        _ kind: TransactionKind, _ way: HostDayTests.Way, _ amount: Int64?, original: Original?
    ) throws -> Authorization {
        let stan = try next()
        let pan = try #require(PAN(account.number))
        let money = Money(minorUnits: kind == .balance ? 0 : amount ?? 8880, .cny)
        let tip = kind == .tip ? Money(minorUnits: 500, .cny) : nil
        let mode: EntryMode =
            switch way {
            case .chip: .contactChip
            case .stripe: .stripe
            case .manual, .mailOrder: .manual
            }
        let hasPIN = way == .chip || way == .stripe
        return Authorization(
            request: PaymentRequest(
                id: try #require(RequestID(rawValue: "order-\(stan)")), kind: kind, amount: money, tip: tip,
                original: original, channel: way == .mailOrder ? .mailOrder : .counter),
            stan: stan, batch: try #require(BatchNumber(7)), time: time,
            card: CardSummary(
                maskedPAN: pan.masked, expiry: ExpiryDate(yearMonth: account.expiry),
                sequenceNumber: mode == .manual ? nil : account.sequenceNumber, entryMode: mode,
                pinEntry: hasPIN ? .online : .none, application: nil),
            chipData: way == .chip ? try chipData(kind, money, kind == .offlineSale ? .tc : .arqc) : [])
    }

    private func chipData(_ kind: TransactionKind, _ amount: Money, _ type: ChipResult.CryptogramType) throws
        -> [UInt8]
    {
        counter += 1
        let transactionType: UInt8 =
            switch kind {
            case .balance: 0x31
            case .preauthorization: 0x03
            default: 0x00
            }
        return try account.chipData(
            amount: amount, time: time, counter: counter, number: 7, transactionType: transactionType,
            cryptogram: type)
    }

    private func credentials(_ authorization: Authorization, _ way: HostDayTests.Way) throws -> Credentials {
        let pan = try #require(PAN(account.number))
        guard way == .chip || way == .stripe else {
            let asks = authorization.request.kind == .sale || authorization.request.kind == .preauthorization
            return Credentials(
                pan: pan, cvn2: way == .mailOrder && asks ? SecretBytes(Array(account.cvn2.utf8)) : nil)
        }
        let master = try CipherKey(PaymentCryptography.TestKeys.terminalMasterKey)
        let key = try CipherKey(
            deciphering: keys.pinKey.cipherText, under: master, expecting: keys.pinKey.checkValue)
        return Credentials(
            pan: pan, track2: Track2("\(account.number)=\(account.expiry)\(way == .chip ? 2 : 1)0112345"),
            pinBlock: try PINBlock.encipher(SecretBytes(Array(account.pin.utf8)), pan: pan, under: key))
    }

    struct Unanswered: Error { let kind: TransactionKind }
}

private struct StoppedClock: TerminalClock {
    var uptime: Uptime { Uptime(nanoseconds: 0) }
    func localTime() -> LocalDateTime {
        LocalDateTime(year: 2026, month: 3, day: 9, hour: 10, minute: 11, second: 12)
    }
    func wait(until deadline: Uptime) async throws {}
}

private struct CountingEntropy: Entropy {
    func bytes(_ count: Int) throws(DeviceError) -> [UInt8] { (0..<count).map { UInt8(17 * $0 & 0xFE) ^ 0x5A } }
}
