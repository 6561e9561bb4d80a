/// Field 60: kind of message, batch, network function, and what the terminal can do. Later parts may be left out.
public struct TransactionType: Equatable, Sendable {
    /// 60.1, two digits: 22 sale, 00 management.
    public var kind: String
    /// 60.2, six digits.
    public var batch: String
    /// 60.3, three digits: 000 financial, 003 sign-in, 201 settlement, 301 echo.
    public var function: String?
    /// 60.4, a digit: 2 stripe, 5 contact chip, 6 contactless.
    public var capability: String?
    /// 60.5, a digit: 0 unused, 1 the last chip transaction went well, 2 fallback after a failed chip read.
    public var chipCondition: String?
    /// 60.6, a digit: 1 when partial approvals and balances are understood.
    public var partialApproval: String?
    /// 60.7, three digits: 048 issuer's points, 065 alliance points.
    public var accountType: String?
    /// Digits after 60.7, as an acquirer's variant has them.
    public var rest: String

    /// A field of these parts; the first that is nil ends it.
    public init(
        kind: String, batch: String, function: String? = nil, capability: String? = nil, chipCondition: String? = nil,
        partialApproval: String? = nil, accountType: String? = nil, rest: String = ""
    ) {
        self.kind = kind
        self.batch = batch
        self.function = function
        self.capability = capability
        self.chipCondition = chipCondition
        self.partialApproval = partialApproval
        self.accountType = accountType
        self.rest = rest
    }

    /// Reads field 60: 8, 11, 12, 13, 14 digits, or 17 and more.
    public init(decoding digits: String) throws(MessageError) {
        var cursor = FieldCursor(digits, "F60")
        kind = try cursor.take(2, "1")
        batch = try cursor.take(6, "2")
        function = try cursor.takeIfPresent(3, "3")
        capability = try cursor.takeIfPresent(1, "4")
        chipCondition = try cursor.takeIfPresent(1, "5")
        partialApproval = try cursor.takeIfPresent(1, "6")
        accountType = try cursor.takeIfPresent(3, "7")
        rest = cursor.takeRest()
    }

    /// Field 60.
    public var encoded: String {
        var text = kind + batch
        for part in [function, capability, chipCondition, partialApproval, accountType] {
            guard let part else { return text }
            text += part
        }
        return text + rest
    }
}
