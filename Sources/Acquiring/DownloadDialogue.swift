public import ISO8583
public import Payments
import Wire

/// The messages of one download, in order: says which is next, takes its answer, and has everything at the end. A value,
/// so that every link comes to the same; half of it is nothing.
public struct DownloadDialogue: Equatable, Sendable {
    /// What is asked for next.
    private enum Step: Equatable {
        /// The part of the list after the entries that have come; of terminal parameters: all.
        case list
        /// The entry at this place of the list.
        case entry(Int)
        /// To be told that it is over.
        case end
        case done
    }

    private let kind: Download
    private var step = Step.list
    /// What the lists brought: names of entries, or the entries themselves.
    private var listed: [[UInt8]] = []
    private var entries: [[TLV]] = []
    private var parameters = CodedValues([])

    /// A download that has not begun.
    public init(_ kind: Download) { self.kind = kind }

    /// Everything, once it is there.
    public private(set) var downloaded: Downloaded?

    /// The next message, under this number. Throws once the download is over.
    public func request(in dialect: UnionPayDialect, stan: STAN, batch: BatchNumber) throws(MessageError) -> Frame {
        switch step {
        case .list:
            // The lists of what is fetched entry by entry are asked for as queries.
            var message = try dialect.management(kind.isByEntry ? 0x0820 : 0x0800, stan, batch, network: kind.list)
            if let digits = kind.counterDigits { try message.set(62, "1" + Digits.padded(listed.count, digits)) }
            return dialect.frame(message)
        case .entry(let index):
            guard let entry = kind.entry, listed.indices.contains(index) else { break }
            var message = try dialect.management(0x0800, stan, batch, network: entry)
            try message.set(62, listed[index])
            return dialect.frame(message)
        case .end:
            guard let end = kind.end else { break }
            return dialect.frame(try dialect.management(0x0800, stan, batch, network: end))
        case .done: break
        }
        throw MessageError(.invalidValue, at: 0, in: "F60")
    }

    /// Takes the answer to the message. Throws why the download has failed.
    public mutating func take(_ answer: Exchange.Answer) throws(AcquiringError) {
        let content = try answer.approval().bytes(62).map(Array.init) ?? []
        do throws(MessageError) {
            switch step {
            case .list where kind == .terminalParameters:
                parameters = try CodedValues(decoding: content, lengths: CodedValues.parameters)
                finish()
            case .list: try takeList(content)
            case .entry(let index): try takeEntry(content, index)
            case .end: finish()
            case .done: break
            }
        } catch {
            throw AcquiringError(.badReply, "download of \(kind.rawValue): \(error)")
        }
    }

    private mutating func takeList(_ content: [UInt8]) throws(MessageError) {
        guard let progress = content.first.map({ ParameterList.Progress(rawValue: $0) }) else {
            throw MessageError(.truncated, at: 0, in: "F62")
        }
        let part = try kind.split(Array(content.dropFirst()))
        listed += part
        switch progress {
        // Some say 3.
        case .more, .init(rawValue: 0x33):
            // A list that brings nothing, or more than its counter can say, would be asked for without end.
            guard !part.isEmpty, String(listed.count).utf8.count <= kind.counterDigits ?? 0 else {
                throw MessageError(.invalidLength, at: 1, in: "F62")
            }
        case .none, .complete: step = kind.isByEntry && !listed.isEmpty ? .entry(0) : .end
        default: throw MessageError(.invalidValue, at: 0, in: "F62")
        }
    }

    private mutating func takeEntry(_ content: [UInt8], _ index: Int) throws(MessageError) {
        let reply = try ParameterList(decoding: content)
        let name = (try? TLV.parse(listed[index])) ?? []
        guard reply.progress == .complete, name.allSatisfy({ reply.objects.contains($0) }) else {
            throw MessageError(.invalidValue, at: 0, in: "F62")
        }
        entries.append(reply.objects)
        step = index + 1 < listed.count ? .entry(index + 1) : .end
    }

