public import Payments

/// The acquirer's books: every authorization it ever answered, and what the accounts hold. A value: a copy stays as it
/// was when it was taken.
public struct Ledger: Equatable, Sendable {
    /// What tells one authorization from all others.
    public struct Key: Hashable, Sendable {
        /// Terminal number, field 41.
        public let terminal: String
        /// Batch, field 60.2.
        public let batch: String
        /// Number, field 11.
        public let stan: String

        /// The authorization with this number in this batch of this terminal.
        public init(terminal: String, batch: String, stan: String) {
            self.terminal = terminal
            self.batch = batch
            self.stan = stan
        }
    }

    /// One authorization.
    public struct Entry: Equatable, Sendable {
        /// Which one.
        public let key: Key
        /// The account it draws on; nil if the acquirer refused it before looking.
        public let pan: PAN?
        /// Minor units of CNY.
        public let amount: Int64
        /// Retrieval reference, field 37.
        public let rrn: String
        /// What became of it.
        public internal(set) var state: State
    }

    /// What becomes of an authorization.
    public enum State: Equatable, Sendable {
        /// The money is taken.
        case approved
        /// It never was; with the code of the answer.
        case declined(code: String)
        /// It was, and was given back; with the reason in field 39 of the reversal.
        case reversed(reason: String)
        /// The reversal was there first: the authorization is refused if it ever comes.
        case cancelledInAdvance
    }

    /// All authorizations in the order they came.
    public private(set) var entries: [Entry] = []
    /// What each account holds, minor units of CNY.
    public private(set) var balances: [String: Int64]
    private var positions: [Key: Int] = [:]

    /// Empty books over accounts that hold `balances`.
    public init(balances: [String: Int64]) { self.balances = balances }

    /// The authorization of this key.
    public func entry(_ key: Key) -> Entry? { positions[key].map { entries[$0] } }

    /// Authorizations that took money and were not reversed; those of one terminal if it is named.
    public func openCaptures(terminal: String? = nil) -> [Entry] {
        entries.filter { $0.state == .approved && (terminal ?? $0.key.terminal) == $0.key.terminal }
    }

    /// Whether the account holds `amount`.
    func covers(_ amount: Int64, _ pan: PAN) -> Bool { balances[pan.digits, default: 0] >= amount }

    /// Enters an answered authorization; an approved one takes its money.
    mutating func enter(_ entry: Entry) {
        positions[entry.key] = entries.count
        entries.append(entry)
        if entry.state == .approved, let pan = entry.pan { balances[pan.digits, default: 0] -= entry.amount }
    }

    /// Gives the money of an approved authorization back.
    mutating func reverse(_ key: Key, reason: String) {
        guard let position = positions[key], entries[position].state == .approved else { return }
        entries[position].state = .reversed(reason: reason)
        if let pan = entries[position].pan { balances[pan.digits, default: 0] += entries[position].amount }
    }
}
