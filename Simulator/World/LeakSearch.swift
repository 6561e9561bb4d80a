import FoundationEssentials
import Payments

/// Looks for account numbers where none may be (M8).
struct LeakSearch {
    private let secrets: [[UInt8]]

    init(_ numbers: [String]) { secrets = numbers.map { Array($0.utf8) } }

    /// Whether a record, as the journal writes it, holds one in clear.
    func finds(in record: Record) -> Bool {
        guard let bytes = try? JSONEncoder().encode(record) else { return true }
        return finds(in: Array(bytes))
    }

    /// Whether a line holds one.
    func finds(in line: String) -> Bool { finds(in: Array(line.utf8)) }

    private func finds(in bytes: [UInt8]) -> Bool {
        secrets.contains { secret in
            guard let first = secret.first, bytes.count >= secret.count else { return false }
            return bytes.indices.dropLast(secret.count - 1).contains { start in
                bytes[start] == first && bytes[start..<start + secret.count].elementsEqual(secret)
            }
        }
    }
}
