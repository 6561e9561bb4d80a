public import Engine
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
    private let demanded: @Sendable (AcquirerDemand) -> Void

    /// An acquirer behind `link`. `observer` is called at once in each step of each message. `demanded` is called with what
    /// a reply asks of the terminal, before the exchange ends; it is to be done after the present transaction.
    public init(
        _ dialect: UnionPayDialect, keys: KeyStore, link: any MessageExchanging, clock: any TerminalClock,
        observer: @escaping @Sendable (AcquirerStep) -> Void = { _ in },
        demanded: @escaping @Sendable (AcquirerDemand) -> Void = { _ in }
    ) {
        self.dialect = dialect
        self.keys = keys
        self.link = link
        self.clock = clock
        self.observer = observer
        self.demanded = demanded
    }

    /// Whether there are working keys; without them nothing financial can be sent.
    public var isSignedIn: Bool { keys.workingKeys != nil }

    /// The PIN key under the terminal master key, for a PIN pad that has none yet.
    public var pinKey: EncryptedKey? { keys.workingKeys?.pinKey }

    /// The same acquirer with other listeners; without `demanded` that one stays.
    public func observed(
        demanded: (@Sendable (AcquirerDemand) -> Void)? = nil, by observer: @escaping @Sendable (AcquirerStep) -> Void
    ) -> Acquirer {
        Acquirer(
            dialect, keys: keys, link: link, clock: clock, observer: observer, demanded: demanded ?? self.demanded)
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

    // MARK: Session

    /// Signs the terminal off (0820). Afterwards only a sign-in makes anything financial possible.
    public func signOff(stan: STAN, batch: BatchNumber) async throws(AcquiringError) {
        try await exchange(macKey: nil) { () throws(MessageError) in
            try dialect.signOff(stan: stan, batch: batch)
        }.approval()
    }

    /// Sends an echo test (0820). Returns when the acquirer has answered 00.
    public func echo(stan: STAN, batch: BatchNumber = .first) async throws(AcquiringError) {
        try await exchange(macKey: nil) { () throws(MessageError) in
            try dialect.echo(stan: stan, batch: batch)
        }.approval()
    }

    /// Tells the acquirer which devices work (0820).
    public func uploadStatus(_ status: DeviceStatus, stan: STAN, batch: BatchNumber) async throws(AcquiringError) {
        try await exchange(macKey: nil) { () throws(MessageError) in
            try dialect.statusUpload(status, stan: stan, batch: batch)
        }.approval()
    }

    /// Fetches all of one kind of data, in as many messages as it takes; each takes a number from `number`. Nothing of a
    /// download that fails is of use.
    public func download(
        _ kind: Download, batch: BatchNumber, number: () async throws -> STAN
    ) async throws -> Downloaded {
        var dialogue = DownloadDialogue(kind)
        while true {
            if let downloaded = dialogue.downloaded { return downloaded }
            let stan = try await number()
            let answer = await exchange(macKey: nil) { () throws(MessageError) in
                try dialogue.request(in: dialect, stan: stan, batch: batch)
            }
            try dialogue.take(answer)
        }
    }

    // MARK: Payments

    /// Sends the request of a payment of any kind and waits for its answer.
    public func authorize(_ authorization: Authorization, _ credentials: Credentials) async -> AuthorizeResult {
        guard let working = keys.workingKeys else { return .unreachable("not signed in") }
        let answer = await exchange(macKey: working.macKey) { () throws(MessageError) in
            try dialect.request(authorization, credentials, trackKey: working.trackKey)
        }
        return AuthorizeResult(answer, dialect)
    }

    /// Sends what a payment owes: a reversal (0400), a stored payment or a script result (0620). It can be sent again for
    /// ever: the acquirer knows it by its number.
    public func deliver(_ delivery: PendingDelivery) async -> DeliverResult {
        guard let working = keys.workingKeys else { return .unanswered("not signed in") }
        let answer = await exchange(macKey: working.macKey) { () throws(MessageError) in
            try dialect.delivery(delivery)
        }
        return DeliverResult(answer, to: delivery, dialect)
    }

    // MARK: Settlement

    /// Tells the totals of a batch (0500) and returns what the acquirer found.
    public func settle(_ settlement: Settlement) async throws(AcquiringError) -> Settlement.Comparison {
        let answer = await exchange(macKey: nil) { () throws(MessageError) in
            try dialect.settlement(settlement)
        }
        return try dialect.comparison(answer, of: settlement)
    }

    /// Sends one message of the upload (0320). `sealed` finds a payment and its account number.
    public func upload(
        _ message: UploadMessage, stan: STAN, batch: BatchNumber,
        sealed: (RequestID) -> (payment: PaymentState, pan: PAN)?
    ) async -> DeliverResult {
        let answer = await exchange(macKey: nil) { () throws(MessageError) in
            try dialect.upload(message, stan: stan, batch: batch, sealed: sealed)
        }
        return DeliverResult(uploaded: answer, dialect)
    }

    // MARK: Exchange

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
            if let demand = exchange.demand(reply) { demanded(demand) }
            return exchange.answer(reply)
        } catch {
            let reasons = ignored.withLock { $0 }.map { "; ignored: \($0)" }.joined()
            return error.nothingLeft ? .unsent(error.description) : .none(error.description + reasons)
        }
    }

    /// So many reasons why frames were ignored go into a failure's detail.
    private static let mostReasons = 4
}
