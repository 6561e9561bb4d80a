import PaymentCryptography
import Payments

/// Seals account numbers, each for its own record: one that is moved to another record does not open there.
struct Vault {
    private let key: SecretBytes
    private let markKey: SecretBytes
    private let path: String

    /// A vault whose `key` is 32 bytes.
    init(key: SecretBytes, path: String) throws(JournalError) {
        guard key.count == 32 else { throw JournalError(.wrongKey, path: path, "\(key.count) bytes, not 32") }
        self.key = key
        self.path = path
        do throws(CryptographyError) {
            markKey = SecretBytes(try MessageAuthentication.hmacSHA256(key, over: Array("tender journal card".utf8)))
        } catch {
            throw JournalError(.database, path: path, "card marks: \(error)")
        }
    }

    func seal(_ pan: PAN, at sequence: Int) throws(JournalError) -> [UInt8] {
        try seal(Array(pan.digits.utf8), Self.label(sequence))
    }

    func open(_ sealed: [UInt8], at sequence: Int) throws(JournalError) -> PAN {
        guard let plain = try? AESGCM.open(sealed, key: key, associated: Self.label(sequence)),
            let pan = PAN(plain.withBytes { String(decoding: $0, as: UTF8.self) })
        else { throw JournalError(.damaged, path: path, "record \(sequence): the account number's seal is broken") }
        return pan
    }

    /// 16 bytes that are the same for the same account number, and tell nothing of it to who has not the key.
    func mark(_ pan: PAN) throws(JournalError) -> [UInt8] {
        do throws(CryptographyError) {
            return Array(try MessageAuthentication.hmacSHA256(markKey, over: Array(pan.digits.utf8)).prefix(16))
        } catch {
            throw JournalError(.database, path: path, "card mark: \(error)")
        }
    }

    /// A sealed nothing, by which the key is known again.
    func keyCheck() throws(JournalError) -> [UInt8] { try seal([], Self.label(0)) }

    /// Refuses a key that is not the one that made `keyCheck`.
    func check(_ keyCheck: [UInt8]) throws(JournalError) {
        guard (try? AESGCM.open(keyCheck, key: key, associated: Self.label(0))) != nil else {
            throw JournalError(.wrongKey, path: path, "not the key it was made with")
        }
    }

    private func seal(_ plain: [UInt8], _ label: [UInt8]) throws(JournalError) -> [UInt8] {
        do throws(CryptographyError) {
            return try AESGCM.seal(SecretBytes(plain), key: key, associated: label)
        } catch {
            throw JournalError(.database, path: path, "seal: \(error)")
        }
    }

    private static func label(_ sequence: Int) -> [UInt8] {
        Array("tender journal pan ".utf8) + bigEndian(Int64(sequence))
    }
}
