/// Two digits that name an operator: 99 the system administrator, 00 the supervisor, 01 to 98 the cashiers.
public struct OperatorNumber: RawRepresentable, Hashable, Comparable, Codable, Sendable, CustomStringConvertible {
    /// The two digits.
    public let rawValue: String

    /// The operator of these digits, if they are two.
    public init?(rawValue: String) {
        guard rawValue.utf8.count == 2, rawValue.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        self.rawValue = rawValue
    }

    private init(known: String) { rawValue = known }

    /// The system administrator, 99.
    public static let administrator = OperatorNumber(known: "99")
    /// The supervisor, 00.
    public static let supervisor = OperatorNumber(known: "00")

    /// What the number stands for.
    public var role: OperatorRole {
        switch self {
        case .administrator: .administrator
        case .supervisor: .supervisor
        default: .cashier
        }
    }

    /// The two digits.
    public var description: String { rawValue }

    /// 00 before 01.
    public static func < (left: OperatorNumber, right: OperatorNumber) -> Bool { left.rawValue < right.rawValue }
}
