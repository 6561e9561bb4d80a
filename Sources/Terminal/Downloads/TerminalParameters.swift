import Acquiring
import EMV
import ISO8583
import Payments
import Wire

/// The terminal's data in force, and where each item came from. Decided here and nowhere else: an item that was downloaded
/// goes before the configured one of the same name; one that was refused changes nothing, and a note says why.
struct TerminalParameters: Equatable, Sendable {
    /// An item and where it came from.
    struct Sourced<Value: Equatable & Sendable>: Equatable, Sendable {
        var value: Value
        var source: ParameterSource
    }

    /// Applications, those of the configuration first.
    private(set) var applications: [Sourced<ApplicationParameters>]
    /// What the contactless reader accepts.
    private(set) var combinations: [Sourced<Combination>]
    /// The authorities' keys, expired ones too.
    private(set) var caKeys: [Sourced<CAPublicKey>]
    /// First digits of account numbers that are not to be taken.
    private(set) var exceptionFile: [Sourced<String>]
    /// The merchant's name for receipts (22), if one came.
    private(set) var merchantName: String?
    /// Tries of a reversal (13), if the number came.
    private(set) var reversalTries: Int?
    /// What is refused, doubtful or of no use.
    private(set) var notes: [ParameterNote] = []
    private let configured: TerminalData

    /// What is in force when this was configured and that downloaded.
    init(configured: TerminalData, downloaded: [Downloaded] = []) {
        self.configured = configured
        applications = configured.applications.map { Sourced(value: $0, source: .configured) }
        combinations = configured.combinations.map { Sourced(value: $0, source: .configured) }
        caKeys = configured.caKeys.map { Sourced(value: $0, source: .configured) }
        exceptionFile = configured.exceptionFile.map { Sourced(value: $0, source: .configured) }
        for kind in Download.allCases {
            for data in downloaded where data.kind == kind { take(data) }
        }
        for combination in combinations {
            let (aid, kernel) = (combination.value.parameters.aid, combination.value.kernel)
            guard ContactlessKernelID(ofScheme: aid) != kernel else { continue }
            notes.append(
                ParameterNote(
                    Self.name(combination.value), combination.source, .doubtful,
                    "kernel \(kernel.word) is not the one of this application's scheme"))
        }
    }

    /// What the kernels are told on the day of `time`: expired keys are left out.
    func data(on time: LocalDateTime) -> TerminalData {
        var data = configured
        data.applications = applications.map(\.value)
        data.combinations = combinations.map(\.value)
        data.caKeys = caKeys.map(\.value).filter { !$0.isExpired(on: time) }
        data.exceptionFile = exceptionFile.map(\.value)
        return data
    }

    /// All notes of the day of `time`.
    func notes(on time: LocalDateTime) -> [ParameterNote] {
        notes
            + caKeys.filter { $0.value.isExpired(on: time) }.map { key in
                ParameterNote(
                    Self.name(key.value), key.source, .expired,
                    "expired on \(key.value.expiry ?? 0): cards of this key are not authenticated offline")
            }
    }

    /// Whether nothing of what was downloaded is in force.
    var changesNothing: Bool {
        var (here, before) = (self, TerminalParameters(configured: configured))
        (here.notes, before.notes) = ([], [])
        return here == before
    }

    private mutating func take(_ data: Downloaded) {
        switch data {
        case .terminalParameters(let values): take(values)
        case .caPublicKeys(let entries):
            for key in right(
                entries, "CA key", { (entry) throws(ParameterRefusal) in try CAPublicKey(downloaded: entry) })
            {
                caKeys.put(key) { $0.rid == key.rid && $0.index == key.index }
            }
        case .applications(let entries):
            let right = right(
                entries, "application", { (entry) throws(ParameterRefusal) in try ApplicationDownload(entry) })
            for application in right { take(application) }
        case .contactlessParameters(let parameters): take(parameters)
        case .blacklist(let prefixes):
            for (index, prefix) in prefixes.enumerated() {
                // An entry may be a whole account number, which no report may show (M8).
                guard prefix.isAccountPrefix else {
                    refuse("blacklist entry \(index + 1)", "must be 6 to 19 digits")
                    continue
                }
                if !exceptionFile.contains(where: { $0.value == prefix }) {
                    exceptionFile.append(Sourced(value: prefix, source: .downloaded))
                }
            }
        }
    }

