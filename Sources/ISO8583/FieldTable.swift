/// The formats of fields 2 to 64: what encoding and decoding walk. An acquirer's habit is another table, not other code.
public struct FieldTable: Sendable {
    private var formats: [FieldFormat?]
    private var names: [String]

    /// A table of the given fields.
    public init(_ fields: [Int: (name: String, format: FieldFormat)]) {
        formats = Array(repeating: nil, count: 65)
        names = Array(repeating: "", count: 65)
        for (number, field) in fields where (2...64).contains(number) {
            formats[number] = field.format
            names[number] = field.name
        }
    }

    /// The format of a field, or nil where the table has none.
    public subscript(field: Int) -> FieldFormat? {
        formats.indices.contains(field) ? formats[field] : nil
    }

    /// What the field is called, in English; empty for one that the table does not have.
    public func name(of field: Int) -> String {
        names.indices.contains(field) ? names[field] : ""
    }

    /// This table with another format for one of its fields.
    public func replacing(_ field: Int, with format: FieldFormat) -> FieldTable {
        var table = self
        if table[field] != nil { table.formats[field] = format }
        return table
    }
}

extension FieldTable {
    /// UnionPay's terminal protocol, with the fields that acquirers use privately.
    /// Field 23 is right aligned; `unionPay.replacing(23, with: .fixed(.digits, 3, .left))` is the other habit.
    public static let unionPay = FieldTable([
        2: ("Primary account number", .ll(.digits, 19)),
        3: ("Processing code", .fixed(.digits, 6)),
        4: ("Amount", .fixed(.digits, 12)),
        11: ("System trace audit number", .fixed(.digits, 6)),
        12: ("Local time", .fixed(.digits, 6)),
        13: ("Local date", .fixed(.digits, 4)),
        14: ("Expiry date", .fixed(.digits, 4)),
        15: ("Settlement date", .fixed(.digits, 4)),
        22: ("Entry mode", .fixed(.digits, 3, .left)),
        23: ("Card sequence number", .fixed(.digits, 3)),
        25: ("Condition code", .fixed(.digits, 2)),
        26: ("PIN capture code", .fixed(.digits, 2)),
        28: ("Transaction fee", .fixed(.characters, 9)),
        32: ("Acquiring institution", .ll(.digits, 11)),
        35: ("Track 2", .ll(.track, 37)),
        36: ("Track 3", .lll(.track, 104)),
        37: ("Retrieval reference number", .fixed(.characters, 12)),
        38: ("Authorisation code", .fixed(.characters, 6)),
        39: ("Response code", .fixed(.characters, 2)),
        41: ("Terminal", .fixed(.characters, 8)),
        42: ("Merchant", .fixed(.characters, 15)),
        43: ("Merchant name", .fixed(.characters, 40)),
        44: ("Additional response", .ll(.characters, 25)),
        46: ("Private data", .lll(.characters, 999)),
        47: ("Private data", .lll(.characters, 999)),
        48: ("Additional data", .lll(.digits, 322)),
        49: ("Currency", .fixed(.characters, 3)),
        52: ("PIN block", .fixed(.binary, 8)),
        53: ("Security control", .fixed(.digits, 16)),
        54: ("Balance", .lll(.characters, 20)),
        55: ("Chip data", .lll(.binary, 255)),
        56: ("Answer text", .lll(.characters, 999)),
        57: ("Private data", .lll(.characters, 999)),
        58: ("E-purse data", .lll(.characters, 100)),
        59: ("Terminal and code data", .lll(.characters, 999)),
        60: ("Transaction type and batch", .lll(.digits, 21)),
        61: ("Original transaction", .lll(.digits, 29)),
        62: ("Private data", .lll(.characters, 512)),
        63: ("Organisation and remarks", .lll(.characters, 163)),
        64: ("Message authentication code", .fixed(.binary, 8)),
    ])

    /// The table of electronic signature messages (0820 and 0920), whose fields 55 and 62 are longer than elsewhere.
    public static let unionPaySignature = unionPay.replacing(55, with: .lll(.binary, 999))
        .replacing(62, with: .lll(.characters, 999))
}
