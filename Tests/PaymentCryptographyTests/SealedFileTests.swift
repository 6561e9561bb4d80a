import FoundationEssentials
import Payments
import Testing

@testable import PaymentCryptography

/// Each test has a folder of its own, which goes with it.
final class SealedFileTests {
    private let folder: URL
    private var path: String { folder.appending(path: "file").path }

    init() throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "tender-sealed-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    @Test func `what was written last is read`() throws {
        let file = try open()
        #expect(try file.contents() == nil)
        for length in [0, 1, 1000, SealedFile.limit] {
            let contents = SecretBytes([UInt8](repeating: 0x5A, count: length))
            try file.replace(contents)
            #expect(try open().contents() == contents)
        }
        let tooLong = SecretBytes([UInt8](repeating: 0, count: SealedFile.limit + 1))
        #expect(reason { try file.replace(tooLong) } == .wrongLength)
        #expect(try file.contents()?.count == SealedFile.limit)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() == ["file", "kek"])
        #expect(try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int == 0o600)
    }

    @Test func `a cut, changed or foreign file is refused and kept`() throws {
        let contents = SecretBytes("operators".utf8)
        try open().replace(contents)
        let whole = try Data(contentsOf: URL(filePath: path))
        for count in 0..<whole.count { try refuses(whole.prefix(count)) }
        for index in whole.indices {
            var changed = whole
            changed[index] ^= 1
            try refuses(changed)
        }
        try refuses(whole + [0])
        try refuses(Data(repeating: 0, count: 70_000))
        try write(whole)
        #expect(try open().contents() == contents)
        #expect(reason { _ = try open(label: "other").contents() } == .damagedFile)
        try FileManager.default.removeItem(at: folder.appending(path: "kek"))
        #expect(reason { _ = try open().contents() } == .damagedFile)
    }

    @Test(arguments: [0o644, 0o640, 0o400]) func `other modes are refused`(mode: Int) throws {
        try open().replace(SecretBytes([1]))
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
        #expect(reason { _ = try open().contents() } == .insecureFile)
    }

    private func refuses(_ data: Data) throws {
        try write(data)
        #expect(reason { _ = try open().contents() } == .damagedFile)
        #expect(try Data(contentsOf: URL(filePath: path)) == data)
    }

    private func write(_ data: Data) throws {
        try data.write(to: URL(filePath: path))
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
    }

    private func open(label: String = "test") throws -> SealedFile {
        SealedFile(
            path: path, key: try FileKeyEncryptionKey(path: folder.appending(path: "kek").path), label: label)
    }
}
