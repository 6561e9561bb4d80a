public import ISO8583
public import Wire

/// What a download brought, whole.
public enum Downloaded: Equatable, Sendable {
    /// The terminal's parameters, each under its code of two digits.
    case terminalParameters(CodedValues)
    /// Public keys of the schemes: the data objects of each, as they came (9F06, 9F22, DF02, DF03, DF04, DF05 …).
    case caPublicKeys([[TLV]])
    /// Card applications: the data objects of each, as they came (9F06, DF01, 9F09, DF11 …).
    case applications([[TLV]])
    /// Contactless parameters.
    case contactlessParameters([ContactlessParameter])
    /// First digits of card numbers that are not to be taken.
    case blacklist([String])

    /// One parameter of contactless payments.
    public struct ContactlessParameter: Hashable, Sendable {
        /// Six hexadecimal digits, `FF8058`.
        public let tag: String
        /// Its value in ASCII.
        public let value: [UInt8]

        /// A parameter.
        public init(tag: String, value: [UInt8]) {
            self.tag = tag
            self.value = value
        }
    }

    /// How many entries it has.
    public var count: Int {
        switch self {
        case .terminalParameters(let values): values.items.count
        case .caPublicKeys(let entries), .applications(let entries): entries.count
        case .contactlessParameters(let parameters): parameters.count
        case .blacklist(let prefixes): prefixes.count
        }
    }
}
