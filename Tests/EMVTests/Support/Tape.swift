import EMV
import Payments
import SimulatedCards
import Wire

/// A transaction as bytes: first what the terminal is, then what card, customer and issuer answer, in the order in which
/// they are asked. Any bytes are a tape; where one ends, the card falls silent and the customer gives up.
struct Tape {
    /// What was recorded, what the terminal is included.
    private(set) var recorded: [UInt8]
    private var rest: ArraySlice<UInt8>
    private let options: [UInt8]

    /// Bytes of what the terminal is.
    private static let headerLength = 5

    init(_ bytes: [UInt8]) {
        let header = bytes.prefix(Self.headerLength)
        options = header + [UInt8](repeating: 0, count: Self.headerLength - header.count)
        recorded = options
        rest = bytes.dropFirst(Self.headerLength)
    }

    mutating func byte() -> UInt8? { rest.popFirst() }

    mutating func bytes() -> [UInt8] {
        let count = (Int(byte() ?? 0) << 8 | Int(byte() ?? 0)) % 1024
        defer { rest = rest.dropFirst(count) }
        return Array(rest.prefix(count))
    }

    mutating func append(_ kind: UInt8, _ bytes: [UInt8]? = nil) {
        recorded.append(kind)
        if let bytes { recorded += [UInt8(bytes.count >> 8 & 0xFF), UInt8(bytes.count & 0xFF)] + bytes }
    }

    /// An issuer's answer; nil where it cannot be asked.
    mutating func reply() -> OnlineReply? {
        guard let kind = byte(), kind != 0 else { return nil }
        let code = kind & 0x02 == 0 ? "00" : kind & 0x04 == 0 ? "05" : "\u{0}漢"
        return OnlineReply(approved: kind & 0x01 != 0, code: code, chipData: bytes(), authorizationCode: "A1B2C3")
    }

    mutating func append(_ reply: OnlineReply?) {
        append(reply.map { $0.approved ? 0x01 : 0x02 } ?? 0x00, reply?.chipData)
    }
}

// What the terminal is.
extension Tape {
    private static let keys = (try? TestTerminalParameters.caKeys()) ?? []
    private static let types: [UInt8] = [0x22, 0x21, 0x23, 0x25, 0x24, 0x26, 0x14, 0x11]
    private static let transactionTypes: [UInt8] = [0x00, 0x01, 0x09, 0x20, 0x31, 0x17, 0xFF, 0x00]
    private static let amounts: [Int64] = [8880, 0, 1, 100_000, 999_999_999_999, 2000, 30_001, 100]
    private static let removable: [TerminalCapabilities] = [
        .plaintextPIN, .onlinePIN, .signature, .encipheredPIN, .noVerification, .sda, .dda, .cda,
    ]

    var terminal: TerminalData {
        var capabilities: TerminalCapabilities = [.contactChip]
        for (bit, capability) in Self.removable.enumerated() where options[1] >> bit & 1 == 0 {
            capabilities.insert(capability)
        }
        var terminal = TerminalData(
            applications: applications, caKeys: Self.keys, countryCode: options[4] & 0x01 == 0 ? 156 : 840,
            terminalType: Self.types[Int(options[0] & 0x07)], capabilities: capabilities, serialNumber: "TENDER01",
            terminalID: "10000001", merchantID: "898100012340001")
        terminal.combinations = combinations
        terminal.asksForApplication = options[0] & 0x80 == 0
        if options[4] & 0x02 != 0 { terminal.exceptionFile = ["620000"] }
        return terminal
    }

    private var applications: [ApplicationParameters] {
        TestTerminalParameters.applications.map { application in
            var application = application
            if options[0] & 0x08 != 0 { application.floorLimit = 50_000 }
            if options[0] & 0x10 != 0 {
                application.tacDenial = []
                application.tacOnline = []
                application.tacDefault = []
            }
            if options[0] & 0x20 != 0 { application.allowsPartialMatch = false }
            if options[0] & 0x40 != 0 { application.defaultDDOL = [] }
            application.randomSelection.targetPercent = Int(options[3])
            application.randomSelection.threshold = Int64(options[3]) * 100
            return application
        }
    }

    private var combinations: [Combination] {
        applications.map { application in
            let kernel: ContactlessKernelID =
                switch application.aid.prefix(5).last {
                case 0x03: .c3
                case 0x04: .c2
                default: .c7
                }
            var combination = Combination(parameters: application, kernel: kernel)
            if options[0] & 0x08 != 0 { combination.floorLimit = 50_000 }
            if options[4] & 0x04 != 0 { combination.verificationLimit = 5_000 }
            if options[4] & 0x08 != 0 { combination.transactionLimit = 90_000 }
            if options[4] & 0x10 != 0 { combination.checksStatus = true }
            if options[4] & 0x20 != 0 {
                combination.smallAmount = SmallAmountRule(withoutPIN: 100_000, withoutSignature: 100_000)
            }
            if options[4] & 0x40 != 0 { combination.qualifiers.remove(.onlinePIN) }
            if options[4] & 0x80 != 0 { combination.usesExtendedSelection = true }
            return combination
        }
    }

    /// Nil only if the amounts above are none.
    var transaction: TransactionData? {
        TransactionData(
            amount: Money(minorUnits: Self.amounts[Int(options[2] & 0x07)], .cny),
            otherAmount: options[2] & 0x40 != 0 ? 1000 : 0, type: Self.transactionTypes[Int(options[2] >> 3 & 0x07)],
            time: LocalDateTime(year: 2026, month: 11, day: 22, hour: 13, minute: 15, second: 0), stan: .first,
            unpredictableNumber: 0x1122_3344, randomPercent: 50, forcedOnline: options[2] & 0x80 != 0)
    }
}
