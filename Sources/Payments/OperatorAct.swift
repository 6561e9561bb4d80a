/// One act of an operator, for the journal. It never holds a PIN (M8).
public struct OperatorAct: Hashable, Sendable {
    /// What an operator did, or what befell him.
    public enum Deed: Hashable, Sendable {
        /// Took the counter.
        case signedOn
        /// Left it.
        case signedOff
        /// Somebody entered a wrong PIN for this operator, the `count`th in a row.
        case wrongPIN(count: Int)
        /// Somebody entered the wrong PIN that locked this operator.
        case locked
        /// Let `whom` try again.
        case unlocked
        /// Gave `whom` a new PIN.
        case changedPIN
        /// Made `whom` an operator.
        case added
        /// `whom` is an operator no longer.
        case removed
        /// Allowed this with a PIN: for the cashier `whom`, for `request`.
        case allowed(Permission)
    }

    /// Who; nil for whoever set up the first operator of the shop.
    public let who: OperatorNumber?
    /// What.
    public let deed: Deed
    /// For whom, or to whom.
    public let whom: OperatorNumber?
    /// The request it was about.
    public let request: RequestID?

    /// The act of these parts.
    public init(
        _ who: OperatorNumber?, _ deed: Deed, whom: OperatorNumber? = nil, request: RequestID? = nil
    ) {
        self.who = who
        self.deed = deed
        self.whom = whom
        self.request = request
    }
}

extension OperatorAct: CustomStringConvertible {
    /// A line for people: `00: allowed takeBack for 01, request R-1`.
    public var description: String {
        let to = whom.map { " \($0)" } ?? ""
        let about = request.map { ", request \($0)" } ?? ""
        let words =
            switch deed {
            case .signedOn: "signed on"
            case .signedOff: "signed off"
            case .wrongPIN(let count): "wrong PIN, number \(count)"
            case .locked: "wrong PIN, locked"
            case .unlocked: "unlocked\(to)"
            case .changedPIN: "changed the PIN of\(to)"
            case .added: "added\(to)"
            case .removed: "removed\(to)"
            case .allowed(let permission): "allowed \(permission.rawValue)" + (whom.map { " for \($0)" } ?? "")
            }
        return "\(who.map { "\($0)" } ?? "set-up"): \(words)\(about)"
    }
}
