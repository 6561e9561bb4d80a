import Acquiring
import Glibc
import HAL
import ISO8583
import PaymentCryptography
import Payments
import SimulatedAcquirer
import SimulatedCards
import Synchronization
import SystemDriver
import Testing
import Wire

/// A terminal's acquirer, keys and PIN pad on one side, the simulated host on the other; between them a function call,
/// or whatever link is given. Its key file is gone when it is.
final class Shop {
    let faults = FaultScript()
    let host: AcquirerHost
    let keys: KeyStore
    let loop: LoopLink
    let acquirer: Acquirer
    let steps = AcquirerSteps()
    private let dialect: UnionPayDialect
    private let link: any MessageExchanging
    private let directory: String
    private(set) var batch = BatchNumber.first
    private var pinKey: CipherKey?
    private var card: SimulatedCard
    private let account: TestAccount
    private let aid: [UInt8]

    init(
        card profile: CardProfile = CardLibrary.unionPayDebit,
        link makeLink: ((AcquirerHost, FaultScript) throws -> any MessageExchanging)? = nil,
        options change: (inout DialectOptions) -> Void = { _ in },
        host configure: (inout AcquirerHost.Configuration) -> Void = { _ in }
    ) throws {
        var template = Array("/tmp/shop-XXXXXX".utf8CString)
        directory = String(cString: try #require(mkdtemp(&template)))
        let clock = SystemClock()
        var configuration = AcquirerHost.Configuration(terminal: "12345678", merchant: "123456789012345")
        configuration.batch = "000007"
        configure(&configuration)
        host = try AcquirerHost(configuration, faults: faults, clock: clock, entropy: SystemEntropy())
        keys = try KeyStore(
            path: "\(directory)/keys", keyEncryptionKey: FileKeyEncryptionKey(path: "\(directory)/kek"))
        let master = try CipherKey(PaymentCryptography.TestKeys.terminalMasterKey)
        try keys.load(masterKey: master, at: clock.localTime())
        loop = LoopLink(host)
        dialect = try Sample.dialect(change)
        link = try makeLink?(host, faults) ?? loop
        acquirer = Acquirer(dialect, keys: keys, link: link, clock: clock) { [steps] in steps.note($0) }
        card = try SimulatedCard(profile)
        let application = try #require(profile.applications.first)
        account = application.account
        aid = application.aid
    }

    deinit {
        for name in ["keys", "kek"] { unlink("\(directory)/\(name)") }
        rmdir(directory)
    }

    /// The acquirer as the terminal has it after a restart: the keys come from the disk.
    func restarted() throws -> Acquirer {
        let keys = try KeyStore(
            path: "\(directory)/keys", keyEncryptionKey: FileKeyEncryptionKey(path: "\(directory)/kek"))
        return Acquirer(dialect, keys: keys, link: link, clock: SystemClock())
    }

    /// Signs in, and gives the PIN key to the pad.
    func signIn(stan: Int = 1) async throws {
        let result = try await acquirer.signIn(stan: #require(STAN(stan)))
        batch = result.batch
        let master = try CipherKey(PaymentCryptography.TestKeys.terminalMasterKey)
        pinKey = try CipherKey(
            deciphering: result.pinKey.cipherText, under: master, expecting: result.pinKey.checkValue)
    }

    /// A sale with the card in the slot, up to its first cryptogram.
    func sale(
        stan: Int, amount: Int64 = 8880, pin: String? = nil, change: (inout [UInt8]) -> Void = { _ in }
    ) throws -> (authorization: Authorization, credentials: Credentials) {
        var chipData = try cryptogram(amount)
        change(&chipData)
        let pan = try #require(PAN(account.number))
        let authorization = Authorization(
            request: PaymentRequest(
                id: try #require(RequestID(rawValue: "order-\(stan)")), amount: Money(minorUnits: amount, .cny)),
            stan: try #require(STAN(stan)), batch: batch, time: SystemClock().localTime(),
            card: CardSummary(
                maskedPAN: pan.masked, expiry: ExpiryDate(yearMonth: account.expiry),
                sequenceNumber: account.sequenceNumber, entryMode: .contactChip, pinEntry: .online, application: nil),
            chipData: chipData)
        let block = try PINBlock.encipher(
            SecretBytes(Array((pin ?? account.pin).utf8)), pan: pan, under: #require(pinKey))
        return (
            authorization,
            Credentials(
                pan: pan, track2: Track2("\(account.number)=\(account.expiry)22012345"), pinBlock: block)
        )
    }

    /// Reverses a sale that came to nothing.
    func reverse(
        _ sale: (authorization: Authorization, credentials: Credentials), _ reason: ReversalReason,
        through other: Acquirer? = nil
    ) async throws -> DeliverResult {
        let payment = try Sample.state(
            sale.authorization, .failed(PaymentFailure(.noReply, "no reply")), reversal: reason)
        let delivery = try #require(PendingDelivery(.reversal, of: payment, pan: sale.credentials.pan))
        return await (other ?? acquirer).deliver(delivery)
    }

    /// What the card says to the issuer's answer.
    func cardAccepts(_ chipData: [UInt8]) throws -> Bool {
        let data = try #require(try TLV.find(0x91, in: chipData))
        return try transmit([0x00, 0x82, 0x00, 0x00, 0x0A] + data.value).isEmpty
    }

    /// SELECT, GET PROCESSING OPTIONS, GENERATE AC for an ARQC; then the objects of field 55.
    private func cryptogram(_ amount: Int64) throws -> [UInt8] {
        card.reset()
        _ = try transmit([0x00, 0xA4, 0x04, 0x00, UInt8(aid.count)] + aid + [0x00])
        let options = try transmit([0x80, 0xA8, 0x00, 0x00, 0x02, 0x83, 0x00, 0x00])
        let now = try Hex.decode(SystemClock().localTime().yymmdd)
        let number = try RandomBytes.make(4)
        let terminal: [(TLV.Tag, [UInt8])] = [
            (0x9F02, try BCD.encode(Digits.padded(amount, 12))), (0x9F03, [UInt8](repeating: 0, count: 6)),
            (0x9F1A, [0x01, 0x56]), (0x95, [0x00, 0x00, 0x04, 0x80, 0x00]), (0x5F2A, [0x01, 0x56]), (0x9A, now),
            (0x9C, [0x00]), (0x9F37, number),
        ]
        let data = terminal.flatMap(\.1) + [UInt8](repeating: 0, count: 23)
        let answer = try transmit([0x80, 0xAE, 0x80, 0x00, UInt8(data.count)] + data + [0x00])
        let body = try #require(TLV.parse(answer).first).value
        let profile = try #require(TLV.parse(options).first).value.prefix(2)
        let own: [(TLV.Tag, [UInt8])] = [
            (0x9F27, Array(body.prefix(1))), (0x9F36, Array(body.dropFirst(1).prefix(2))),
            (0x9F26, Array(body.dropFirst(3).prefix(8))), (0x9F10, Array(body.dropFirst(11))), (0x82, Array(profile)),
        ]
        return TLV.encode((own + terminal).map { TLV($0.0, $0.1) })
    }

    private func transmit(_ command: [UInt8]) throws -> [UInt8] {
        guard case .response(let bytes) = card.handle(command), bytes.suffix(2) == [0x90, 0x00] else {
            throw CardRefused()
        }
        return bytes.dropLast(2)
    }

    struct CardRefused: Error {}
}

/// A link that is a function call, and that can lose what goes either way.
final class LoopLink: MessageExchanging {
    enum Trouble: Equatable { case none, unreachable, requestLost, replyLost }

    private let host: any FrameHandler
    private let state = Mutex((trouble: Trouble.none, frames: [[UInt8]]()))

    init(_ host: any FrameHandler) { self.host = host }

    /// What happens to every exchange from now on.
    func set(_ trouble: Trouble) { state.withLock { $0.trouble = trouble } }
    /// Every frame that went either way.
    var frames: [[UInt8]] { state.withLock { $0.frames } }

    func connect() async throws(LinkFailure) {}

    func exchange(
        _ request: [UInt8], isReply: @escaping @Sendable ([UInt8]) -> Bool,
        observer: @escaping @Sendable (LinkStep) -> Void
    ) async throws(LinkFailure) -> [UInt8] {
        let trouble = state.withLock { $0.trouble }
        if trouble == .unreachable { throw .unreachable(LinkError(.refused)) }
        observer(.aboutToSend)
        state.withLock { $0.frames.append(request) }
        observer(.sent)
        guard trouble != .requestLost, let reply = host.answer(request), trouble != .replyLost else {
            throw .noReply(LinkError(.timeout))
        }
        state.withLock { $0.frames.append(reply) }
        guard isReply(reply) else {
            observer(.ignored)
            throw .noReply(LinkError(.timeout))
        }
        observer(.received)
        return reply
    }
}

/// The steps an acquirer reported, in order, in words.
final class AcquirerSteps: Sendable {
    private let steps = Mutex<[String]>([])

    var all: [String] { steps.withLock { $0 } }

    func note(_ step: AcquirerStep) { steps.withLock { $0.append("\(step.request) \(step.moment)") } }
}
