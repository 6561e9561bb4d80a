import FoundationEssentials
import ISO8583
import Payments
import Testing
import Wire

@testable import Acquiring

/// The messages of one transaction as they travel: each in hexadecimal, then field by field, then what it was understood
/// as. Golden: `RECORD=1` in the environment writes them anew; review the difference.
struct Transcript {
    let dialect: UnionPayDialect
    private var lines: [String] = []

    init(_ dialect: UnionPayDialect) { self.dialect = dialect }

    /// A request on its way; returns what would wait for its answer.
    mutating func request(_ frame: Frame, _ title: String = "request", mac: Bool = true) throws -> Exchange {
        let exchange = try Exchange(frame, in: dialect, macKey: mac ? Sample.macKey() : nil)
        add(title, exchange.request)
        return exchange
    }

    /// The reply that an acquirer gives: what it repeats of the request, `00`, what it always adds, and `change`.
    mutating func reply(
        _ exchange: Exchange, mac: Bool = true, _ change: (inout Message) throws -> Void = { _ in }
    ) throws -> Exchange.Answer {
        let request = exchange.request
        var reply = Message(request.message.mti.reply, table: dialect.table)
        for field in [3, 4, 11, 25, 41, 42, 49, 60] {
            if let text = request.message.text(field) { try reply.set(field, text) }
        }
        try reply.set(12, "080509")
        try reply.set(13, "0310")
        try reply.set(39, "00")
        if mac {
            try reply.set(15, "0310")
            try reply.set(37, "091234567890")
            try reply.set(44, Institutions(issuer: "01030000", acquirer: "48021000").encoded)
            try reply.set(63, Remarks(organisation: "CUP", terminal: "THANKS").encoded)
        }
        try change(&reply)
        var frame = Frame(tpdu: request.tpdu.swapped, header: request.header, message: reply)
        if mac { frame = try dialect.sealed(frame, with: Sample.macKey()) }
        add("reply", frame)
        return exchange.answer(frame.encoded)
    }

    mutating func understood(_ what: String) { lines.append("= \(what)\n") }

    private mutating func add(_ title: String, _ frame: Frame) {
        lines.append("# \(title)")
        let hex = Hex.encode(frame.encoded)
        var rest = hex[...]
        while !rest.isEmpty {
            lines.append(String(rest.prefix(100)))
            rest = rest.dropFirst(100)
        }
        lines.append("header \(Hex.encode(frame.header.bytes)) type \(frame.message.mti)")
        for field in frame.message.fields {
            let bytes = frame.message.bytes(field) ?? []
            let isText = bytes.allSatisfy { (0x20..<0x7F).contains($0) } || dialect.table[field]?.isPacked == true
            let value = isText ? frame.message.text(field) : nil
            // Spaces at the end are in the hexadecimal.
            let shown = (value ?? Hex.encode(bytes)).split(separator: " ").joined(separator: " ")
            lines.append("F\(Digits.padded(field, 2)) \(shown)")
        }
        lines.append("")
    }

    /// Compares with the golden file of this name.
    func check(_ name: String) throws {
        let folder = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
        let path = "\(folder)/Fixtures/\(name).txt"
        let text = lines.joined(separator: "\n")
        if ProcessInfo.processInfo.environment["RECORD"] == "1" {
            try text.write(toFile: path, atomically: true, encoding: .utf8)
        }
        #expect(try String(contentsOfFile: path, encoding: .utf8) == text, "transcript \(name)")
    }
}

extension Reply {
    /// What a transcript says of it.
    var words: String {
        let parts = [
            code, text.english, amount.map { "amount \($0)" }, balance.map { "balance \($0)" }, rrn.map { "rrn \($0)" },
            authorizationCode.map { "code \($0)" },
        ]
        return parts.compactMap { $0 }.joined(separator: ", ")
    }
}

extension AuthorizeResult {
    var words: String {
        guard case .replied(let reply) = self else { return "\(self)" }
        return reply.words
    }
}

extension DeliverResult {
    var words: String {
        guard case .answered(let reply, let accepted) = self else { return "\(self)" }
        return (accepted ? "accepted: " : "refused: ") + reply.words
    }
}
