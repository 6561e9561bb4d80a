import Foundation

@testable import Terminal

/// A folder with the example of docs/configuration.md and the files it names, for one test.
final class ConfigurationFolder {
    let path: String

    init() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "tender-configuration-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        path = folder.path
        for (name, mode) in [
            ("ca.pem", 0o644), ("terminal.pem", 0o644), ("terminal-key.pem", 0o600), ("open.pem", 0o644),
        ] {
            try Data("PEM".utf8).write(to: folder.appending(path: name))
            try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: "\(path)/\(name)")
        }
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// What a file with this text in the folder is read as.
    func load(_ text: String) throws -> Configuration {
        let file = "\(path)/tender.json"
        try text.write(toFile: file, atomically: true, encoding: .utf8)
        return try Configuration.load(file)
    }
}
