public import ISO8583
public import Payments

/// What acquirers who speak UnionPay's dialect do differently. The defaults are this project's choices; another
/// acquirer's habit is another value here.
public struct DialectOptions: Sendable {
    /// Which working keys a sign-in asks for.
    public enum KeySet: String, CaseIterable, Sendable {
        /// Single DES keys: 60.3 = 001, 24 bytes.
        case singleLength = "001"
        /// Double-length keys: 003, 40 bytes.
        case doubleLength = "003"
        /// Double-length keys and one for tracks: 004, 60 bytes.
        case doubleLengthWithTrackKey = "004"
        /// SM4 keys: 005, 40 bytes.
        case sm4 = "005"
        /// SM4 keys and one for tracks: 006, 60 bytes.
        case sm4WithTrackKey = "006"

        /// The cipher of the keys.
        public var algorithm: KeyAlgorithm { self == .sm4 || self == .sm4WithTrackKey ? .sm4 : .tripleDES }
        /// Whether tracks go out enciphered.
        public var encryptsTrack: Bool { self == .doubleLengthWithTrackKey || self == .sm4WithTrackKey }
        /// Bytes of one key.
        var keyLength: Int { self == .singleLength ? 8 : 16 }
    }

    /// What to make of an approval without field 64.
    public enum UnauthenticatedApproval: Sendable {
        /// As if no reply had come: the authorization is reversed.
        case noReply
        /// It counts.
        case accepted
    }

    /// Destination and source network; most acquirers name their own.
    public var tpdu = TPDU(destination: 0x0003, source: 0x0000)
    /// Second byte of the header.
    public var softwareVersion: UInt8 = 0x31
    /// Last three bytes of the header.
    public var softwareSubVersion: UInt32 = 0x311305
    /// Which keys a sign-in asks for.
    public var keySet = KeySet.doubleLength
    /// Field 26: the greatest PIN length, 12 or 6.
    public var pinCaptureCode = "12"
    /// Whether field 2 is sent beside field 35.
    public var sendsPANWithTrack = true
    /// Where the three digits of field 23 stand: right gives `00 01`, left `00 10`.
    public var sequenceNumberAlignment = FieldFormat.Alignment.right
    /// Field 53, first digit with a PIN: 2 says that the PIN block holds the account number.
    public var pinBlockFormat = 2
    /// Field 53, second digit for SM4: 3 or 4.
    public var sm4SecurityCode = 3
    /// An approval without field 64.
    public var unauthenticatedApproval = UnauthenticatedApproval.noReply
    /// Whether a sale says its local time and date (fields 12 and 13).
    public var sendsLocalTime = false
    /// Field 60.4: 2 stripe, 5 contact chip, 6 contactless.
    public var terminalCapability = 5
    /// Whether sales and pre-authorisations say that a part may be approved (60.6 = 1).
    public var announcesPartialApproval = false
    /// The currency of the totals, and of amounts in replies that name none.
    public var currency = Currency.cny
    /// Field 63.1 of a sign-in, and of a settlement that nobody asked for: the operator, three characters.
    public var signInOperator = "01 "

    /// The project's choices.
    public init() {}

    /// The fields as this acquirer sends them. An SM4 PIN block is twice as long as a DES one.
    var table: FieldTable {
        var table = FieldTable.unionPay
        if sequenceNumberAlignment == .left { table = table.replacing(23, with: .fixed(.digits, 3, .left)) }
        if keySet.algorithm == .sm4 { table = table.replacing(52, with: .fixed(.binary, 16)) }
        return table
    }
}
