import FoundationEssentials
import Glibc
import PaymentCryptography
import Payments
import SimulatedCards
import Synchronization
import Testing
import Wire

/// All that somebody could get hold of who has the terminal's disk, logs, receipts and interfaces, and the search in it
/// for what must never be there (M8).
final class Evidence: Sendable {
    private struct Item: Hashable {
        let name: String
        let bytes: [UInt8]
    }
    private let items = Mutex<Set<Item>>([])

    func add(_ name: String, _ bytes: [UInt8]) { items.withLock { _ = $0.insert(Item(name: name, bytes: bytes)) } }

    func add(_ name: String, _ text: String) { add(name, Array(text.utf8)) }

    /// Every file below `folder`, as it is now.
    func addFiles(in folder: String) {
        for name in (try? FileManager.default.subpathsOfDirectory(atPath: folder)) ?? [] {
            guard let data = FileManager.default.contents(atPath: "\(folder)/\(name)") else { continue }
            add(name, Array(data))
        }
    }

    /// A thing to look for.
    struct Secret {
        let name: String
        let bytes: [UInt8]
        /// Found only where neither a letter nor a digit stands beside it: for short ones.
        var standsAlone = false
        /// The digits that share a byte with what stands before and behind: found only between the two.
        var neighbours: (before: UInt8?, after: UInt8?) = (nil, nil)
    }

    /// Where which of `secrets` stands.
    func found(_ secrets: [Secret]) -> [String] {
        items.withLock { $0 }.flatMap { item in
            secrets.filter { Self.contains(item.bytes, $0) }.map { "\($0.name) stands in \(item.name)" }
        }
    }

    /// The forms in which an account, its PIN and its tracks could leak; `pinKey` is the key of enciphered PIN blocks.
    static func secrets(of account: TestAccount, tracks: Set<[UInt8]>, pinKey: CipherKey?) -> [Secret] {
        let digits = Array(account.number.utf8)
        var secrets = [
            Secret(name: "the PAN", bytes: digits),
            Secret(name: "the PIN", bytes: Array(account.pin.utf8), standsAlone: true),
        ]
        for start in 0...1 {
            let nibbles = digits.dropFirst(start).map { $0 & 0x0F }
            let packed = stride(from: 0, to: nibbles.count - 1, by: 2).map { nibbles[$0] << 4 | nibbles[$0 + 1] }
            // Test accounts are mostly zeros, as binary files are: every digit counts.
            let before = start == 1 ? digits.first.map { $0 & 0x0F } : nil
            let after = nibbles.count % 2 == 1 ? nibbles.last : nil
            secrets.append(Secret(name: "the PAN in BCD", bytes: packed, neighbours: (before, after)))
        }
        // Three digits alone stand everywhere: the verification number as it is typed, kept by mistake, and sent.
        secrets += [
            "cvn2\":\"\(account.cvn2)", "\"\(account.cvn2)\"", "cvn2: \(account.cvn2)", "CV003\(account.cvn2)",
        ].map { Secret(name: "the CVN2", bytes: Array($0.utf8)) }
        secrets += tracks.map { Secret(name: "track 2", bytes: $0) }
        let pin = account.pin.utf8.map { $0 & 0x0F } + [UInt8](repeating: 0x0F, count: 14 - account.pin.utf8.count)
        let block = [UInt8(account.pin.utf8.count)] + stride(from: 0, to: 14, by: 2).map { pin[$0] << 4 | pin[$0 + 1] }
        secrets.append(Secret(name: "the clear PIN field", bytes: block))
        if let pinKey, let pan = PAN(account.number),
            let sealed = try? PINBlock.encipher(SecretBytes(Array(account.pin.utf8)), pan: pan, under: pinKey)
        {
            secrets.append(Secret(name: "the enciphered PIN block", bytes: sealed.withBytes { Array($0) }))
        }
        return secrets
    }

    /// As bytes, or as hexadecimal text in either case.
    private static func contains(_ bytes: [UInt8], _ secret: Secret) -> Bool {
        let hex = Hex.encode(secret.bytes)
        var needles = [(secret.bytes, isText: false)]
        if !secret.standsAlone {
            needles += [(Array(hex.uppercased().utf8), true), (Array(hex.lowercased().utf8), true)]
        }
        return needles.contains { needle, isText in
            places(of: needle, in: bytes).contains { place in
                let before = place > 0 ? bytes[place - 1] : 0
                let after = place + needle.count < bytes.count ? bytes[place + needle.count] : 0
                guard secret.standsAlone else {
                    let (first, last) = secret.neighbours
                    return isText
                        ? (first.map { before == 0x30 | $0 } ?? true) && (last.map { after == 0x30 | $0 } ?? true)
                        : (first.map { before & 0x0F == $0 } ?? true) && (last.map { after >> 4 == $0 } ?? true)
                }
                return !isAlphanumeric(before) && !isAlphanumeric(after) && Self.isText(bytes)
            }
        }
    }

    private static func places(of needle: [UInt8], in bytes: [UInt8]) -> [Int] {
        bytes.withUnsafeBytes { buffer in
            guard let base = buffer.baseAddress, !needle.isEmpty else { return [] }
            var places: [Int] = []
            var start = 0
            while start + needle.count <= buffer.count,
                let found = memchr(base + start, Int32(needle[0]), buffer.count - start - needle.count + 1)
            {
                let place = UnsafeRawPointer(found) - base
                if memcmp(base + place, needle, needle.count) == 0 { places.append(place) }
                start = place + 1
            }
            return places
        }
    }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
    }

    private static func isText(_ bytes: [UInt8]) -> Bool { !bytes.contains(0) }
}
