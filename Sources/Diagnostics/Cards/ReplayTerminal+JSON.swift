import EMV
import PaymentCryptography
import Payments
import Wire

extension ReplayTerminal {
    private static let keys: Set<String> = [
        "amount", "otherAmount", "currency", "transactionType", "date", "time", "country", "terminalType",
        "capabilities",
        "additionalCapabilities", "serialNumber", "terminalID", "merchantID", "merchantCategory", "merchantName",
        "acquirerID", "floorLimit", "tacDenial", "tacOnline", "tacDefault", "version", "defaultDDOL", "defaultTDOL",
        "randomSelection", "unpredictableNumber", "stan", "forceOnline", "caKeys", "aids", "revokedCertificates",
        "exceptionFile", "asksForApplication", "usesDirectory", "application", "pin", "reply", "objects",
    ]

    /// Reads the terminal's side from JSON; an empty object gives every default. Throws for a key that nobody knows and for a
    /// value that cannot be, with its place.
    public init(json: [UInt8]) throws(DocumentError) {
        let reader = try JSONReader(json, keys: Self.keys)
        let defaults = try Application(reader, or: Application())
        var applications: [ApplicationParameters] = []
        var combinations: [Combination] = []
        for entry in try reader.objects("aids", keys: Application.keys, short: "aid") ?? [] {
            let application = try Application(entry, or: defaults)
            let parameters = application.parameters(try entry.hex("aid", 5...16, or: nil))
            if try entry.flag("contact", or: true) { applications.append(parameters) }
            if let combination = try Self.combination(parameters, entry) { combinations.append(combination) }
        }
        if !reader.has("aids") {
            applications = Self.commonAIDs.map { defaults.parameters($0) }
            combinations = applications.compactMap { parameters in
                Self.kernel(parameters.aid).map { Combination(parameters: parameters, kernel: $0) }
            }
        }
        var terminal = TerminalData(
            applications: applications, caKeys: try Self.caKeys(reader),
            countryCode: Int(try reader.digits("country", 3...4, or: "156")) ?? 156,
            terminalType: try Self.bcd(reader, "terminalType", or: 0x22),
            capabilities: TerminalCapabilities(
                rawValue: try reader.hex("capabilities", 3...3, or: [0xE0, 0xF8, 0xC8]).reduce(0) {
                    $0 << 8 | UInt32($1)
                }
            ),
            additionalCapabilities: try reader.hex(
                "additionalCapabilities", 5...5, or: [0x60, 0x00, 0xF0, 0xA0, 0x01]),
            serialNumber: try reader.text("serialNumber", or: "00000001"),
            terminalID: try reader.text("terminalID", or: "00000001"),
            merchantID: try reader.text("merchantID", or: "000000000000001"))
        terminal.combinations = combinations
        terminal.merchantCategory = Int(try reader.digits("merchantCategory", 4...4, or: "5411")) ?? 5411
        terminal.merchantName = try reader.text("merchantName", or: "")
        terminal.acquirerID = try reader.digits("acquirerID", 1...11, or: "")
        terminal.asksForApplication = try reader.flag("asksForApplication", or: true)
        terminal.usesDirectory = try reader.flag("usesDirectory", or: true)
        terminal.exceptionFile = try reader.texts("exceptionFile") ?? []
        terminal.objects = try reader.tagged("objects")
        for entry in try reader.objects("revokedCertificates", keys: ["rid", "index", "serialNumber"]) ?? [] {
            terminal.revokedCertificates.append(
                RevokedCertificate(
                    rid: try entry.hex("rid", 5...5, or: nil), index: try entry.hex("index", 1...1, or: nil)[0],
                    serialNumber: try entry.hex("serialNumber", 3...3, or: nil)))
        }
        self.init(terminal: terminal, transaction: try Self.transaction(reader))
        try readPeople(reader)
        try readReply(reader)
    }

    private static func bcd(_ reader: JSONReader, _ key: String, or fallback: UInt8) throws(DocumentError) -> UInt8 {
        guard reader.has(key) else { return fallback }
        let digits = try reader.digits(key, 2...2, or: "00")
        return (try? BCD.encode(digits))?.first ?? fallback
    }

