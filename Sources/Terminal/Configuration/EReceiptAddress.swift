import Payments

/// Where a customer finds a receipt on the web: an address in which the payment's own values are put.
public struct EReceiptAddress: Equatable, Sendable {
    /// What can be put in: nothing of the card.
    enum Placeholder: String, CaseIterable {
        /// The register's id, the acquirer's reference, the terminal's number, the amount in major units.
        case id, rrn, stan, amount
    }

    /// What is wrong with a template.
    enum Flaw: Error, Equatable {
        case notSecure, tooLong, notASCII, unclosed
        case unknown(String)
        case none

        /// For whoever writes the configuration.
        var words: String {
            let names = Placeholder.allCases.map { "{\($0.rawValue)}" }.joined(separator: ", ")
            return switch self {
            case .notSecure: "must begin with https:// and a host"
            case .tooLong: "must have at most 200 characters"
            case .notASCII: "must be of visible ASCII characters"
            case .unclosed: "has a brace without its other half"
            case .unknown(let name): "{\(name)} is unknown: take \(names)"
            case .none: "must have at least one of \(names)"
            }
        }
    }

    private enum Part: Equatable {
        case text(String)
        case value(Placeholder)
    }
    private let parts: [Part]

    /// Reads a template, `https://shop.example/r/{rrn}`.
    init(_ template: String) throws(Flaw) {
        guard template.utf8.count <= 200 else { throw .tooLong }
        guard template.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else { throw .notASCII }
        let scheme = "https://"
        guard template.hasPrefix(scheme), let first = template.dropFirst(scheme.count).first,
            first.isLetter || first.isNumber
        else { throw .notSecure }
        var parts: [Part] = []
        var rest = template[...]
        while let open = rest.firstIndex(where: { $0 == "{" || $0 == "}" }) {
            guard rest[open] == "{", let close = rest[open...].firstIndex(of: "}") else { throw .unclosed }
            let name = String(rest[rest.index(after: open)..<close])
            guard let placeholder = Placeholder(rawValue: name) else { throw .unknown(name) }
            parts += [.text(String(rest[..<open])), .value(placeholder)]
            rest = rest[rest.index(after: close)...]
        }
        guard !parts.isEmpty else { throw .none }
        self.parts = parts + [.text(String(rest))]
    }

    /// The address of one payment; nil where a value that it needs is not known. Values are percent-encoded (RFC 3986).
    func address(id: RequestID, rrn: String?, stan: String?, amount: Money) -> String? {
        var address = ""
        for part in parts {
            switch part {
            case .text(let text): address += text
            case .value(let placeholder):
                let value: String? =
                    switch placeholder {
                    case .id: id.rawValue
                    case .rrn: rrn
                    case .stan: stan
                    case .amount: "\(amount)"
                    }
                guard let value else { return nil }
                address += PathSegment.encode(value)
            }
        }
        return address
    }
}
