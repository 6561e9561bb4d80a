/// What the issuer answered, as far as the card is concerned.
public struct OnlineReply: Equatable, Sendable {
    /// Whether it approved.
    public let approved: Bool
    /// Authorisation response code (8A): the two ASCII characters of field 39.
    public let responseCode: [UInt8]
    /// Field 55 of the reply: 91, 71, 72. What is not BER-TLV counts as empty.
    public let chipData: [UInt8]
    /// Authorisation code (89): field 38.
    public let authorizationCode: String?

    /// An answer of these parts; `code` is field 39, `authorizationCode` field 38.
    public init(approved: Bool, code: String, chipData: [UInt8], authorizationCode: String? = nil) {
        self.approved = approved
        responseCode = Array(code.utf8)
        self.chipData = chipData
        self.authorizationCode = authorizationCode
    }
}
