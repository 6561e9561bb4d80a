import FoundationEssentials
import Payments
import Testing
import Wire

@testable import PaymentCryptography

/// Each test has a folder of its own, which goes with it.
final class KeyStoreTests {
    private let folder: URL
    private var sealPath: String { folder.appending(path: "kek").path }
    private var path: String { folder.appending(path: "keys.json").path }
    private let morning = LocalDateTime(year: 2026, month: 11, day: 22, hour: 8, minute: 0, second: 0)
    private let noon = LocalDateTime(year: 2026, month: 11, day: 22, hour: 12, minute: 0, second: 0)

    init() throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "tender-keys-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    @Test func `keys are there again after a restart`() throws {
        let store = try open()
        #expect(store.masterKey == nil && store.workingKeys == nil && !store.isPublishedTestKey)
        #expect(!FileManager.default.fileExists(atPath: path), "asking writes nothing")
        let master = try CipherKey(TestKeys.terminalMasterKey)
        try store.load(masterKey: master, at: morning)
        let working = try workingKeys(master)
        try store.replace(workingKeys: working, at: noon)
        let journalKey = try store.journalKey()
        #expect(try store.journalKey() == journalKey)

        let again = try open()
        #expect(again.masterKey == master)
        #expect(again.workingKeys == working)
        #expect(again.isPublishedTestKey)
        #expect(try again.journalKey() == journalKey)
        #expect(try again.status() == store.status())
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() == ["kek", "keys.json"])
    }

    @Test func `the status tells check values and times`() throws {
        let store = try open()
        let master = try CipherKey(TestKeys.terminalMasterKey)
        try store.load(masterKey: master, at: morning)
        #expect(try store.status().signedInAt == nil)
        try store.replace(workingKeys: workingKeys(master), at: noon)
        let status = try store.status()
        #expect(status.loadedAt == morning && status.signedInAt == noon && status.isPublishedTestKey)
        #expect(try status.masterKey?.checkValue == Hex.encode(master.checkValue()))
        #expect(try status.macKey?.checkValue == Hex.encode(CipherKey("C24A8FB57AA20123".bytes).checkValue()))
        #expect(status.pinKey != nil && status.trackKey != nil)
    }

    @Test func `another master key takes the working keys away`() throws {
        let store = try open()
        let master = try CipherKey(TestKeys.terminalMasterKey)
        try store.load(masterKey: master, at: morning)
        try store.replace(workingKeys: workingKeys(master), at: morning)
        try store.load(masterKey: CipherKey("0123456789ABCDEFFEDCBA9876543210".bytes), at: noon)
        #expect(store.workingKeys == nil && !store.isPublishedTestKey)
        #expect(try open().workingKeys == nil)
    }

    @Test func `a sign-in with one wrong check value gives no keys`() throws {
        let master = try CipherKey(TestKeys.terminalMasterKey)
        let good = try encrypted("0123456789ABCDEFFEDCBA9876543210", master)
        let bad = EncryptedKey(cipherText: good.cipherText, checkValue: [0, 0, 0, 0], algorithm: .tripleDES)
        for (pin, mac, track) in [(bad, good, good), (good, bad, good), (good, good, bad)] {
            #expect(
                reason { _ = try WorkingKeys(pinKey: pin, macKey: mac, trackKey: track, under: master) }
                    == .wrongCheckValue)
        }
        let sm4 = EncryptedKey(cipherText: good.cipherText, checkValue: good.checkValue, algorithm: .sm4)
        #expect(
            reason { _ = try WorkingKeys(pinKey: good, macKey: sm4, trackKey: nil, under: master) } == .unsuitable)
    }

    @Test func `no key stands in clear on the disk`() throws {
        let store = try open()
        let master = try CipherKey(TestKeys.terminalMasterKey)
        try store.load(masterKey: master, at: morning)
        try store.replace(workingKeys: workingKeys(master), at: noon)
        let journalKey = Hex.encode(try store.journalKey().withBytes { Array($0) })
        let text = try String(contentsOf: URL(filePath: path), encoding: .utf8).uppercased()
        #expect(text.contains(Hex.encode(try master.checkValue())))
        for secret in [
            "70F2A84CCBC2AE8625CBB0F2C22AB923", "C24A8FB57AA20123", "96D605EA176B7E9E", "55036372B17543EC", journalKey,
        ] {
            #expect(!text.contains(secret))
        }
        for file in [path, sealPath] {
            let attributes = try FileManager.default.attributesOfItem(atPath: file)
            #expect(attributes[.posixPermissions] as? Int == 0o600)
        }
    }

    @Test func `a cut or changed file is refused and kept`() throws {
        let store = try open()
        let master = try CipherKey(TestKeys.terminalMasterKey)
        try store.load(masterKey: master, at: morning)
        try store.replace(workingKeys: workingKeys(master), at: noon)
        let whole = try Data(contentsOf: URL(filePath: path))
        for count in stride(from: 0, to: whole.count - 1, by: 7) {
            try write(whole.prefix(count))
            #expect(reason { _ = try open() } == .damagedFile)
            #expect(try Data(contentsOf: URL(filePath: path)) == whole.prefix(count))
        }
        let text = String(decoding: whole, as: UTF8.self)
        let sealed = text.split(separator: "\"").filter { $0.count > 40 && $0.allSatisfy(\.isHexDigit) }
        #expect(sealed.count == 4)
        for seal in sealed {
            let last = try #require(seal.last)
            try write(Data(text.replacing(seal, with: seal.dropLast() + (last == "0" ? "1" : "0")).utf8))
            #expect(reason { _ = try open() } == .damagedFile)
        }
        // Two sealed keys that change places.
        try write(
            Data(
                text.replacing(sealed[0], with: "X").replacing(sealed[1], with: sealed[0]).replacing(
                    "X", with: sealed[1]
                ).utf8))
        #expect(reason { _ = try open() } == .damagedFile)
        try write(Data(text.replacing("\"version\" : 1", with: "\"version\" : 2").utf8))
        #expect(reason { _ = try open() } == .damagedFile)
        try write(Data(repeating: 0x20, count: 70_000))
        #expect(reason { _ = try open() } == .damagedFile)
        try write(whole)
        #expect(try open().masterKey == master)
    }

    @Test func `another key-encryption key does not open the file`() throws {
        try open().load(masterKey: CipherKey(TestKeys.terminalMasterKey), at: morning)
        try FileManager.default.removeItem(atPath: sealPath)
        #expect(reason { _ = try open() } == .damagedFile)
    }

    @Test(arguments: [0o644, 0o640, 0o660, 0o604, 0o700, 0o400])
    func `other modes are refused, and the error names path and mode`(mode: Int) throws {
        try open().load(masterKey: CipherKey(TestKeys.terminalMasterKey), at: morning)
        for file in [path, sealPath] {
            try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: file)
            do {
                _ = try open()
                Issue.record("opened with mode \(mode)")
            } catch let error as CryptographyError {
                #expect(error.reason == .insecureFile)
                #expect(error.subject == "\(file): mode 0\(String(mode, radix: 8)), must be 0600")
            }
            try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: file)
        }
        _ = try open()
    }

    @Test func `links, folders and short key-encryption keys are refused`() throws {
        for length in [0, 31, 33] {
            try write(Data(repeating: 1, count: length), to: sealPath)
            #expect(reason { _ = try FileKeyEncryptionKey(path: sealPath) } == .damagedFile)
        }
        let target = folder.appending(path: "real")
        try write(Data(repeating: 1, count: 32), to: target.path)
        try FileManager.default.removeItem(atPath: sealPath)
        try FileManager.default.createSymbolicLink(at: URL(filePath: sealPath), withDestinationURL: target)
        #expect(reason { _ = try FileKeyEncryptionKey(path: sealPath) } == .unusableFile)
        #expect(reason { _ = try FileKeyEncryptionKey(path: folder.path) } == .insecureFile)
        let nowhere = folder.appending(path: "no/such").path
        #expect(reason { _ = try FileKeyEncryptionKey(path: nowhere) } == .unusableFile)
    }

    @Test func `many that come at once get one key-encryption key`() async throws {
        let path = sealPath
        let sealed = try FileKeyEncryptionKey(path: path).seal(SecretBytes([1, 2, 3]), label: "x")
        try FileManager.default.removeItem(atPath: path)
        let keys = try await withThrowingTaskGroup(of: FileKeyEncryptionKey.self) { group in
            for _ in 0..<16 { group.addTask { try FileKeyEncryptionKey(path: path) } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        let first = try #require(keys.first)
        let shared = try first.seal(SecretBytes([4, 5, 6]), label: "x")
        for key in keys {
            #expect(try key.open(shared, label: "x") == SecretBytes([4, 5, 6]))
            #expect(reason { _ = try key.open(shared, label: "y") } == .notAuthentic)
            #expect(reason { _ = try key.open(sealed, label: "x") } == .notAuthentic)
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["kek"])
    }

    @Test func `what cannot be stored is not used`() throws {
        let store = try open()
        try FileManager.default.removeItem(at: folder)
        let master = try CipherKey(TestKeys.terminalMasterKey)
        #expect(reason { try store.load(masterKey: master, at: morning) } == .unusableFile)
        #expect(store.masterKey == nil)
    }

    private func open() throws -> KeyStore {
        try KeyStore(path: path, keyEncryptionKey: FileKeyEncryptionKey(path: sealPath))
    }

    private func workingKeys(_ master: CipherKey) throws -> WorkingKeys {
        let mac = try CipherKey("C24A8FB57AA20123".bytes)
        return try WorkingKeys(
            pinKey: encrypted("0123456789ABCDEFFEDCBA9876543210", master),
            macKey: EncryptedKey(
                cipherText: "96D605EA176B7E9E0000000000000000".bytes, checkValue: mac.checkValue(),
                algorithm: .tripleDES),
            trackKey: encrypted("55036372B17543ECB173730768B8D6C4", master), under: master)
    }

    private func encrypted(_ clear: String, _ master: CipherKey) throws -> EncryptedKey {
        try EncryptedKey(
            cipherText: master.encryptECB(clear.bytes), checkValue: CipherKey(clear.bytes).checkValue(),
            algorithm: .tripleDES)
    }

    private func write(_ contents: Data, to path: String? = nil) throws {
        let path = path ?? self.path
        try contents.write(to: URL(filePath: path))
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
    }
}
