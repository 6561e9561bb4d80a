public import HAL
import ISO8583
public import PaymentCryptography
public import Payments
import Synchronization

/// The acquirer as the terminal talks to it: payments in, decisions out. It puts dialect, keys and link together and
/// keeps nothing else; whoever calls it has made durable what must be, and calls one function at a time.
public struct Acquirer: Sendable {
    private let dialect: UnionPayDialect
    private let keys: KeyStore
    private let link: any MessageExchanging
    private let clock: any TerminalClock
    private let observer: @Sendable (AcquirerStep) -> Void

    /// An acquirer behind `link`. `observer` is called at once in each step of each message.
    public init(
        _ dialect: UnionPayDialect, keys: KeyStore, link: any MessageExchanging, clock: any TerminalClock,
        observer: @escaping @Sendable (AcquirerStep) -> Void = { _ in }
    ) {
        self.dialect = dialect
        self.keys = keys
        self.link = link
        self.clock = clock
        self.observer = observer
    }

    /// Whether there are working keys; without them nothing financial can be sent.
    public var isSignedIn: Bool { keys.workingKeys != nil }

    /// The PIN key under the terminal master key, for a PIN pad that has none yet.
    public var pinKey: EncryptedKey? { keys.workingKeys?.pinKey }

    /// The same acquirer with another observer.
    public func observed(by observer: @escaping @Sendable (AcquirerStep) -> Void) -> Acquirer {
        Acquirer(dialect, keys: keys, link: link, clock: clock, observer: observer)
    }

    /// Makes sure that the acquirer can be reached; nothing is sent. So a payment that could not be authorized ends before
    /// the customer is asked for anything.
    public func connect() async throws(AcquiringError) {
        do {
            try await link.connect()
        } catch {
            throw AcquiringError(.unreachable, error.description)
        }
    }

    /// Signs the terminal in (0800): stores the working keys and returns what pad and journal need. `batch` is the last
    /// one known. After an error the former keys are still in force.
    public func signIn(stan: STAN, batch: BatchNumber = .first) async throws(AcquiringError) -> SignInResult {
        guard let masterKey = keys.masterKey else {
            throw AcquiringError(.keyStore, "no terminal master key is loaded")
        }
        let reply = try await manage { () throws(MessageError) in try dialect.signIn(stan: stan, batch: batch) }
        guard let newBatch = dialect.batch(reply) else {
            throw AcquiringError(.badReply, "the sign-in reply names no batch")
        }
        let block = try dialect.workingKeys(reply)
        let working: PaymentCryptography.WorkingKeys
        do throws(CryptographyError) {
            working = try PaymentCryptography.WorkingKeys(
                pinKey: encrypted(block.pin), macKey: encrypted(block.mac), trackKey: block.track.map(encrypted),
                under: masterKey)
        } catch {
            throw AcquiringError(.badKeyBlock, error.description)
        }
        do throws(CryptographyError) {
            try keys.replace(workingKeys: working, at: clock.localTime())
        } catch {
            throw AcquiringError(.keyStore, error.description)
        }
        return SignInResult(batch: newBatch, pinKey: working.pinKey, time: dialect.reply(reply).acquirerTime)
    }

    /// Sends an echo test (0820). Returns when the acquirer has answered 00.
    public func echo(stan: STAN, batch: BatchNumber = .first) async throws(AcquiringError) {
        _ = try await manage { () throws(MessageError) in try dialect.echo(stan: stan, batch: batch) }
    }

    /// Sends a sale (0200) and waits for its answer.
    public func authorize(_ authorization: Authorization, _ credentials: Credentials) async -> AuthorizeResult {
        guard let working = keys.workingKeys else { return .unreachable("not signed in") }
        let answer = await exchange(macKey: working.macKey) { () throws(MessageError) in
            try dialect.sale(authorization, credentials, trackKey: working.trackKey)
        }
        switch answer {
        case .reply(let message): return .replied(dialect.reply(message))
        case .badMAC: return .badMAC
        case .none(let detail): return .noReply(detail)
        case .unsent(let detail): return .unreachable(detail)
        }
    }

    /// Sends the reversal (0400) of a sale. `authorizationCode` and `chip` go along where the sale came so far. It can
    /// be sent again for ever: the acquirer knows a reversal by the sale's number.
    public func reverse(
        _ authorization: Authorization, pan: PAN, reason: ReversalReason, authorizationCode: String? = nil,
        chip: ChipResult? = nil
    ) async -> ReverseResult {
        guard let working = keys.workingKeys else { return .unanswered("not signed in") }
        let answer = await exchange(macKey: working.macKey) { () throws(MessageError) in
            try dialect.reversal(
                of: authorization, pan: pan, reason: reason, authorizationCode: authorizationCode, chip: chip)
        }
        switch answer {
        case .reply(let message): return .answered(ResponseCode(message.text(39) ?? ""))
        case .badMAC: return .unanswered("the reply to the reversal has a wrong MAC")
        case .none(let detail), .unsent(let detail): return .unanswered(detail)
        }
    }

    // MARK: One exchange

    /// How an exchange ended.
    private enum Answer {
        case reply(Message)
        case badMAC
        /// The request may have arrived.
        case none(String)
        /// Nothing left.
        case unsent(String)
    }

    private func manage(
        _ make: () throws(MessageError) -> Frame
    ) async throws(AcquiringError) -> Message {
        switch await exchange(macKey: nil, make) {
        case .reply(let message):
            let code = ResponseCode(message.text(39) ?? "")
            guard code.kind == .approved else {
                throw AcquiringError(.declined, "\(code.code) \(code.text.english)")
            }
            return message
        case .badMAC: throw AcquiringError(.badReply, "wrong MAC")
        case .none(let detail): throw AcquiringError(.noReply, detail)
        case .unsent(let detail): throw AcquiringError(.unreachable, detail)
        }
    }

    private func exchange(macKey: CipherKey?, _ make: () throws(MessageError) -> Frame) async -> Answer {
        let frame: Frame
        do {
            let made = try make()
            frame = if let macKey { try dialect.sealed(made, with: macKey) } else { made }
        } catch {
            return .unsent("the request cannot be made: \(error)")
        }
        let request = frame.message
        let ignored = Mutex<[String]>([])
        do throws(LinkFailure) {
            let reply = try await link.exchange(
                frame.encoded,
                isReply: { [dialect] bytes in
                    guard case .foreign(let why) = dialect.inspect(bytes.dropFirst(2), for: request, macKey: macKey)
                    else { return true }
                    ignored.withLock { if $0.count < Acquirer.mostReasons { $0.append(why) } }
                    return false
                },
                observer: { [observer] in observer(AcquirerStep(request: request.mti, moment: $0)) })
            switch dialect.inspect(reply.dropFirst(2), for: request, macKey: macKey) {
            case .reply(let message): return .reply(message)
            case .badMAC: return .badMAC
            case .unauthenticated: return .none("the reply has no MAC")
            case .foreign(let why): return .none(why)
            }
        } catch {
            let reasons = ignored.withLock { $0 }.map { "; ignored: \($0)" }.joined()
            return error.nothingLeft ? .unsent(error.description) : .none(error.description + reasons)
        }
    }

    /// So many reasons why frames were ignored go into a failure's detail.
    private static let mostReasons = 4

    private func encrypted(_ key: ISO8583.WorkingKeys.Key) -> EncryptedKey {
        EncryptedKey(
            cipherText: key.cipher, checkValue: key.checkValue, algorithm: dialect.options.keySet.algorithm)
    }
}
