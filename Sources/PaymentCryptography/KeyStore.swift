import FoundationEssentials
public import Payments
import Synchronization
import Wire

/// The terminal's keys: in memory wiped when they are freed, on the disk sealed under a key-encryption key. One process
/// at a time may write them.
public final class KeyStore: Sendable {
    private let path: String
    private let keyEncryptionKey: any KeyEncryptionKey
    private let keys: Mutex<Keys>

    /// The keys in the file at `path`; none if there is no file.
    ///
    /// Throws `damagedFile` for a file that is cut, changed or sealed under another key-encryption key, and
    /// `insecureFile` for one that others could read or change. Such a file stays as it is.
    public init(path: String, keyEncryptionKey: any KeyEncryptionKey) throws(CryptographyError) {
        self.path = path
        self.keyEncryptionKey = keyEncryptionKey
        keys =
            if let contents = try OwnerOnlyFile.contents(of: path, limit: 65536) {
                try Mutex(Self.keys(in: contents, path, keyEncryptionKey))
            } else {
                Mutex(Keys())
            }
    }

    /// The terminal master key (TMK); nil before it is loaded.
    public var masterKey: CipherKey? { keys.withLock { $0.master } }

    /// The keys of the last sign-in; nil before it, and after another master key was loaded.
    public var workingKeys: WorkingKeys? { keys.withLock { $0.working } }

    /// Whether the master key is the published test key, the only one that simulation may use.
    public var isPublishedTestKey: Bool { masterKey?.bytes == TestKeys.terminalMasterKey }

    /// The key of the account numbers in the journal, 32 bytes. Made and stored when it is first asked for.
    public func journalKey() throws(CryptographyError) -> SecretBytes {
        if let key = keys.withLock({ $0.journal }) { return key }
        let made = try RandomBytes.secret(32)
        return try change { keys in
            let key = keys.journal ?? made
            keys.journal = key
            return key
        }
    }

    /// Stores another terminal master key and forgets the working keys that came under the old one.
    public func load(masterKey: CipherKey, at time: LocalDateTime) throws(CryptographyError) {
        try change { keys in
            keys.master = masterKey
            keys.loadedAt = time
            keys.working = nil
            keys.signedInAt = nil
        }
    }

    /// Stores the keys of a sign-in in place of the former ones.
    public func replace(workingKeys: WorkingKeys, at time: LocalDateTime) throws(CryptographyError) {
        try change { keys in
            keys.working = workingKeys
            keys.signedInAt = time
        }
    }

    /// Check values and times, never keys.
    public func status() throws(CryptographyError) -> KeyStatus {
        let keys = keys.withLock { $0 }
        func entry(_ key: CipherKey?) throws(CryptographyError) -> KeyStatus.Entry? {
            guard let key else { return nil }
            return KeyStatus.Entry(algorithm: key.algorithm, checkValue: Hex.encode(try key.checkValue()))
        }
        return KeyStatus(
            masterKey: try entry(keys.master), loadedAt: keys.loadedAt, isPublishedTestKey: isPublishedTestKey,
            pinKey: keys.working.map {
                KeyStatus.Entry(algorithm: $0.pinKey.algorithm, checkValue: Hex.encode($0.pinKey.checkValue))
            },
            macKey: try entry(keys.working?.macKey), trackKey: try entry(keys.working?.trackKey),
            signedInAt: keys.signedInAt)
    }

    private struct Keys: Sendable {
        var master: CipherKey?
        var loadedAt: LocalDateTime?
        var working: WorkingKeys?
        var signedInAt: LocalDateTime?
        var journal: SecretBytes?
    }

    /// What is on the disk. Sealed bytes are hexadecimal text.
    private struct Stored: Codable {
        struct Key: Codable {
            let algorithm: KeyAlgorithm
            let checkValue: String
            let sealed: String
        }
        struct Master: Codable {
            let key: Key
            let loadedAt: LocalDateTime
        }
        struct Working: Codable {
            let pin: Key
            let mac: Key
            let track: Key?
            let signedInAt: LocalDateTime
        }
        static let version = 1
        let version: Int
        let master: Master?
        let working: Working?
        let journal: String?
    }