    private static func transaction(_ reader: JSONReader) throws(DocumentError) -> TransactionData {
        let code = try reader.text("currency", or: "CNY")
        guard let currency = Currency(code: code) ?? Int(code).flatMap({ Currency(number: $0) }) else {
            throw reader.wrong("currency", "is no currency known here; set 5F2A and 5F36 in objects")
        }
        let amount = Int64(try reader.digits("amount", 12...12, or: "100")) ?? 0
        let other = Int64(try reader.digits("otherAmount", 12...12, or: "0")) ?? 0
        guard let stan = STAN(try reader.number("stan", in: 1...999_999, or: 1)) else {
            throw reader.wrong("stan", "must be 1 to 999999")
        }
        let number = try reader.hex("unpredictableNumber", 4...4, or: [0, 0, 0, 0]).reduce(0) { $0 << 8 | UInt32($1) }
        let random = try reader.object("randomSelection", keys: Application.selectionKeys)
        guard
            let transaction = TransactionData(
                amount: Money(minorUnits: amount, currency), otherAmount: other,
                type: try bcd(reader, "transactionType", or: 0x00), time: try time(reader), stan: stan,
                unpredictableNumber: number, randomPercent: try random?.number("number", in: 0...99, or: 99) ?? 99,
                forcedOnline: try reader.flag("forceOnline", or: false))
        else { throw reader.wrong("amount", "must be at most 12 digits") }
        return transaction
    }

    /// `YYYY-MM-DD` or `YYMMDD`, and `hh:mm:ss` or `hhmmss`.
    private static func time(_ reader: JSONReader) throws(DocumentError) -> LocalDateTime {
        let date = try reader.text("date", or: "2026-01-01").filter { $0 != "-" }
        let time = try reader.text("time", or: "12:00:00").filter { $0 != ":" }
        let day = date.utf8.count == 6 ? "20" + date : date
        guard day.utf8.count == 8, day.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = Int(day),
            let midnight = LocalDateTime(
                validYear: number / 10_000, month: number / 100 % 100, day: number % 100, hour: 0, minute: 0, second: 0)
        else { throw reader.wrong("date", "must be a day as YYYY-MM-DD or YYMMDD") }
        guard time.utf8.count == 6, time.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let clock = Int(time),
            let moment = LocalDateTime(
                validYear: midnight.year, month: midnight.month, day: midnight.day, hour: clock / 10_000,
                minute: clock / 100 % 100, second: clock % 100)
        else { throw reader.wrong("time", "must be a time as hh:mm:ss or hhmmss") }
        return moment
    }

    private static func caKeys(_ reader: JSONReader) throws(DocumentError) -> [CAPublicKey] {
        var keys: [CAPublicKey] = []
        let entries = try reader.objects(
            "caKeys", keys: ["rid", "index", "modulus", "exponent", "expiry", "checksum"])
        for entry in entries ?? [] {
            let (rid, index) = (try entry.hex("rid", 5...5, or: nil), try entry.hex("index", 1...1, or: nil)[0])
            let modulus = try entry.hex("modulus", 1...248, or: nil)
            let spelled = try? entry.hex("exponent", 1...3, or: nil).reduce(0) { $0 << 8 | Int($1) }
            let exponent = if let spelled { spelled } else { try entry.number("exponent", in: 3...65_537, or: 3) }
            let expiry = entry.has("expiry") ? try entry.number("expiry", in: 20_000_101...99_991_231, or: 0) : nil
            let exponentBytes: [UInt8] = exponent == 3 ? [3] : [1, 0, 1]
            let own = (try? Digest.sha1(rid + [index] + modulus + exponentBytes)) ?? []
            do throws(CAPublicKeyError) {
                keys.append(
                    try CAPublicKey(
                        rid: rid, index: index, modulus: modulus, exponent: exponent, expiry: expiry,
                        checksum: entry.has("checksum") ? entry.hexOrEmpty("checksum") : own))
            } catch {
                switch error {
                case .invalidRID: throw entry.wrong("rid", "must be 5 bytes")
                case .invalidExponent: throw entry.wrong("exponent", "must be 3 or 65537")
                case .invalidModulus: throw entry.wrong("modulus", "is no modulus of RSA of 64 to 248 bytes")
                case .invalidExpiry: throw entry.wrong("expiry", "is no date")
                case .wrongChecksum:
                    throw entry.wrong("checksum", "is not the SHA-1 of RID, index, modulus and exponent")
                }
            }
        }
        return keys
    }

