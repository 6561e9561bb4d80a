import Acquiring
import EMV
import ISO8583
public import PaymentCryptography
import Payments
import Wire

/// What was fetched from the acquirer: one sealed file a kind, replaced whole when a download is complete and its content
/// makes sense, so that half a download changes nothing.
public struct DownloadStore: Sendable {
    private let folder: String
    private let key: any KeyEncryptionKey

    /// A store whose files stand in `folder`, which must exist, under names that begin with `download-`.
    public init(folder: String, key: any KeyEncryptionKey) {
        self.folder = folder
        self.key = key
    }

    /// Keeps what came in place of what there was. Throws `DownloadError` for data that this terminal could not work with,
    /// and keeps what there was.
    func keep(_ data: Downloaded) throws {
        switch data {
        case .caPublicKeys(let entries): for entry in entries { _ = try CAPublicKey(entry) }
        case .applications(let entries): for entry in entries { _ = try ApplicationParameters(entry) }
        case .blacklist(let prefixes):
            guard
                prefixes.allSatisfy({
                    (1...19).contains($0.utf8.count) && $0.utf8.allSatisfy { (0x30...0x39).contains($0) }
                })
            else { throw DownloadError(detail: "a number of the blacklist is no number") }
        case .terminalParameters, .contactlessParameters: break
        }
        try file(data.kind).replace(SecretBytes(Array(data.lines.joined(separator: "\n").utf8)))
    }

    /// The lines that were kept; none where nothing was.
    private func lines(_ kind: Download) throws -> [String] {
        guard let contents = try file(kind).contents() else { return [] }
        return contents.withBytes { String(decoding: $0, as: UTF8.self) }.split(separator: "\n").map(String.init)
    }

    /// The terminal's data with what was fetched in place of what the configuration says.
    func applied(to terminal: TerminalData) throws -> TerminalData {
        var terminal = terminal
        let keys = try lines(.caPublicKeys).map { try CAPublicKey(try objects($0)) }
        if !keys.isEmpty { terminal.caKeys = keys }
        let applications = try lines(.applications).map { try ApplicationParameters(try objects($0)) }
        if !applications.isEmpty { terminal.applications = applications }
        terminal.exceptionFile = try lines(.blacklist)
        return terminal
    }

    private func objects(_ line: String) throws -> [TLV] { try TLV.parse(try Hex.decode(line)) }

    private func file(_ kind: Download) -> SealedFile {
        SealedFile(path: "\(folder)/download-\(kind.rawValue)", key: key, label: "tender download \(kind.rawValue)")
    }
}

/// Data of the acquirer that the terminal cannot work with.
struct DownloadError: Error, CustomStringConvertible {
    /// What is wrong, without the data.
    let detail: String
    var description: String { "the download cannot be used: \(detail)" }
}

extension Downloaded {
    /// What kind of download it is.
    fileprivate var kind: Download {
        switch self {
        case .terminalParameters: .terminalParameters
        case .caPublicKeys: .caPublicKeys
        case .applications: .applications
        case .contactlessParameters: .contactlessParameters
        case .blacklist: .blacklist
        }
    }

    /// One line an entry, for the file.
    fileprivate var lines: [String] {
        switch self {
        case .terminalParameters(let values): [Hex.encode(values.encoded)]
        case .caPublicKeys(let entries), .applications(let entries): entries.map { Hex.encode(TLV.encode($0)) }
        case .contactlessParameters(let parameters): parameters.map { "\($0.tag) \(Hex.encode($0.value))" }
        case .blacklist(let prefixes): prefixes
        }
    }
}

extension CAPublicKey {
    /// A key as a download brings it: 9F06, 9F22, DF02, DF03, DF04, DF05 (`YYYYMMDD` in ASCII).
    fileprivate init(_ objects: [TLV]) throws {
        func value(_ tag: TLV.Tag) -> [UInt8] { objects.first { $0.tag == tag }.map { Array($0.value) } ?? [] }
        guard let index = value(0x9F22).first else { throw DownloadError(detail: "a CA key without an index") }
        let exponent = value(0xDF04).reduce(0) { ($0 << 8 | Int($1)) & 0xFF_FFFF }
        do {
            self = try CAPublicKey(
                rid: value(0x9F06), index: index, modulus: value(0xDF02), exponent: exponent,
                expiry: Int(String(decoding: value(0xDF05), as: UTF8.self)), checksum: value(0xDF03))
        } catch {
            throw DownloadError(detail: "CA key \(Hex.encode([index])): \(error)")
        }
    }
}

extension ApplicationParameters {
    /// An application as a download brings it: 9F06, DF01, 9F08 or 9F09, DF11, DF12, DF13, 9F1B, DF14, DF15, DF16, DF17.
    fileprivate init(_ objects: [TLV]) throws {
        func value(_ tag: TLV.Tag) -> [UInt8]? { objects.first { $0.tag == tag }.map { Array($0.value) } }
        guard let aid = value(0x9F06), (5...16).contains(aid.count) else {
            throw DownloadError(detail: "an application without an identifier")
        }
        func actionCode(_ tag: TLV.Tag) throws -> TVR {
            guard let bytes = value(tag), bytes.count == 5 else {
                throw DownloadError(detail: "application \(Hex.encode(aid)) without its action codes")
            }
            return TVR(rawValue: bytes.reduce(0) { $0 << 8 | UInt64($1) })
        }
        self.init(
            aid: aid, tacDenial: try actionCode(0xDF13), tacOnline: try actionCode(0xDF12),
            tacDefault: try actionCode(0xDF11))
        if let match = value(0xDF01)?.first { allowsPartialMatch = match == 0 }
        if let number = value(0x9F09) ?? value(0x9F08), number.count == 2 {
            version = number.reduce(0) { $0 << 8 | UInt16($1) }
        }
        if let limit = value(0x9F1B), limit.count == 4 { floorLimit = limit.reduce(0) { $0 << 8 | Int64($1) } }
        if let list = value(0xDF14), (1...64).contains(list.count) { defaultDDOL = list }
        func percent(_ tag: TLV.Tag) -> Int? {
            value(tag)?.first.map { Int($0 >> 4) * 10 + Int($0 & 0x0F) }.flatMap { (0...99).contains($0) ? $0 : nil }
        }
        if let threshold = value(0xDF15), threshold.count == 4 {
            randomSelection.threshold = threshold.reduce(0) { $0 << 8 | Int64($1) }
        }
        if let most = percent(0xDF16) { randomSelection.maximumPercent = most }
        if let target = percent(0xDF17) { randomSelection.targetPercent = target }
    }
}