    /// The entries that are right, each name once; the others are refused.
    private mutating func right<Value>(
        _ entries: [[TLV]], _ what: String, _ decode: ([TLV]) throws(ParameterRefusal) -> Value
    ) -> [Value] {
        var seen: Set<String> = []
        var values: [Value] = []
        for (index, entry) in entries.enumerated() {
            let identity = entry.filter { $0.tag == 0x9F06 || $0.tag == 0x9F22 }.map { Hex.encode($0.value) }
            let name = identity.isEmpty ? "\(index + 1) of the list" : identity.joined(separator: " ")
            do throws(ParameterRefusal) {
                let value = try decode(entry)
                guard seen.insert(name).inserted else { throw ParameterRefusal("comes twice; the first is used") }
                values.append(value)
            } catch {
                refuse("\(what) \(name)", error.reason)
            }
        }
        return values
    }

    private mutating func take(_ application: ApplicationDownload) {
        let aid = application.parameters.aid
        applications.put(application.parameters) { $0.aid == aid }
        var drafts = combinations.filter { $0.value.parameters.aid == aid }.map { application.applied(to: $0.value) }
        if drafts.isEmpty, let combination = application.combination { drafts = [combination] }
        for draft in drafts {
            if let contradiction = draft.contradiction {
                refuse(Self.name(draft), contradiction)
                // Its limits stay as they were, but not what holds on either interface.
                for index in combinations.indices where combinations[index].value.isNamed(as: draft) {
                    combinations[index].value.parameters = application.parameters
                }
            } else {
                combinations.put(draft) { $0.isNamed(as: draft) }
            }
        }
    }

    private mutating func take(_ parameters: [Downloaded.ContactlessParameter]) {
        var download = ContactlessDownload()
        for parameter in parameters {
            do throws(ParameterRefusal) {
                if try !download.take(parameter) { pass(parameter.tag) }
            } catch {
                refuse(parameter.tag, error.reason)
            }
        }
        for index in combinations.indices where combinations[index].value.kernel == .c7 {
            let changed = download.applied(to: combinations[index].value)
            if changed != combinations[index].value {
                combinations[index] = Sourced(value: changed, source: .downloaded)
            }
        }
    }

    private mutating func take(_ values: CodedValues) {
        for item in values.items {
            switch item.code {
            case "13":
                guard let digit = item.value.first, item.value.count == 1, (0x31...0x39).contains(digit) else {
                    refuse("terminal parameter 13", "must be a digit from 1 to 9")
                    continue
                }
                reversalTries = Int(digit - 0x30)
            case "22":
                let padded = GB18030.decodeClean(item.value) ?? ""
                guard let end = padded.lastIndex(where: { $0 != " " }) else {
                    refuse("terminal parameter 22", "must be a name in GBK")
                    continue
                }
                merchantName = String(padded[...end])
            default: pass("terminal parameter \(item.code)")
            }
        }
        if !values.rest.isEmpty { pass("\(values.rest.count) bytes after the terminal parameters") }
    }

    private mutating func refuse(_ item: String, _ reason: String) {
        notes.append(ParameterNote(item, .downloaded, .refused, reason))
    }

    private mutating func pass(_ item: String) {
        notes.append(ParameterNote(item, .downloaded, .unused, "this terminal has no use for it"))
    }

    private static func name(_ key: CAPublicKey) -> String {
        "CA key \(Hex.encode(key.rid)) \(Hex.encode([key.index]))"
    }

    private static func name(_ combination: Combination) -> String {
        "contactless \(Hex.encode(combination.parameters.aid)) \(combination.kernel.word)"
    }
}

extension Array {
    /// Puts what was downloaded in the place of what has its name, or at the end.
    fileprivate mutating func put<Value>(_ value: Value, where isSame: (Value) -> Bool)
    where Element == TerminalParameters.Sourced<Value> {
        let item = Element(value: value, source: .downloaded)
        if let index = firstIndex(where: { isSame($0.value) }) { self[index] = item } else { append(item) }
    }
}

extension Combination {
    /// Whether both are of one application and kernel.
    fileprivate func isNamed(as other: Combination) -> Bool {
        parameters.aid == other.parameters.aid && kernel == other.kernel
    }
}