    private mutating func readPeople(_ reader: JSONReader) throws(DocumentError) {
        var pins: [PIN] = []
        for word in try reader.texts("pin") ?? [] {
            guard let pin = PIN(rawValue: word) else {
                throw reader.wrong("pin", "must be \(PIN.allCases.map(\.rawValue).joined(separator: " or "))")
            }
            pins.append(pin)
        }
        if !pins.isEmpty { self.pins = pins }
        guard reader.has("application") else { return }
        if let aid = try? reader.hex("application", 5...16, or: nil) {
            choice = .aid(aid)
        } else {
            choice = .index(try reader.number("application", in: 0...99, or: 0))
        }
    }

    private mutating func readReply(_ reader: JSONReader) throws(DocumentError) {
        let keys: Set<String> = ["result", "code", "chipData", "authorizationCode"]
        guard let entry = try reader.object("reply", keys: keys) else { return }
        let result = try entry.choice("result", or: ReplyWord.approved)
        let code = try entry.text("code", or: result == .approved ? "00" : "05")
        guard code.utf8.count == 2 else { throw entry.wrong("code", "must be two characters") }
        let authorizationCode = entry.has("authorizationCode") ? try entry.text("authorizationCode", or: "") : nil
        let chipData = try entry.hex("chipData", 0...4096, or: [])
        reply =
            result == .unable
            ? .unable
            : .answered(
                OnlineReply(
                    approved: result == .approved, code: code, chipData: chipData, authorizationCode: authorizationCode)
            )
    }

    private enum ReplyWord: String, CaseIterable { case approved, declined, unable }
}

// Applications.
extension ReplayTerminal {
    /// Applications that a terminal without a list takes: UnionPay, Visa, Mastercard, JCB, American Express, Discover.
    private static let commonAIDs: [[UInt8]] = [
        [0xA0, 0, 0, 0x03, 0x33, 0x01, 0x01, 0x01], [0xA0, 0, 0, 0x03, 0x33, 0x01, 0x01, 0x02],
        [0xA0, 0, 0, 0x03, 0x33, 0x01, 0x01, 0x03], [0xA0, 0, 0, 0x03, 0x33, 0x01, 0x01, 0x06],
        [0xA0, 0, 0, 0, 0x03, 0x10, 0x10], [0xA0, 0, 0, 0, 0x03, 0x20, 0x10], [0xA0, 0, 0, 0, 0x04, 0x10, 0x10],
        [0xA0, 0, 0, 0, 0x04, 0x30, 0x60], [0xA0, 0, 0, 0, 0x65, 0x10, 0x10], [0xA0, 0, 0, 0, 0x25, 0x01],
        [0xA0, 0, 0, 0x01, 0x52, 0x30, 0x10],
    ]

