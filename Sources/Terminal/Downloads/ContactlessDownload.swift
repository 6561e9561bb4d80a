import Acquiring
import EMV

/// UnionPay's contactless parameters as a download brings them (F62 of 394): each a switch or a limit, or absent.
struct ContactlessDownload: Equatable, Sendable {
    /// Whether small amounts need no PIN (FF8054).
    private(set) var withoutPIN: Bool?
    /// Up to this amount, minor units (FF8058).
    private(set) var withoutPINLimit: Int64?
    /// Whether small amounts need no signature (FF805A).
    private(set) var withoutSignature: Bool?
    /// Up to this amount, minor units (FF8059).
    private(set) var withoutSignatureLimit: Int64?
    /// Whether verification on the customer's own device counts (FF8057).
    private(set) var onDeviceVerification: Bool?

    /// Nothing.
    init() {}

    /// Takes one parameter; false if this terminal has no use for it.
    mutating func take(_ parameter: Downloaded.ContactlessParameter) throws(ParameterRefusal) -> Bool {
        switch parameter.tag.uppercased() {
        case "FF8054": withoutPIN = try isOn(parameter)
        case "FF8057": onDeviceVerification = try isOn(parameter)
        case "FF8058": withoutPINLimit = try amount(parameter)
        case "FF8059": withoutSignatureLimit = try amount(parameter)
        case "FF805A": withoutSignature = try isOn(parameter)
        default: return false
        }
        return true
    }

    /// A UnionPay combination with these switches and limits in place of its own. A limit counts only where its switch, or
    /// the configuration, has the rule on: without a word from either a PIN is asked for.
    func applied(to combination: Combination) -> Combination {
        var combination = combination
        let rule = combination.smallAmount ?? SmallAmountRule(withoutPIN: nil, withoutSignature: nil)
        func limit(_ isOn: Bool?, _ limit: Int64?, or configured: Int64?) -> Int64? {
            isOn ?? (configured != nil) ? limit ?? configured : nil
        }
        var changed = rule
        changed.withoutPIN = limit(withoutPIN, withoutPINLimit, or: rule.withoutPIN)
        changed.withoutSignature = limit(withoutSignature, withoutSignatureLimit, or: rule.withoutSignature)
        combination.smallAmount = changed.withoutPIN == nil && changed.withoutSignature == nil ? nil : changed
        switch onDeviceVerification {
        case true?: combination.qualifiers.insert(.onDeviceVerification)
        case false?: combination.qualifiers.remove(.onDeviceVerification)
        case nil: break
        }
        return combination
    }

    private func isOn(_ parameter: Downloaded.ContactlessParameter) throws(ParameterRefusal) -> Bool {
        switch parameter.value {
        case [0x30]: return false
        case [0x31]: return true
        default: throw ParameterRefusal("must be 0 or 1")
        }
    }

    private func amount(_ parameter: Downloaded.ContactlessParameter) throws(ParameterRefusal) -> Int64 {
        guard (1...12).contains(parameter.value.count), parameter.value.allSatisfy({ (0x30...0x39).contains($0) })
        else { throw ParameterRefusal("must be up to 12 digits") }
        return parameter.value.reduce(0) { $0 * 10 + Int64($1 - 0x30) }
    }
}
