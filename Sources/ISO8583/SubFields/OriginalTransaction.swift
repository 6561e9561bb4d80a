/// Field 61: the transaction that a void, refund, completion or reversal belongs to. Later parts may be left out.
public struct OriginalTransaction: Equatable, Sendable {
    /// Batch, six digits; zeros where unknown.
    public var batch: String
    /// Trace number, six digits; zeros where unknown.
    public var trace: String
    /// Date, MMDD.
    public var date: String?
    /// How the original was authorised, two digits.
    public var authorizationMode: String?
    /// The institution that authorised it, 11 digits.
    public var institution: String?

    /// A reference of these parts; the first that is nil ends it.
    public init(
        batch: String, trace: String, date: String? = nil, authorizationMode: String? = nil, institution: String? = nil
    ) {
        self.batch = batch
        self.trace = trace
        self.date = date
        self.authorizationMode = authorizationMode
        self.institution = institution
    }

    /// Reads field 61: 12, 16, 18 or 29 digits.
    public init(decoding digits: String) throws(MessageError) {
        var cursor = FieldCursor(digits, "F61")
        batch = try cursor.take(6, "1")
        trace = try cursor.take(6, "2")
        date = try cursor.takeIfPresent(4, "3")
        authorizationMode = try cursor.takeIfPresent(2, "4")
        institution = try cursor.takeIfPresent(11, "5")
        try cursor.expectEnd()
    }

    /// Field 61.
    public var encoded: String {
        var text = batch + trace
        for part in [date, authorizationMode, institution] {
            guard let part else { return text }
            text += part
        }
        return text
    }
}
