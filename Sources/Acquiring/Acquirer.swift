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
        let answer = await exchange(macKey: nil) { () throws(MessageError) in
            try dialect.signIn(stan: stan, batch: batch)
        }
        let (result, working) = try dialect.signedIn(answer, masterKey: masterKey)
        do throws(CryptographyError) {
            try keys.replace(workingKeys: working, at: clock.localTime())
        } catch {
            throw AcquiringError(.keyStore, error.description)
        }
        return result
    }

    /// Sends an echo test (0820). Returns when the acquirer has answered 00.
    public func echo(stan: STAN, batch: BatchNumber = .first) async throws(AcquiringError) {
        _ = try await exchange(macKey: nil) { () throws(MessageError) in
            try dialect.echo(stan: stan, batch: batch)
        }.managementReply()
    }

    /// Sends a sale (0200) and waits for its answer.
    public func authorize(_ authorization: Authorization, _ credentials: Credentials) async -> AuthorizeResult {
        guard let working = keys.workingKeys else { return .unreachable("not signed in") }
        let answer = await exchange(macKey: working.macKey) { () throws(MessageError) in
            try dialect.sale(authorization, credentials, trackKey: working.trackKey)
        }
        return AuthorizeResult(answer, dialect)
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
        return ReverseResult(answer)
    }

    private func exchange(
        macKey: CipherKey?, _ make: () throws(MessageError) -> Frame
    ) async -> Exchange.Answer {
        let exchange: Exchange
        do {
            exchange = try Exchange(make(), in: dialect, macKey: macKey)
        } catch {
            return .unsent("the request cannot be made: \(error)")
        }
        let type = exchange.request.message.mti
        let ignored = Mutex<[String]>([])
        do throws(LinkFailure) {
            let reply = try await link.exchange(
                exchange.request.encoded,
                isReply: { frame in
                    guard let why = exchange.reasonToIgnore(frame) else { return true }
                    ignored.withLock { if $0.count < Acquirer.mostReasons { $0.append(why) } }
                    return false
                },
                observer: { [observer] in observer(AcquirerStep(request: type, moment: $0)) })
            return exchange.answer(reply)
        } catch {
            let reasons = ignored.withLock { $0 }.map { "; ignored: \($0)" }.joined()
            return error.nothingLeft ? .unsent(error.description) : .none(error.description + reasons)
        }
    }

    /// So many reasons why frames were ignored go into a failure's detail.
    private static let mostReasons = 4
}