    /// What every application has unless its own entry says otherwise.
    fileprivate struct Application {
        var allowsPartialMatch = true
        var version: [UInt8] = [0x00, 0x20]
        var tacDenial: [UInt8] = [0x00, 0x10, 0x00, 0x00, 0x00]
        var tacOnline: [UInt8] = [0xD8, 0x40, 0x04, 0xF8, 0x00]
        var tacDefault: [UInt8] = [0xD8, 0x40, 0x00, 0xA8, 0x00]
        var floorLimit: Int64 = 0
        var selection = ApplicationParameters.RandomSelection()
        var defaultDDOL: [UInt8] = [0x9F, 0x37, 0x04]
        var defaultTDOL: [UInt8] = []

        static let keys: Set<String> = [
            "aid", "allowsPartialMatch", "version", "tacDenial", "tacOnline", "tacDefault", "floorLimit",
            "randomSelection", "defaultDDOL", "defaultTDOL", "contact", "kernel", "transactionLimit",
            "onDeviceTransactionLimit",
            "verificationLimit", "contactlessFloorLimit", "checksStatus", "zeroAmount", "ttq", "extendedSelection",
            "smallAmount",
        ]
        static let selectionKeys: Set<String> = ["threshold", "target", "maximum", "number"]

        init() {}

        init(_ reader: JSONReader, or defaults: Application) throws(DocumentError) {
            allowsPartialMatch = try reader.flag("allowsPartialMatch", or: defaults.allowsPartialMatch)
            version = try reader.hex("version", 2...2, or: defaults.version)
            tacDenial = try reader.hex("tacDenial", 5...5, or: defaults.tacDenial)
            tacOnline = try reader.hex("tacOnline", 5...5, or: defaults.tacOnline)
            tacDefault = try reader.hex("tacDefault", 5...5, or: defaults.tacDefault)
            defaultDDOL = try reader.hex("defaultDDOL", 0...252, or: defaults.defaultDDOL)
            defaultTDOL = try reader.hex("defaultTDOL", 0...252, or: defaults.defaultTDOL)
            floorLimit = try reader.amount("floorLimit") ?? defaults.floorLimit
            selection = defaults.selection
            if let entry = try reader.object("randomSelection", keys: Self.selectionKeys) {
                selection.threshold = try entry.amount("threshold") ?? 0
                selection.targetPercent = try entry.number("target", in: 0...99, or: 0)
                selection.maximumPercent = try entry.number("maximum", in: 0...99, or: selection.targetPercent)
            }
        }

        func parameters(_ aid: [UInt8]) -> ApplicationParameters {
            func tac(_ bytes: [UInt8]) -> TVR { TVR(rawValue: bytes.reduce(0) { $0 << 8 | UInt64($1) }) }
            var parameters = ApplicationParameters(
                aid: aid, tacDenial: tac(tacDenial), tacOnline: tac(tacOnline), tacDefault: tac(tacDefault))
            parameters.allowsPartialMatch = allowsPartialMatch
            parameters.version = version.reduce(0) { $0 << 8 | UInt16($1) }
            parameters.floorLimit = floorLimit
            parameters.randomSelection = selection
            parameters.defaultDDOL = defaultDDOL
            parameters.defaultTDOL = defaultTDOL
            return parameters
        }
    }

    /// The kernel that serves an application on the contactless reader; nil for one that has none here.
    private static func kernel(_ aid: [UInt8]) -> ContactlessKernelID? {
        switch Array(aid.prefix(5)) {
        case [0xA0, 0x00, 0x00, 0x03, 0x33]: .c7
        case [0xA0, 0x00, 0x00, 0x00, 0x03]: .c3
        case [0xA0, 0x00, 0x00, 0x00, 0x04]: .c2
        default: nil
        }
    }

    private static func combination(
        _ parameters: ApplicationParameters, _ entry: JSONReader
    ) throws(DocumentError) -> Combination? {
        var kernel = kernel(parameters.aid)
        if entry.has("kernel") {
            let number = try entry.number("kernel", in: 0...255, or: 0)
            kernel = ContactlessKernelID(rawValue: UInt8(number))
            guard kernel != nil || number == 0 else { throw entry.wrong("kernel", "must be 2, 3 or 7, or 0 for none") }
        }
        guard let kernel else { return nil }
        var combination = Combination(parameters: parameters, kernel: kernel)
        combination.transactionLimit = try entry.amount("transactionLimit")
        combination.onDeviceTransactionLimit = try entry.amount("onDeviceTransactionLimit")
        combination.verificationLimit = try entry.amount("verificationLimit")
        combination.floorLimit = try entry.amount("contactlessFloorLimit")
        combination.checksStatus = try entry.flag("checksStatus", or: false)
        combination.usesExtendedSelection = try entry.flag("extendedSelection", or: false)
        if entry.has("zeroAmount") {
            guard let rule = Combination.ZeroAmount(rawValue: try entry.text("zeroAmount", or: "")) else {
                throw entry.wrong("zeroAmount", "must be online or refused")
            }
            combination.zeroAmount = rule
        }
        if entry.has("ttq") {
            combination.qualifiers = TerminalTransactionQualifiers(
                rawValue: try entry.hex("ttq", 4...4, or: nil).reduce(0) { $0 << 8 | UInt32($1) })
        }
        if let rule = try entry.object(
            "smallAmount", keys: ["withoutPIN", "withoutSignature", "admitted", "excluded"])
        {
            var small = SmallAmountRule(
                withoutPIN: try rule.amount("withoutPIN"), withoutSignature: try rule.amount("withoutSignature"))
            small.admitted = try rule.texts("admitted") ?? []
            small.excluded = try rule.texts("excluded") ?? []
            combination.smallAmount = small
        }
        return combination
    }
}

