import FoundationEssentials
import Wire

/// Sections of `Tests/Fixtures/PaymentCryptography/vectors.txt`: rows of columns.
enum Vectors {
    static func rows(_ section: String) -> [[String]] {
        let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "Fixtures/PaymentCryptography/vectors.txt")
        guard let text = try? String(contentsOf: file, encoding: .utf8) else { return [] }
        let lines = text.split(separator: "\n").drop { $0 != "[\(section)]" }.dropFirst()
        return lines.prefix { !$0.hasPrefix("[") }.filter { !$0.hasPrefix("#") }
            .map { $0.split(separator: " ").map { $0 == "-" ? "" : String($0) } }
    }
}

extension String {
    /// The bytes that this hexadecimal text spells.
    var bytes: [UInt8] { get throws { try Hex.decode(self) } }
}
