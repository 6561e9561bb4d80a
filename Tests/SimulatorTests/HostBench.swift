import HAL
import ISO8583
import PaymentCryptography
import Payments
import SimulatedAcquirer
import SimulatedCards
import Testing
import Wire

/// A host and a terminal made of nothing but the codec: whatever fields a test asks for go out, sealed.
final class HostBench {
    static let terminal = "12345678"
    static let merchant = "123456789012345"
    static let domestic = TestAccount(
        number: "6200000000000013", pin: "123456", cvn2: "123", openingBalance: 1_000_000)
    static let foreign = TestAccount(
        number: "4000000000000002", pin: "111111", cvn2: "456", openingBalance: 1_000_000)

    let faults: FaultScript
    let host: AcquirerHost
    /// The batch that the terminal believes in.
    var batch = "000007"
    /// The last number used.
    var stan = 0
    private(set) var pinKey: CipherKey?
    private(set) var macKey: CipherKey?
    private var counter: UInt16 = 0
    /// Field 60.3 of the sign-in.
    private let keySet: String

    init(
        _ keySet: String = "003", faults: FaultScript = FaultScript(),
        configure: (inout AcquirerHost.Configuration) -> Void = { _ in }
    ) throws {
        self.keySet = keySet
        self.faults = faults
        var configuration = AcquirerHost.Configuration(terminal: Self.terminal, merchant: Self.merchant)
        configuration.batch = batch
        configure(&configuration)
        host = try AcquirerHost(
            configuration, issuer: CardIssuer(accounts: [Self.domestic, Self.foreign]), faults: faults,
            clock: BenchClock(), entropy: BenchEntropy())
        try signIn()
    }

    // MARK: Messages

    /// What a request is made of.
    struct Request {
        var mti: MTI
        var fields: [Int: String]
        var bytes: [Int: [UInt8]] = [:]
        /// First byte of the header.
        var applicationClass: UInt8 = 0x60
        var isSealed = true

        /// With fields changed or, where nil, left out.
        func with(_ changes: [Int: String?]) -> Request {
            var request = self
            for (field, value) in changes {
                request.fields[field] = value
                request.bytes[field] = nil
            }
            return request
        }

        func with(_ field: Int, _ value: [UInt8]) -> Request {
            var request = self
            request.bytes[field] = value
            return request
        }

        var stan: String { fields[11] ?? "" }
    }

    /// How the card comes.
    enum Way { case chip, contactless, stripe, manual, mail }

    /// The request of a kind, with a number of its own.
    func request(
        _ kind: Ledger.Kind, _ amount: Int64 = 8880, way: Way = .chip, account: TestAccount = HostBench.domestic,
        pin: String? = nil
    ) throws -> Request {
        var request = Request(
            mti: kind.mti,
            fields: [
                2: account.number, 3: kind.processingCode, 4: Digits.padded(amount, 12), 11: next(),
                14: account.expiry, 25: condition(kind, way), 41: Self.terminal, 42: Self.merchant, 49: "156",
                60: "\(kind.code)\(batch)00050",
            ])
        let hasCard = ![.completionAdvice, .offlineSettlement, .adjustment, .tip, .offlineSale].contains(kind)
        let asksIssuer = [.sale, .balance, .verification, .preAuthorization].contains(kind)
        let digit = pin == nil ? "2" : "1"
        switch way {
        case .chip, .contactless:
            request.applicationClass = 0x61
            request.fields[22] = (way == .chip ? "05" : "07") + digit
            if hasCard || kind == .offlineSale { request.fields[23] = Digits.padded(account.sequenceNumber, 3) }
            if asksIssuer || kind == .offlineSale {
                request.bytes[55] = try chipData(
                    kind, kind == .balance || kind == .verification ? 0 : amount, account)
            }
        case .stripe: request.fields[22] = "02" + digit
        case .manual, .mail: request.fields[22] = "01" + digit
        }
        if hasCard, way == .chip || way == .stripe {
            request.fields[35] = "\(account.number)=\(account.expiry)\(way == .chip ? "201" : "101")12345"
            request.fields[53] = pin == nil ? "0600000000000000" : "2600000000000000"
        }
        if way == .mail, kind == .sale || kind == .preAuthorization {
            request.bytes[62] = Array("92CV003\(account.cvn2)".utf8)
        }
        if kind == .balance || kind == .verification { request.fields[4] = nil }
        if kind == .refund { request.fields[63] = "000" }
        if kind == .offlineSettlement { request.fields[38] = "VOICE1" }
        if let pin { try enter(pin, account, into: &request) }
        return request
    }

