import Acquiring
import Foundation
import ISO8583
import PaymentCryptography
import Payments
import Testing
import Wire

@testable import Terminal

/// What was fetched is kept as it came, sealed, one file a kind.
final class DownloadStoreTests {
    private let folder: URL

    init() throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "tender-downloads-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    private func store() throws -> DownloadStore {
        DownloadStore(
            folder: folder.path, key: try FileKeyEncryptionKey(path: folder.appending(path: "kek").path))
    }

    static let downloads: [Downloaded] = [
        .terminalParameters(CodedValues([.init("13", "3".utf8)], rest: [0x39, 0x39, 0x00])),
        .caPublicKeys([[TLV(0x9F06, [0xA0, 0, 0, 3, 0x33]), TLV(0x9F22, [8])], [TLV(0x9F06, [1])]]),
        .applications([[TLV(0x9F06, [0xA0]), TLV(0xDF11, [])]]),
        .contactlessParameters([
            .init(tag: "FF8058", value: Array("000000100000".utf8)), .init(tag: "FF8054", value: []),
        ]),
        .blacklist(["6200000000000021", "622588"]),
        .blacklist([]),
    ]

    @Test(arguments: downloads) func `What was kept comes back as it came`(data: Downloaded) throws {
        #expect(try store().kept(data.kind) == nil)
        try store().keep(data)
        #expect(try store().kept(data.kind) == data)
        for other in Download.allCases where other != data.kind { #expect(try store().kept(other) == nil) }
    }

    @Test func `A file that somebody changed is not read`() throws {
        try store().keep(.blacklist(["622588"]))
        let file = folder.appending(path: "download-blacklist")
        var bytes = try Data(contentsOf: file)
        bytes[bytes.count - 1] ^= 1
        try bytes.write(to: file)
        #expect(throws: CryptographyError.self) { try self.store().kept(.blacklist) }
    }
}
