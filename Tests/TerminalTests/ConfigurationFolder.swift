import Foundation

@testable import Terminal

/// A folder with the files that the example of docs/configuration.md names, for one test.
final class ConfigurationFolder {
    let path: String

    init() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "tender-configuration-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        path = folder.path
        for name in ["ca.pem", "terminal.pem", "terminal-key.pem", "open.pem"] {
            try Data("PEM".utf8).write(to: folder.appending(path: name))
            let mode = name == "terminal-key.pem" ? 0o600 : 0o644
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