    /// The request of a kind that follows up what was answered with `reply` to `original`.
    func request(
        _ kind: Ledger.Kind, of original: Request, _ reply: Message, _ amount: Int64? = nil, way: Way = .manual,
        account: TestAccount = HostBench.domestic
    ) throws -> Request {
        let value = try #require(amount ?? reply.text(4).flatMap { Int64($0) })
        var request = try request(kind, value, way: way, account: account)
        let numbers = (original.fields[60]?.dropFirst(2).prefix(6) ?? "") + original.stan
        let date = reply.text(13) ?? ""
        switch kind {
        case .refund: request.fields[61] = "000000000000" + date
        case .cancel, .completion, .completionAdvice, .completionVoid: request.fields[61] = numbers + date
        default: request.fields[61] = String(numbers)
        }
        if [.void, .refund, .completionVoid].contains(kind) { request.fields[37] = reply.text(37) }
        if kind != .refund { request.fields[38] = reply.text(38) }
        if kind == .adjustment || kind == .tip { request.fields[48] = "000000000000" }
        if original.fields[25] == "08" || original.fields[25] == "18" { request.fields[25] = original.fields[25] }
        return request
    }

    /// The reversal of a request.
    func reversal(of original: Request, code: String? = nil, reason: String = "98") throws -> Request {
        var request = original
        request.mti = 0x0400
        for field in [26, 35, 36, 37, 38, 52, 53, 62, 63] {
            request.fields[field] = nil
            request.bytes[field] = nil
        }
        request.fields[38] = code
        request.fields[39] = reason
        if let chipData = original.bytes[55] {
            request.bytes[55] = TLV.encode(try TLV.parse(chipData).filter { [0x95, 0x9F10, 0x9F36].contains($0.tag) })
        }
        return request
    }

    /// A management request; field 60.1 is 00.
    func management(_ mti: MTI, _ function: String, _ changes: [Int: String?] = [:]) -> Request {
        var request = Request(
            mti: mti,
            fields: [11: next(), 41: Self.terminal, 42: Self.merchant, 60: "00\(batch)\(function)"])
        request.isSealed = false
        return request.with(changes)
    }

    // MARK: Sending

    /// The reply to a request; nil if none came.
    func send(_ request: Request) throws -> Message? {
        let frame = try frame(request)
        return try host.answer(frame).map { try Frame(decoding: $0.dropFirst(2)).message }
    }

    /// The reply to a request, which must come with the right MAC.
    @discardableResult
    func reply(to request: Request) throws -> Message {
        let reply = try #require(try send(request))
        if request.isSealed, let macKey, reply.text(39) != "A0" {
            let expected = try MessageAuthentication.unionPayECB(macKey, over: reply.macInput)
            #expect(reply.bytes(64).map(Array.init) == expected)
        }
        return reply
    }

    /// Field 39 of the reply.
    func code(_ request: Request) throws -> String? { try reply(to: request).text(39) }