    private mutating func finish() {
        step = .done
        downloaded =
            switch kind {
            case .terminalParameters: .terminalParameters(parameters)
            case .caPublicKeys: .caPublicKeys(entries)
            case .applications: .applications(entries)
            case .contactlessParameters:
                .contactlessParameters(
                    listed.map {
                        Downloaded.ContactlessParameter(
                            tag: String(decoding: $0.prefix(6), as: UTF8.self), value: Array($0.dropFirst(9)))
                    })
            case .blacklist: .blacklist(listed.map { String(decoding: $0.dropFirst(2), as: UTF8.self) })
            }
    }
}

extension Download {
    /// 60.3 of the message that asks for all, or for the list.
    fileprivate var list: String {
        switch self {
        case .terminalParameters: "360"
        case .caPublicKeys: "372"
        case .applications: "382"
        case .contactlessParameters: "394"
        case .blacklist: "390"
        }
    }

    /// 60.3 of the message that asks for one entry of the list; nil where the list has them whole.
    fileprivate var entry: String? {
        switch self {
        case .caPublicKeys: "370"
        case .applications: "380"
        case .terminalParameters, .contactlessParameters, .blacklist: nil
        }
    }

    fileprivate var isByEntry: Bool { entry != nil }

    /// 60.3 of the message that ends it; nil where one message is all.
    fileprivate var end: String? {
        switch self {
        case .terminalParameters: nil
        case .caPublicKeys: "371"
        case .applications: "381"
        case .contactlessParameters: "395"
        case .blacklist: "391"
        }
    }

    /// How many digits tell the acquirer how much of the list has come.
    fileprivate var counterDigits: Int? {
        switch self {
        case .terminalParameters: nil
        case .caPublicKeys, .applications, .contactlessParameters: 2
        case .blacklist: 3
        }
    }

    /// The entries of a part of the list.
    fileprivate func split(_ content: [UInt8]) throws(MessageError) -> [[UInt8]] {
        switch self {
        case .terminalParameters: []
        case .caPublicKeys: try names(content, of: [0x9F06, 0x9F22])
        case .applications: try names(content, of: [0x9F06])
        case .contactlessParameters: try lengthed(content, after: 6, digits: 3)
        case .blacklist: try lengthed(content, after: 0, digits: 2)
        }
    }

    /// What names each entry of a list of data objects. An entry begins with an application identifier (9F06).
    private func names(_ content: [UInt8], of tags: [TLV.Tag]) throws(MessageError) -> [[UInt8]] {
        guard let objects = try? TLV.parse(content) else { throw MessageError(.invalidObject, at: 1, in: "F62") }
        let starts = objects.indices.filter { objects[$0].tag == 0x9F06 }
        guard objects.isEmpty || starts.first == 0 else { throw MessageError(.invalidObject, at: 1, in: "F62") }
        var names: [[UInt8]] = []
        for (place, start) in starts.enumerated() {
            let entry = objects[start..<(place + 1 < starts.count ? starts[place + 1] : objects.count)]
            let name = tags.compactMap { tag in entry.first { $0.tag == tag } }
            guard name.count == tags.count else { throw MessageError(.invalidObject, at: 1, in: "F62") }
            names.append(TLV.encode(name))
        }
        return names
    }

    /// Entries of ASCII: so many characters, then the value's length in digits, then the value.
    private func lengthed(
        _ content: [UInt8], after prefix: Int, digits: Int
    ) throws(MessageError) -> [[UInt8]] {
        var entries: [[UInt8]] = []
        var rest = content[...]
        while !rest.isEmpty {
            let head = prefix + digits
            guard rest.count >= head, rest.dropFirst(prefix).prefix(digits).allSatisfy({ (0x30...0x39).contains($0) })
            else { throw MessageError(.truncated, at: 1, in: "F62") }
            let length = rest.dropFirst(prefix).prefix(digits).reduce(0) { $0 * 10 + Int($1 - 0x30) }
            guard rest.count >= head + length else { throw MessageError(.truncated, at: 1, in: "F62") }
            entries.append(Array(rest.prefix(head + length)))
            rest = rest.dropFirst(head + length)
        }
        return entries
    }
}