    /// Writes the changed keys, and has them from then on: what is used is always on the disk.
    private func change<Result: Sendable>(
        _ body: (inout Keys) -> Result
    ) throws(CryptographyError) -> Result {
        try keys.withLock { (current) throws(CryptographyError) in
            var changed = current
            let result = body(&changed)
            try OwnerOnlyFile.replace(path, SecretBytes(encode(changed)))
            current = changed
            return result
        }
    }

    private func encode(_ keys: Keys) throws(CryptographyError) -> [UInt8] {
        func seal(_ secret: SecretBytes, _ label: String) throws(CryptographyError) -> String {
            Hex.encode(try keyEncryptionKey.seal(secret, label: label))
        }
        func stored(_ key: CipherKey, _ label: String) throws(CryptographyError) -> Stored.Key {
            Stored.Key(
                algorithm: key.algorithm, checkValue: Hex.encode(try key.checkValue()),
                sealed: try seal(key.bytes, label))
        }
        var master: Stored.Master?
        if let key = keys.master, let loadedAt = keys.loadedAt {
            master = Stored.Master(key: try stored(key, Label.master), loadedAt: loadedAt)
        }
        var working: Stored.Working?
        if let held = keys.working, let signedInAt = keys.signedInAt {
            let pin = Stored.Key(
                algorithm: held.pinKey.algorithm, checkValue: Hex.encode(held.pinKey.checkValue),
                sealed: try seal(SecretBytes(held.pinKey.cipherText), Label.pin))
            var track: Stored.Key?
            if let key = held.trackKey { track = try stored(key, Label.track) }
            working = Stored.Working(
                pin: pin, mac: try stored(held.macKey, Label.mac), track: track, signedInAt: signedInAt)
        }
        var journal: String?
        if let key = keys.journal { journal = try seal(key, Label.journal) }
        let file = Stored(version: Stored.version, master: master, working: working, journal: journal)
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        do { return Array(try encoder.encode(file)) } catch { throw CryptographyError(.unusableFile, "\(path): JSON") }
    }

    private static func keys(
        in contents: SecretBytes, _ path: String, _ keyEncryptionKey: any KeyEncryptionKey
    ) throws(CryptographyError) -> Keys {
        do {
            let file = try contents.withBytes { try JSONDecoder().decode(Stored.self, from: Data($0)) }
            guard file.version == Stored.version else {
                throw CryptographyError(.damagedFile, "\(path): version \(file.version) is not known")
            }
            func open(_ sealed: String, _ label: String) throws -> SecretBytes {
                try keyEncryptionKey.open(Hex.decode(sealed), label: label)
            }
            func key(_ stored: Stored.Key, _ label: String) throws -> CipherKey {
                let key = try CipherKey(open(stored.sealed, label), stored.algorithm)
                guard try Hex.encode(key.checkValue()) == stored.checkValue else {
                    throw CryptographyError(.damagedFile, "\(path): check value of the \(label) key")
                }
                return key
            }
            var keys = Keys()
            if let master = file.master {
                keys.master = try key(master.key, Label.master)
                keys.loadedAt = master.loadedAt
            }
            if let working = file.working {
                keys.working = WorkingKeys(
                    pinKey: EncryptedKey(
                        cipherText: try open(working.pin.sealed, Label.pin).withBytes { Array($0) },
                        checkValue: try Hex.decode(working.pin.checkValue), algorithm: working.pin.algorithm),
                    macKey: try key(working.mac, Label.mac),
                    trackKey: try working.track.map { try key($0, Label.track) })
                keys.signedInAt = working.signedInAt
            }
            keys.journal = try file.journal.map { try open($0, Label.journal) }
            return keys
        } catch let error as CryptographyError where error.reason == .damagedFile {
            throw error
        } catch let error as CryptographyError where error.reason == .notAuthentic {
            throw CryptographyError(.damagedFile, "\(path): changed, or sealed under another key-encryption key")
        } catch {
            throw CryptographyError(.damagedFile, "\(path): no whole key file")
        }
    }

    /// What each key is sealed as.
    private enum Label {
        static let master = "tender.master"
        static let pin = "tender.pin"
        static let mac = "tender.mac"
        static let track = "tender.track"
        static let journal = "tender.journal"
    }
}
