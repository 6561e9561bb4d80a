public import Engine
import FoundationEssentials
public import PaymentCryptography
public import Payments

/// The shop's operators on the disk. Calls come one after the other, so that many who guess at once have no more tries
/// than one; each blocks for as long as a PIN takes to hash, away from the terminal's own thread.
///
/// A try is on the disk before the PIN is compared. An act is in the journal before a change is in the file and before
/// anybody is answered: the journal may name a change that the disk then refused, never miss one.
public actor OperatorStore {
    /// What the file is sealed as.
    public static let label = "tender.operators"

    private let file: SealedFile
    private let cost: PasswordHash.Cost
    private let journal: @Sendable (OperatorAct) throws -> Void

    /// The operators as they are on the disk.
    public private(set) var operators: Operators
    /// Who has the counter; nobody after a start.
    public private(set) var signedOn: OperatorNumber?

    /// The operators in the file at `path`, none if there is no file. `journal` makes each act durable.
    ///
    /// Throws `damagedFile` for a file that was changed or comes from another terminal, `insecureFile` for one that others
    /// could read or change. Such a file stays as it is.
    public init(
        path: String, key: any KeyEncryptionKey, cost: PasswordHash.Cost = .standard,
        journal: @escaping @Sendable (OperatorAct) throws -> Void
    ) throws(CryptographyError) {
        file = SealedFile(path: path, key: key, label: Self.label)
        self.cost = cost
        self.journal = journal
        operators = try Self.read(file)
    }

    /// Allows `permission` with the PIN of `who`: for the cashier `whom`, for `request`. Returns who has allowed it.
    ///
    /// Throws `OperatorRefusal` for an operator who may not, and for a wrong PIN; `CryptographyError`, or what the journal
    /// throws, where the try or the act could not be made durable. Then nothing is allowed.
    @discardableResult
    public func allow(
        _ permission: Permission, by who: OperatorNumber?, pin: OperatorPIN?, whom: OperatorNumber? = nil,
        request: RequestID? = nil
    ) throws -> OperatorNumber {
        let who = try operators.require(permission, of: who)
        try prove(who, pin)
        try journal(OperatorAct(who, .allowed(permission), whom: whom, request: request))
        return who
    }

    /// Changes the operator `whom`, for `who` with the PIN `pin`; the shop's first operator needs neither. `newPIN` is
    /// for a change that gives one.
    ///
    /// Throws as `allow` does. A change that throws has not been made.
    public func change(
        _ change: Operators.Change, of whom: OperatorNumber, newPIN: OperatorPIN? = nil,
        by who: OperatorNumber?, pin: OperatorPIN?
    ) throws {
        try operators.require(change, of: whom, by: who)
        // `require` has let nobody pass unnamed but the one who sets up the first.
        if let who, !operators.accounts.isEmpty { try prove(who, pin) }
        var changed = operators
        let hash = try newPIN.map { try PasswordHash($0.digits, cost: cost).encoded }
        let act = try changed.apply(change, to: whom, hash: hash, by: who)
        try journal(act)
        try save(changed)
        if change == .remove, signedOn == whom { signedOn = nil }
    }

    /// Gives the counter to `number`; whoever had it is signed off. Throws as `allow` does.
    public func signOn(_ number: OperatorNumber, pin: OperatorPIN?) throws {
        _ = try operators.require(.pay, of: number)
        try prove(number, pin)
        try signOff()
        try journal(OperatorAct(number, .signedOn))
        signedOn = number
    }

    /// Takes the counter from whoever has it. Throws what the journal throws.
    public func signOff() throws {
        guard let number = signedOn else { return }
        try journal(OperatorAct(number, .signedOff))
        signedOn = nil
    }

    /// Returns if the PIN is right.
    private func prove(_ number: OperatorNumber, _ pin: OperatorPIN?) throws {
        guard let pin else { throw OperatorRefusal.pinNeeded(number) }
        var tried = operators
        let hash = try tried.beginTry(of: number)
        try save(tried)
        let isRight = try PasswordHash(encoded: hash).matches(pin.digits)
        if let wrong = tried.endTry(of: number, isRight: isRight) {
            try journal(wrong)
            throw tried.refusal(afterWrongPINOf: number)
        }
        try save(tried)
    }

    /// Writes the operators, and has them from then on.
    private func save(_ changed: Operators) throws(CryptographyError) {
        let stored = Stored(
            version: Stored.version,
            operators: changed.accounts.map { account in
                Stored.Account(
                    number: account.number, tries: account.tries,
                    hash: account.hash.withBytes { String(decoding: $0, as: UTF8.self) })
            })
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        guard let contents = try? encoder.encode(stored) else {
            throw CryptographyError(.unusableFile, "\(file.path): JSON")
        }
        try file.replace(SecretBytes(contents))
        operators = changed
    }

    private static func read(_ file: SealedFile) throws(CryptographyError) -> Operators {
        guard let contents = try file.contents() else { return Operators() }
        guard let stored = try? contents.withBytes({ try JSONDecoder().decode(Stored.self, from: Data($0)) }),
            stored.version == Stored.version,
            let operators = Operators(
                stored.operators.map {
                    Operators.Account($0.number, hash: SecretBytes($0.hash.utf8), tries: $0.tries)
                })
        else { throw CryptographyError(.damagedFile, "\(file.path): no whole operator file") }
        for account in operators.accounts where (try? PasswordHash(encoded: account.hash)) == nil {
            throw CryptographyError(.damagedFile, "\(file.path): hash of operator \(account.number)")
        }
        return operators
    }

    /// What is in the file, under its seal.
    private struct Stored: Codable {
        struct Account: Codable {
            let number: OperatorNumber
            let tries: Int
            let hash: String
        }
        static let version = 1
        let version: Int
        let operators: [Account]
    }
}
