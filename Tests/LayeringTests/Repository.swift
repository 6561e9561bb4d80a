import Foundation

/// The source files of this repository, found from where this file was compiled.
enum Repository {
    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    /// Paths of the Swift files below a folder, from the root on.
    static func swiftFiles(in folder: String) throws -> [String] {
        let base = root.appending(path: folder)
        guard let all = FileManager.default.enumerator(at: base, includingPropertiesForKeys: nil) else { return [] }
        return all.compactMap { $0 as? URL }.filter { $0.pathExtension == "swift" }
            .map { String($0.path.dropFirst(root.path.count + 1)) }.sorted()
    }

    static func text(_ path: String) throws -> String {
        try String(contentsOf: root.appending(path: path), encoding: .utf8)
    }

    /// The modules that a file imports.
    static func imports(_ path: String) throws -> [String] {
        try text(path).split(separator: "\n").compactMap { line in
            let words = line.split(whereSeparator: { $0 == " " || $0 == "\t" })
            guard let index = words.firstIndex(of: "import"), words.count > index + 1,
                words[..<index].allSatisfy({ $0.hasPrefix("@") || accessLevels.contains(String($0)) })
            else { return nil }
            let kinds = ["struct", "class", "enum", "protocol", "func", "var", "let", "typealias", "actor"]
            let isScoped = kinds.contains(String(words[index + 1])) && words.count > index + 2
            let name = words[index + (isScoped ? 2 : 1)]
            return String(name.prefix { $0 != "." && $0 != ";" && $0 != "/" })
        }
    }

    private static let accessLevels: Set<String> = ["public", "package", "internal", "fileprivate", "private"]
}
