public import Payments

/// Why an operator may not do something. Never holds a PIN (M8).
public enum OperatorRefusal: Error, Equatable, Sendable, CustomStringConvertible {
    /// The shop has no operators yet.
    case notSetUp
    /// No operator has this number.
    case unknown(OperatorNumber)
    /// An operator has this number already.
    case alreadyThere(OperatorNumber)
    /// The PIN is wrong; so many tries are left.
    case wrongPIN(OperatorNumber, triesLeft: Int)
    /// Too many wrong PINs; one of these may unlock.
    case locked(OperatorNumber, by: [OperatorNumber])
    /// The operator's role may not do this.
    case notAllowed(OperatorNumber, Permission)
    /// One of these must allow it with a PIN.
    case operatorNeeded([OperatorNumber])
    /// The first may not change the account of the second.
    case notYours(OperatorNumber, OperatorNumber)
    /// Nobody would be left over the others.
    case lastOne(OperatorNumber)
    /// The operator's own PIN is missing.
    case pinNeeded(OperatorNumber)
    /// The change needs a new PIN.
    case newPINNeeded(OperatorNumber)

    /// What is wrong and what to do.
    public var description: String {
        switch self {
        case .notSetUp: "this shop has set up no operators: run tenderctl operators add 00"
        case .unknown(let number): "there is no operator \(number): see tenderctl operators list"
        case .alreadyThere(let number): "operator \(number) is there already"
        case .wrongPIN(let number, let left): "wrong PIN of operator \(number); \(left) more until it is locked"
        case .locked(let number, let managers):
            "operator \(number) is locked after wrong PINs; operator \(Self.list(managers)) can unlock it: "
                + "tenderctl operators unlock \(number)"
        case .notAllowed(let number, let permission):
            "operator \(number) (\(number.role.rawValue)) may not do this (\(permission.rawValue)): it needs the "
                + OperatorRole.allCases.filter { $0.may(permission) }.map(\.rawValue).joined(separator: " or ")
        case .operatorNeeded(let managers): "needs the PIN of operator \(Self.list(managers))"
        case .notYours(let who, let whom): "operator \(who) may not change operator \(whom)"
        case .lastOne(let number): "operator \(number) is over all others and cannot be removed"
        case .pinNeeded(let number): "needs the PIN of operator \(number)"
        case .newPINNeeded(let number): "operator \(number) needs a new PIN"
        }
    }

    /// What the cashier reads.
    public var text: BilingualText {
        switch self {
        case .notSetUp: BilingualText("未设置操作员", "No operators are set up")
        case .unknown: BilingualText("操作员不存在", "Unknown operator")
        case .alreadyThere: BilingualText("操作员已存在", "The operator is there already")
        case .wrongPIN: BilingualText("操作员密码错误", "Wrong operator PIN")
        case .locked: BilingualText("操作员已锁定", "The operator is locked")
        case .notAllowed(_, .configure): BilingualText("需要系统管理员授权", "An administrator must allow it")
        case .notAllowed, .notYours, .operatorNeeded: BilingualText("需要主管授权", "A supervisor must allow it")
        case .lastOne: BilingualText("不能删除该操作员", "This operator cannot be removed")
        case .pinNeeded, .newPINNeeded: BilingualText("请输入操作员密码", "Enter the operator PIN")
        }
    }

    private static func list(_ numbers: [OperatorNumber]) -> String {
        numbers.map(\.rawValue).joined(separator: " or ")
    }
}