    func frame(_ request: Request) throws -> [UInt8] {
        let table: FieldTable =
            keySet == "005" ? .unionPay.replacing(52, with: .fixed(.binary, 16)) : .unionPay
        var message = Message(request.mti, table: table)
        for (field, value) in request.fields.sorted(by: { $0.key < $1.key }) { try message.set(field, value) }
        for (field, value) in request.bytes.sorted(by: { $0.key < $1.key }) { try message.set(field, value) }
        if request.isSealed {
            try message.set(64, MessageAuthentication.unionPayECB(#require(macKey), over: message.macInput))
        }
        let header = Header(
            applicationClass: request.applicationClass, softwareVersion: 0x31, subVersion: 0x311305)
        return Frame(tpdu: TPDU(destination: 3, source: 0), header: header, message: message).encoded
    }

    /// Signs in and takes keys and batch.
    func signIn() throws {
        let reply = try reply(to: management(0x0800, keySet, [63: "01 "]))
        #expect(reply.text(39) == "00")
        let keys = try WorkingKeys(decoding: #require(reply.bytes(62)))
        let master =
            keySet == "005" ? Self.sm4Master : try CipherKey(PaymentCryptography.TestKeys.terminalMasterKey)
        pinKey = try CipherKey(deciphering: keys.pin.cipher, under: #require(master), expecting: keys.pin.checkValue)
        macKey = try CipherKey(deciphering: keys.mac.cipher, under: #require(master), expecting: keys.mac.checkValue)
        batch = try TransactionType(decoding: #require(reply.text(60))).batch
    }

    static let sm4Master = try? CipherKey([UInt8](1...16), .sm4)

    // MARK: Parts

    func key(_ request: Request) -> Ledger.Key {
        let batch = request.fields[60].map { String($0.dropFirst(2).prefix(6)) } ?? ""
        return Ledger.Key(terminal: Self.terminal, batch: batch, stan: request.stan)
    }

    func state(_ request: Request) -> Ledger.State? { host.ledger.entry(key(request))?.state }

    func balance(_ account: TestAccount = HostBench.domestic) -> Int64? { host.ledger.balances[account.number] }

    func chipData(
        _ kind: Ledger.Kind, _ amount: Int64, _ account: TestAccount, _ type: ChipResult.CryptogramType? = nil
    ) throws -> [UInt8] {
        counter += 1
        let transactionType = try #require(Hex.decode(String(kind.processingCode.prefix(2))).first)
        return try account.chipData(
            amount: Money(minorUnits: amount, .cny), time: BenchClock().localTime(), counter: counter, number: 7,
            transactionType: transactionType, cryptogram: type ?? (kind == .offlineSale ? .tc : .arqc))
    }

    func next() -> String {
        stan += 1
        return Digits.padded(stan, 6)
    }

    private func condition(_ kind: Ledger.Kind, _ way: Way) -> String {
        switch kind {
        case .sale, .void, .refund: way == .mail ? "08" : "00"
        case .preAuthorization, .cancel, .completion, .completionAdvice, .completionVoid: way == .mail ? "18" : "06"
        default: "00"
        }
    }

    private func enter(_ pin: String, _ account: TestAccount, into request: inout Request) throws {
        let block = try PINBlock.encipher(
            SecretBytes(Array(pin.utf8)), pan: PAN(account.number), format: keySet == "005" ? .iso4 : .iso0,
            under: #require(pinKey))
        request.bytes[52] = block.withBytes { Array($0) }
        request.fields[26] = "12"
        request.fields[53] = keySet == "005" ? "2300000000000000" : "2600000000000000"
    }
}

/// A clock that stands.
struct BenchClock: TerminalClock {
    var uptime: Uptime { Uptime(nanoseconds: 0) }
    func localTime() -> LocalDateTime {
        LocalDateTime(year: 2026, month: 3, day: 9, hour: 10, minute: 11, second: 12)
    }
    func wait(until deadline: Uptime) async throws {}
}

/// Bytes that everybody can foretell.
struct BenchEntropy: Entropy {
    func bytes(_ count: Int) throws(DeviceError) -> [UInt8] { (0..<count).map { UInt8(17 * $0 & 0xFE) ^ 0x5A } }
}
