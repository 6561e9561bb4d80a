public import EMV
import Wire

/// What a card said of itself, for `card read`.
public struct CardReport: Sendable {
    /// Answer to reset.
    public let answerToReset: [UInt8]
    /// Whether it was read through the air.
    public let isContactless: Bool
    /// Whether it has a directory of its applications.
    public internal(set) var directory = "none"
    /// Its applications, as it names them.
    public internal(set) var applications: [Application] = []
    /// Whether the card was there to the end.
    public internal(set) var isComplete = true
    /// What went wrong with the card as a whole; empty if nothing did.
    public internal(set) var note = ""

    /// One application.
    public struct Application: Sendable {
        /// Its name (4F or 84).
        public let aid: [UInt8]
        /// Whether this terminal takes it.
        public let isAccepted: Bool
        /// What the card answered, in order.
        var answers: [Answer]
        /// Offline data authentication; nil if it did not come to it.
        public internal(set) var findings: KernelFindings?
        /// Why reading ended early; empty if it did not.
        public internal(set) var failure = ""

        /// The first value with this tag.
        func value(_ tag: TLV.Tag) -> [UInt8]? {
            answers.lazy.flatMap(\.objects).first { $0.tag == tag }.map { Array($0.value) }
        }
    }

    /// One answer and what is in it.
    struct Answer: Sendable {
        let title: String
        /// All objects, those inside others too.
        let objects: [TLV]

        init(_ title: String, _ objects: [TLV]) {
            self.title = title
            self.objects = objects
        }

        /// What belongs to the application with this name; nil for other answers, and for those without data.
        init?(_ command: CommandAPDU, _ bytes: [UInt8], of aid: [UInt8]) {
            guard let response = Response(bytes: bytes), response.status == .success, !response.data.isEmpty else {
                return nil
            }
            var objects = TLV.flat(response.data)
            switch command.ins {
            case 0xA4:
                guard command.data == aid else { return nil }
                title = "SELECT"
            case 0xA8:
                title = "GET PROCESSING OPTIONS"
                // Format 1 has no tags (EMV 4.4 Book 3, 6.5.8.4).
                if let plain = objects.first, plain.tag == .responseFormat1, plain.value.count >= 2 {
                    objects = [TLV(.aip, plain.value.prefix(2)), TLV(.afl, plain.value.dropFirst(2))]
                }
            case 0xB2:
                guard !objects.contains(where: { $0.tag == .applicationTemplate }) else { return nil }
                title = "record \(command.p1) of file \(command.p2 >> 3)"
            case 0xCA: title = "GET DATA"
            default: return nil
            }
            self.objects = objects
        }
    }
}

// Words.
extension CardReport {
    /// The report in lines, explained; card data masked unless `reveal`.
    public func text(reveal: Bool) -> String {
        var lines = [
            Line("ATR", Hex.encode(answerToReset)), Line("interface", isContactless ? "contactless" : "contact"),
            Line("directory", directory),
        ]
        if !note.isEmpty { lines.append(Line("note", note)) }
        if applications.isEmpty { lines.append(Line("applications", "none that this terminal finds")) }
        let parts = applications.map { application in
            "\n"
                + Line.render([
                    Line("application", Hex.encode(application.aid), "", application.lines(reveal))
                ])
        }
        let remark =
            isContactless
            ? "The applications were not opened: through the air that alone makes a card give a cryptogram."
            : "No cryptogram was asked for and no PIN tried. Opening an application counts its ATC up by one."
        return Line.render(lines) + parts.joined() + (applications.isEmpty ? "" : "\n\(remark)")
    }

    /// The same as JSON.
    public func json(reveal: Bool) -> JSONValue {
        .object([
            .init("atr", .string(Hex.encode(answerToReset))), .init("contactless", .bool(isContactless)),
            .init("directory", .string(directory)), .init("note", .string(note)),
            .init("applications", .array(applications.map { $0.json(reveal) })),
        ])
    }
}

extension CardReport.Application {
    private var label: String { value(.applicationLabel).flatMap { GB18030.decodeClean($0) } ?? "" }

    private func number(_ tag: TLV.Tag) -> Int? {
        value(tag).flatMap { $0.count <= 4 ? $0.reduce(0) { $0 << 8 | Int($1) } : nil }
    }

    private static let counters: [(tag: TLV.Tag, label: String, key: String)] = [
        (.atc, "ATC", "atc"), (.lastOnlineATC, "last online ATC", "lastOnlineATC"),
        (.pinTryCounter, "PIN tries left", "pinTriesLeft"),
    ]

    fileprivate func lines(_ reveal: Bool) -> [Line] {
        var lines = [Line("label", label), Line("accepted here", isAccepted ? "yes" : "no")]
        for counter in Self.counters {
            if let number = number(counter.tag) { lines.append(Line(counter.label, String(number))) }
        }
        if let findings { lines.append(Line("ODA", findings.authenticationSummary, findings.obstacle)) }
        if !failure.isEmpty { lines.append(Line("ended", failure)) }
        for answer in answers {
            let inside = answer.objects.filter { !$0.tag.isConstructed }.map { TLVInspection.line($0, reveal: reveal) }
            if !inside.isEmpty { lines.append(Line(answer.title, "", "", inside)) }
        }
        return lines
    }

    fileprivate func json(_ reveal: Bool) -> JSONValue {
        var members: [JSONValue.Member] = [
            .init("aid", .string(Hex.encode(aid))), .init("label", .string(label)),
            .init("accepted", .bool(isAccepted)),
        ]
        for counter in Self.counters {
            members.append(.init(counter.key, number(counter.tag).map { .number($0) } ?? .null))
        }
        members.append(.init("oda", findings?.authenticationJSON ?? .null))
        for (key, tag, kind) in [
            ("aip", TLV.Tag.aip, ValueInspection.Kind.aip), ("auc", .usageControl, .auc), ("cvmList", .cvmList, .cvm),
        ] {
            members.append(.init(key, value(tag).flatMap { try? ValueInspection(kind, $0) }?.json ?? .null))
        }
        members.append(.init("failure", .string(failure)))
        members.append(
            .init(
                "answers",
                .array(
                    answers.map { answer in
                        .object([
                            .init("title", .string(answer.title)),
                            .init(
                                "objects",
                                .array(
                                    answer.objects.filter { !$0.tag.isConstructed }.map {
                                        TLVInspection.member($0, reveal: reveal)
                                    })),
                        ])
                    })))
        return .object(members)
    }
}
