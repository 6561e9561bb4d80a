import ArgumentParser
import EMV
import FoundationEssentials
import Payments
import SimulatedCards

/// `tender-sim cards list`
struct CardsListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the simulated cards.",
        discussion: """
            What is special about each, and how a sale of CNY 88.80 ends with it where the issuer can be reached. A habit can \
            be added to any card: unionpay-credit+mute@5; the names of the broken cards are such habits.
            """)

    @Flag(help: "Print one JSON array.") var json = false

    func run() throws {
        let rows = CardLibrary.all.map { CardRow($0) }
        guard !json else {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
            return Screen.line(String(decoding: try encoder.encode(rows), as: UTF8.self))
        }
        for row in rows { Screen.line(row.line) }
    }
}

/// A card in the list.
private struct CardRow: Encodable {
    let name: String
    let schemes: [String]
    let interfaces: [String]
    let authentication: String
    let chinese: String
    let english: String
    /// By interface.
    let end: [String: String]
    let endInEnglish: [String: String]
    let endInChinese: [String: String]

    init(_ card: CardProfile) {
        name = card.name
        schemes = CardScheme.allCases.filter { scheme in card.applications.contains { $0.account.scheme == scheme } }
            .map(\.rawValue)
        interfaces = card.interfaces.map(\.rawValue)
        authentication = card.applications.map(\.methods).first ?? "-"
        chinese = card.note.chinese
        english = card.note.english
        func ends(_ name: (CardEnd) -> String) -> [String: String] {
            let ends = card.interfaces.map { ($0.rawValue, name($0 == .contact ? card.end : card.tapEnd)) }
            return Dictionary(uniqueKeysWithValues: ends)
        }
        end = ends(\.rawValue)
        endInEnglish = ends(\.text.english)
        endInChinese = ends(\.text.chinese)
    }

    var line: String {
        let columns = [
            (name, 23), (schemes.joined(separator: ","), 11), (interfaces.joined(separator: "+"), 20),
            (authentication, 9),
        ]
        let head = columns.map { $0 + String(repeating: " ", count: max(1, $1 - $0.count)) }.joined()
        let ends = interfaces.map { "\(endInChinese[$0] ?? "") \(endInEnglish[$0] ?? "")" }
        return "\(head)\(chinese) \(english) → \(ends.joined(separator: " / "))"
    }
}

extension ApplicationProfile {
    /// How it proves to be genuine, over the contacts and without them.
    fileprivate var methods: String {
        var methods: [String] = []
        if hasContacts {
            let method =
                switch authentication {
                case .none: "-"
                case .sda: "SDA"
                case .dda: "DDA"
                case .cda: "CDA"
                }
            methods.append(method)
        }
        if let contactless {
            methods.append(contactless.kernel == .c2 ? "CDA" : contactless.offlineLimit > 0 ? "fDDA" : "-")
        }
        return methods.joined(separator: ",")
    }
}