extension JSONReader {
    /// An amount in minor units, up to twelve digits; nil if absent.
    fileprivate func amount(_ key: String) throws(DocumentError) -> Int64? {
        guard has(key) else { return nil }
        return Int64(try digits(key, 1...12, or: "0"))
    }

    /// Bytes in hexadecimal; none where that is no hexadecimal text.
    fileprivate func hexOrEmpty(_ key: String) -> [UInt8] { (try? hex(key, 0...64, or: [])) ?? [] }
}

// Writing.
extension ReplayTerminal {
    /// The terminal's side as JSON: `init(json:)` gives the same again, but for the exception file, whose account numbers are
    /// not written.
    public var json: JSONValue {
        func hex(_ bytes: [UInt8]) -> JSONValue { .string(Hex.encode(bytes)) }
        func two(_ byte: UInt8) -> JSONValue { .string(Hex.encode([byte])) }
        let amount = transaction.amount
        let number = (0..<4).map { UInt8(truncatingIfNeeded: transaction.unpredictableNumber >> (24 - 8 * $0)) }
        var members: [JSONValue.Member] = [
            .init("amount", .number(Int(amount.minorUnits))),
            .init("otherAmount", .number(Int(transaction.otherAmount))),
            .init("currency", .string(amount.currency.code)), .init("transactionType", two(transaction.type)),
            .init("date", .string(String(transaction.time.iso8601.prefix(10)))),
            .init("time", .string(String(transaction.time.iso8601.suffix(8)))),
            .init("country", .number(terminal.countryCode)), .init("terminalType", two(terminal.terminalType)),
            .init("capabilities", hex(terminal.capabilities.bytes)),
            .init("additionalCapabilities", hex(terminal.additionalCapabilities)),
            .init("serialNumber", .string(terminal.serialNumber)), .init("terminalID", .string(terminal.terminalID)),
            .init("merchantID", .string(terminal.merchantID)),
            .init("merchantCategory", .number(terminal.merchantCategory)),
            .init("merchantName", .string(terminal.merchantName)),
            .init("unpredictableNumber", hex(number)), .init("stan", .number(transaction.stan.value)),
            .init("randomSelection", .object([.init("number", .number(transaction.randomPercent))])),
            .init("forceOnline", .bool(transaction.forcedOnline)),
            .init("asksForApplication", .bool(terminal.asksForApplication)),
            .init("usesDirectory", .bool(terminal.usesDirectory)),
            .init("pin", .array(pins.map { .string($0.rawValue) })), .init("reply", replyJSON),
        ]
        if !terminal.acquirerID.isEmpty { members.append(.init("acquirerID", .string(terminal.acquirerID))) }
        switch choice {
        case .index(let index): members.append(.init("application", .number(index)))
        case .aid(let aid): members.append(.init("application", hex(aid)))
        }
        if !terminal.objects.isEmpty {
            members.append(
                .init(
                    "objects",
                    .object(
                        terminal.objects.sorted { $0.key < $1.key }.map { .init($0.key.description, hex($0.value)) })))
        }
        members.append(
            .init(
                "aids",
                .array(
                    terminal.applications.map { Self.json($0, nil) }
                        + terminal.combinations.map { Self.json($0.parameters, $0) })))
        members.append(.init("caKeys", .array(terminal.caKeys.map(Self.json))))
        if !terminal.revokedCertificates.isEmpty {
            members.append(
                .init(
                    "revokedCertificates",
                    .array(
                        terminal.revokedCertificates.map {
                            .object([
                                .init("rid", hex($0.rid)), .init("index", two($0.index)),
                                .init("serialNumber", hex($0.serialNumber)),
                            ])
                        })))
        }
        return .object(members)
    }

