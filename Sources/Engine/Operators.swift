public import Payments

/// Decides about the shop's operators: whose PIN may be tried, what a right and a wrong one change, and who may change
/// whom. What it holds must be on the disk before the next step is taken.
public struct Operators: Equatable, Sendable {
    /// One operator.
    public struct Account: Equatable, Sendable {
        /// Its number.
        public let number: OperatorNumber
        /// The salted slow hash of its PIN, in a form that only the store knows.
        public fileprivate(set) var hash: SecretBytes
        /// How often its PIN was tried since it was last right.
        public fileprivate(set) var tries: Int
        /// Whether no PIN is taken any more.
        public var isLocked: Bool { tries >= Operators.allowedTries }

        /// An operator whose PIN has this hash.
        public init(_ number: OperatorNumber, hash: SecretBytes, tries: Int = 0) {
            self.number = number
            self.hash = hash
            self.tries = tries
        }
    }

    /// What may become of an operator.
    public enum Change: String, CaseIterable, Sendable {
        /// Becomes one.
        case add
        /// Is one no longer.
        case remove
        /// Gets another PIN, and is as locked or not as before.
        case changePIN
        /// May try again.
        case unlock
    }

    /// Wrong PINs in a row; the last of them locks.
    public static let allowedTries = 5

    /// The operators by their numbers.
    public private(set) var accounts: [Account] = []

    /// A shop that has set up none.
    public init() {}

    /// The operators of a stored list; nil if one stands there twice, was tried less than never, or if nobody is over
    /// the cashiers.
    public init?(_ accounts: [Account]) {
        guard Set(accounts.map(\.number)).count == accounts.count, accounts.allSatisfy({ $0.tries >= 0 }),
            accounts.isEmpty || accounts.contains(where: { $0.number.role != .cashier })
        else { return nil }
        self.accounts = accounts.sorted { $0.number < $1.number }
    }

    /// The operator `number`, if there is one and its role may do this.
    public func require(
        _ permission: Permission, of number: OperatorNumber?
    ) throws(OperatorRefusal) -> OperatorNumber {
        guard !accounts.isEmpty else { throw .notSetUp }
        guard let number else {
            throw .operatorNeeded([.supervisor, .administrator].filter { $0.role.may(permission) })
        }
        guard number.role.may(permission) else { throw .notAllowed(number, permission) }
        _ = try index(of: number)
        return number
    }

    /// Throws unless `who` may do this to `whom`; nobody has to be named while there is nobody.
    public func require(
        _ change: Change, of whom: OperatorNumber, by who: OperatorNumber?
    ) throws(OperatorRefusal) {
        let isKnown = accounts.contains { $0.number == whom }
        if change == .add {
            guard !accounts.isEmpty else {
                guard whom.role != .cashier else { throw .notSetUp }
                return
            }
            guard !isKnown else { throw .alreadyThere(whom) }
        } else {
            guard isKnown else { throw accounts.isEmpty ? .notSetUp : .unknown(whom) }
        }
        guard let who else { throw .operatorNeeded(managers(of: whom, for: change)) }
        guard managers(of: whom, for: change).contains(who) else { throw .notYours(who, whom) }
        _ = try index(of: who)
        if change == .remove, whom == head { throw .lastOne(whom) }
    }

    /// Counts a try before the PIN is compared, so that no power cut and no full disk gives a try for nothing. Answers
    /// the hash to compare with.
    public mutating func beginTry(of number: OperatorNumber) throws(OperatorRefusal) -> SecretBytes {
        let index = try index(of: number)
        guard !accounts[index].isLocked else {
            throw refusal(afterWrongPINOf: number)
        }
        accounts[index].tries += 1
        return accounts[index].hash
    }

    /// Ends the try that has begun. A right PIN takes the count back; a wrong one is an act for the journal.
    public mutating func endTry(of number: OperatorNumber, isRight: Bool) -> OperatorAct? {
        guard let index = accounts.firstIndex(where: { $0.number == number }) else { return nil }
        if isRight {
            accounts[index].tries = 0
            return nil
        }
        return OperatorAct(number, accounts[index].isLocked ? .locked : .wrongPIN(count: accounts[index].tries))
    }

    /// What to answer after a wrong PIN.
    public func refusal(afterWrongPINOf number: OperatorNumber) -> OperatorRefusal {
        let tries = accounts.first { $0.number == number }?.tries ?? 0
        guard tries < Self.allowedTries else { return .locked(number, by: managers(of: number, for: .unlock)) }
        return .wrongPIN(number, triesLeft: Self.allowedTries - tries)
    }

    /// Changes an operator; `hash` is that of the new PIN, which `add` and `changePIN` take. `who` has proved who it is.
    public mutating func apply(
        _ change: Change, to whom: OperatorNumber, hash: SecretBytes?, by who: OperatorNumber?
    ) throws(OperatorRefusal) -> OperatorAct {
        try require(change, of: whom, by: who)
        let index = accounts.firstIndex { $0.number == whom }
        switch (change, index, hash) {
        case (.add, nil, .some(let hash)):
            let place = accounts.firstIndex { whom < $0.number } ?? accounts.endIndex
            accounts.insert(Account(whom, hash: hash), at: place)
            return OperatorAct(accounts.count == 1 ? nil : who, .added, whom: whom)
        case (.changePIN, .some(let index), .some(let hash)):
            accounts[index].hash = hash
            return OperatorAct(who, .changedPIN, whom: whom)
        case (.remove, .some(let index), _):
            accounts.remove(at: index)
            return OperatorAct(who, .removed, whom: whom)
        case (.unlock, .some(let index), _):
            accounts[index].tries = 0
            return OperatorAct(who, .unlocked, whom: whom)
        default: throw .newPINNeeded(whom)
        }
    }

    /// Who may do this to `whom`. The administrator, while there is one, is over the supervisor; the two unlock each
    /// other, because nobody else could; a PIN is also its owner's to change.
    private func managers(of whom: OperatorNumber, for change: Change) -> [OperatorNumber] {
        var managers: [OperatorNumber] =
            switch (whom.role, change) {
            case (.cashier, _): [.supervisor, .administrator]
            case (.administrator, .unlock): [.supervisor]
            default: [head]
            }
        if change == .changePIN, !managers.contains(whom) { managers.append(whom) }
        return managers
    }

    /// Over all others: there is always one, once the shop is set up.
    private var head: OperatorNumber {
        accounts.last?.number == .administrator ? .administrator : .supervisor
    }

    private func index(of number: OperatorNumber) throws(OperatorRefusal) -> Int {
        guard !accounts.isEmpty else { throw .notSetUp }
        guard let index = accounts.firstIndex(where: { $0.number == number }) else { throw .unknown(number) }
        return index
    }
}
