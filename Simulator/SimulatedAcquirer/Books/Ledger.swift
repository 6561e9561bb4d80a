public import ISO8583
import Payments

/// The acquirer's books: every request it ever answered, what the accounts hold, and what each batch adds up to. A value:
/// a copy stays as it was when it was taken. Looking up and entering take the same time however much it holds.
public struct Ledger: Equatable, Sendable {
    /// What tells one request from all others.
    public struct Key: Hashable, Sendable {
        /// Terminal number, field 41.
        public let terminal: String
        /// Batch, field 60.2.
        public let batch: String
        /// Number, field 11.
        public let stan: String

        /// The request with this number in this batch of this terminal.
        public init(terminal: String, batch: String, stan: String) {
            self.terminal = terminal
            self.batch = batch
            self.stan = stan
        }
    }

    /// All requests in the order they came.
    public internal(set) var entries: [Entry] = []
    /// What each account holds, minor units of CNY. May be negative after an advice, which is not asked about.
    public internal(set) var balances: [String: Int64]
    /// What of it pre-authorisations keep, minor units of CNY.
    public internal(set) var holds: [String: Int64] = [:]
    /// What terminals told of issuers' scripts (DF31), by the request whose reply had the script.
    public internal(set) var scriptResults: [Key: [UInt8]] = [:]
    var batches: [String: [String: Batch]] = [:]
    private var positions: [Key: Int] = [:]
    private var references: [String: Int] = [:]
    private var preAuthorizations: [String: [Int]] = [:]

    /// Empty books over accounts that hold `balances`.
    public init(balances: [String: Int64]) { self.balances = balances }

    // MARK: Questions

    /// The request of this key; the last one if an advice came again after a fault of the system.
    public func entry(_ key: Key) -> Entry? { positions[key].map { entries[$0] } }

    /// Requests that took money and were neither voided nor reversed; those of one terminal if it is named.
    public func openCaptures(terminal: String? = nil) -> [Entry] {
        entries.filter { $0.isCapture && (terminal ?? $0.key.terminal) == $0.key.terminal }
    }

    /// Pre-authorisations that keep money.
    public func openHolds() -> [Entry] {
        entries.filter { $0.kind == .preAuthorization && $0.state == .approved }
    }

    /// What the cardholder has paid for good by this request, in minor units: the amount of a sale or completion that
    /// stands, less its refunds; negative for a refund; 0 for everything else and for what is not there.
    public func captured(_ key: Key) -> Int64 {
        guard let entry = entry(key), entry.state == .approved else { return 0 }
        if entry.kind == .refund { return -entry.amount }
        return entry.isCapture ? entry.amount - entry.refunded : 0
    }

    /// The batch of a terminal; nil if it was never opened.
    public func batch(_ batch: String, terminal: String) -> Batch? { batches[terminal]?[batch] }

    /// What a batch of a terminal adds up to; zeros if it was never opened.
    public func totals(_ batch: String, terminal: String) -> SettlementTotals {
        self.batch(batch, terminal: terminal)?.totals ?? SettlementTotals(domestic: .init(), foreign: .init())
    }

    // MARK: What the host looks up

    /// What the account could pay now.
    func available(_ pan: PAN) -> Int64 {
        let digits = pan.digits
        return balances[digits, default: 0] - holds[digits, default: 0]
    }

    /// The request that was answered with this field 37.
    func entry(reference: String) -> Entry? { references[reference].map { entries[$0] } }

    /// The pre-authorisation with this field 38 that a completion or cancel means: of this account, and this very one
    /// where its batch and number are known. One that is open goes before one that is not.
    func preAuthorization(code: String, pan: PAN, _ original: OriginalTransaction) -> Entry? {
        let candidates = preAuthorizations[code, default: []].map { entries[$0] }.filter { entry in
            let isThisOne = entry.key.batch == original.batch && entry.key.stan == original.trace
            let isUnknown = original.trace == "000000"
            return entry.pan == pan && entry.date == original.date && (isThisOne || isUnknown)
        }
        return candidates.first { $0.state == .approved } ?? candidates.first
    }

    // MARK: Entries

    /// Appends an entry, without its effect.
    mutating func append(_ entry: Entry) {
        positions[entry.key] = entries.count
        if !entry.rrn.isEmpty { references[entry.rrn] = entries.count }
        if entry.kind == .preAuthorization, let code = entry.authorizationCode {
            preAuthorizations[code, default: []].append(entries.count)
        }
        entries.append(entry)
    }

    /// Changes the entry of this key; nothing happens where there is none.
    mutating func change(_ key: Key, _ body: (inout Entry) -> Void) {
        if let position = positions[key] { body(&entries[position]) }
    }

    /// Takes an entry out, without its effect. Slow: every index is made anew.
    mutating func remove(_ key: Key) {
        let kept = entries.filter { $0.key != key }
        entries = []
        positions = [:]
        references = [:]
        preAuthorizations = [:]
        for entry in kept { append(entry) }
    }
}