    private var replyJSON: JSONValue {
        switch reply {
        case .unable: .object([.init("result", .string("unable"))])
        case .answered(let answer):
            .object(
                [
                    .init("result", .string(answer.approved ? "approved" : "declined")),
                    .init("code", .string(String(decoding: answer.responseCode, as: UTF8.self))),
                    .init("chipData", .string(Hex.encode(answer.chipData))),
                ] + (answer.authorizationCode.map { [.init("authorizationCode", .string($0))] } ?? []))
        }
    }

    private static func json(_ parameters: ApplicationParameters, _ combination: Combination?) -> JSONValue {
        func hex(_ bytes: [UInt8]) -> JSONValue { .string(Hex.encode(bytes)) }
        let selection = parameters.randomSelection
        var members: [JSONValue.Member] = [
            .init("aid", hex(parameters.aid)), .init("allowsPartialMatch", .bool(parameters.allowsPartialMatch)),
            .init("version", hex([UInt8(parameters.version >> 8), UInt8(parameters.version & 0xFF)])),
            .init("tacDenial", hex(parameters.tacDenial.bytes)), .init("tacOnline", hex(parameters.tacOnline.bytes)),
            .init("tacDefault", hex(parameters.tacDefault.bytes)),
            .init("floorLimit", .number(Int(parameters.floorLimit))),
            .init("defaultDDOL", hex(parameters.defaultDDOL)), .init("defaultTDOL", hex(parameters.defaultTDOL)),
            .init(
                "randomSelection",
                .object([
                    .init("threshold", .number(Int(selection.threshold))),
                    .init("target", .number(selection.targetPercent)),
                    .init("maximum", .number(selection.maximumPercent)),
                ])),
        ]
        guard let combination else { return .object(members + [.init("kernel", .number(0))]) }
        members.append(.init("contact", .bool(false)))
        func limit(_ name: String, _ value: Int64?) -> [JSONValue.Member] {
            value.map { [.init(name, .number(Int($0)))] } ?? []
        }
        members.append(.init("kernel", .number(Int(combination.kernel.rawValue))))
        members += limit("transactionLimit", combination.transactionLimit)
        members += limit("onDeviceTransactionLimit", combination.onDeviceTransactionLimit)
        members += limit("verificationLimit", combination.verificationLimit)
        members += limit("contactlessFloorLimit", combination.floorLimit)
        members.append(.init("checksStatus", .bool(combination.checksStatus)))
        members.append(.init("zeroAmount", .string(combination.zeroAmount.rawValue)))
        members.append(.init("ttq", hex(combination.qualifiers.bytes)))
        members.append(.init("extendedSelection", .bool(combination.usesExtendedSelection)))
        if let rule = combination.smallAmount {
            members.append(
                .init(
                    "smallAmount",
                    .object(
                        limit("withoutPIN", rule.withoutPIN) + limit("withoutSignature", rule.withoutSignature) + [
                            .init("admitted", .array(rule.admitted.map { .string($0) })),
                            .init("excluded", .array(rule.excluded.map { .string($0) })),
                        ])))
        }
        return .object(members)
    }

    private static func json(_ key: CAPublicKey) -> JSONValue {
        .object(
            [
                .init("rid", .string(Hex.encode(key.rid))), .init("index", .string(Hex.encode([key.index]))),
                .init("modulus", .string(Hex.encode(key.key.modulus))), .init("exponent", .number(key.key.exponent)),
            ] + (key.expiry.map { [.init("expiry", .number($0))] } ?? []))
    }
}
