import Wire

/// What SELECT answers about a directory or an application (EMV 4.4 Book 1, 11.3.4).
struct FileControlInformation: Equatable, Sendable {
    /// Name of the file (84).
    let name: [UInt8]
    /// Objects of the proprietary template (A5).
    let objects: [TLV]

    /// Reads template 6F; nil unless it holds a name of 5–16 bytes and a proprietary template, each once.
    init?(_ bytes: [UInt8]) {
        guard let all = try? TLV.parse(bytes), all.count == 1, all[0].tag == .fciTemplate,
            let parts = try? all[0].children()
        else { return nil }
        let names = parts.filter { $0.tag == .dedicatedFileName }
        let templates = parts.filter { $0.tag == .fciProprietary }
        guard names.count == 1, templates.count == 1, (5...16).contains(names[0].value.count),
            let objects = try? templates[0].children()
        else { return nil }
        name = Array(names[0].value)
        self.objects = objects
    }

    func value(_ tag: TLV.Tag) -> [UInt8]? { objects.first { $0.tag == tag }.map { Array($0.value) } }

    /// The issuer's own objects (BF0C); none if they cannot be read.
    var discretionary: [TLV] {
        objects.first { $0.tag == .fciDiscretionary }.flatMap { try? $0.children() } ?? []
    }

    var label: [UInt8] { value(.applicationLabel) ?? [] }
    var preferredName: [UInt8] { value(.preferredName) ?? [] }
    var priority: UInt8 { value(.applicationPriority)?.first ?? 0 }
    var codeTable: UInt8? { value(.issuerCodeTable)?.first }
    /// The directory's file, 1–10; nil if the card says nothing or something else.
    var shortFileIdentifier: UInt8? {
        guard let value = value(.shortFileIdentifier), value.count == 1, (1...10).contains(value[0]) else {
            return nil
        }
        return value[0]
    }
}

/// An application as the payment system directory names it (EMV 4.4 Book 1, 12.2.3).
struct DirectoryEntry: Equatable, Sendable {
    let name: [UInt8]
    let label: [UInt8]
    let preferredName: [UInt8]
    let priority: UInt8

    /// The applications of one record. Entries without a usable name (4F) are passed over.
    static func entries(in record: [UInt8]) throws(WireError) -> [DirectoryEntry] {
        let all = try TLV.parse(record)
        guard all.count == 1, all[0].tag == .record else { throw WireError(.invalidTag, at: 0) }
        var entries: [DirectoryEntry] = []
        for template in try all[0].children() where template.tag == .applicationTemplate {
            let objects = try template.children()
            let value = { (tag: TLV.Tag) in objects.first { $0.tag == tag }.map { Array($0.value) } ?? [] }
            let name = value(.aid)
            guard (5...16).contains(name.count) else { continue }
            entries.append(
                DirectoryEntry(
                    name: name, label: value(.applicationLabel), preferredName: value(.preferredName),
                    priority: value(.applicationPriority).first ?? 0))
        }
        return entries
    }
}
