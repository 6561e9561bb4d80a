import EMV
import Foundation
import PaymentCryptography
import Payments
import Testing
import Wire

@Suite struct CAPublicKeyTests {
    /// A row of `Tests/Fixtures/EMV/ca-public-keys.txt`: a key as its scheme published it.
    struct Published: CustomTestStringConvertible, Sendable {
        let rid: [UInt8]
        let index: UInt8
        let exponent: Int
        let modulus: [UInt8]
        let checksum: [UInt8]
        var testDescription: String { "\(Hex.encode(rid)) \(Hex.encode([index]))" }

        func load(
            rid: [UInt8]? = nil, index: UInt8? = nil, exponent: Int? = nil, modulus: [UInt8]? = nil, expiry: Int? = nil,
            checksum: [UInt8]? = nil
        ) throws(CAPublicKeyError) -> CAPublicKey {
            try CAPublicKey(
                rid: rid ?? self.rid, index: index ?? self.index, modulus: modulus ?? self.modulus,
                exponent: exponent ?? self.exponent, expiry: expiry, checksum: checksum ?? self.checksum)
        }
    }

    static let published: [Published] = {
        let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "Fixtures/EMV/ca-public-keys.txt")
        let text = (try? String(contentsOf: file, encoding: .utf8)) ?? ""
        return text.split(separator: "\n").compactMap { line in
            let columns = line.split(separator: " ").prefix(5).compactMap { try? Hex.decode($0) }
            guard columns.count == 5, let index = columns[1].first else { return nil }
            return Published(
                rid: columns[0], index: index, exponent: columns[2].reduce(0) { $0 << 8 | Int($1) },
                modulus: columns[3], checksum: columns[4])
        }
    }()

    @Test func `The keys of all four schemes are there`() {
        #expect(Self.published.count == 33)
        #expect(Set(Self.published.map { Hex.encode($0.rid) }).count == 4)
        #expect(Set(Self.published.map { $0.modulus.count * 8 }) == [768, 1024, 1152, 1408, 1984])
    }

    @Test(arguments: published) func `Every published key loads, and a changed byte of it is refused`(
        key: Published
    ) throws {
        let loaded = try key.load()
        #expect(loaded.key.modulus == key.modulus && loaded.bits == key.modulus.count * 8)
        var rid = key.rid
        rid[0] ^= 1
        #expect(throws: CAPublicKeyError.wrongChecksum) { try key.load(rid: rid) }
        #expect(throws: CAPublicKeyError.wrongChecksum) { try key.load(index: key.index ^ 1) }
        #expect(throws: CAPublicKeyError.wrongChecksum) { try key.load(exponent: key.exponent == 3 ? 65537 : 3) }
        for position in [0, 20, key.modulus.count - 1] {
            var modulus = key.modulus
            modulus[position] ^= 0x40
            #expect(throws: CAPublicKeyError.wrongChecksum) { try key.load(modulus: modulus) }
        }
    }

    /// A part of a key that is wrong, and how that is said.
    struct Fault: CoveredCase, CustomTestStringConvertible {
        let clause: String
        let requirement: String
        let error: CAPublicKeyError
        let load: @Sendable (Published) throws(CAPublicKeyError) -> CAPublicKey
        var testDescription: String { requirement }

        init(
            _ clause: String, _ requirement: String, _ error: CAPublicKeyError,
            _ load: @escaping @Sendable (Published) throws(CAPublicKeyError) -> CAPublicKey
        ) {
            self.clause = clause
            self.requirement = requirement
            self.error = error
            self.load = load
        }
    }

    static let faults = [
        Fault("Book 2, 11.2.2", "A key whose RID has four bytes is refused.", .invalidRID) {
            (key) throws(CAPublicKeyError) in
            try key.load(rid: Array(key.rid.dropLast()))
        },
        Fault("Book 2, 11.2.2", "A key whose RID has six bytes is refused.", .invalidRID) {
            (key) throws(CAPublicKeyError) in
            try key.load(rid: key.rid + [0])
        },
        Fault("Book 2, 11.2", "A key with another exponent than 3 and 65537 is refused.", .invalidExponent) {
            (key) throws(CAPublicKeyError) in try key.load(exponent: 17)
        },
        Fault("Book 2, 11.2", "A key of less than 512 bits is refused.", .invalidModulus) {
            (key) throws(CAPublicKeyError) in try key.load(modulus: [1, 2, 3])
        },
        Fault("Book 2, 11.2", "A key of more than 1984 bits is refused.", .invalidModulus) {
            (key) throws(CAPublicKeyError) in try key.load(modulus: [UInt8](repeating: 0xC1, count: 249))
        },
        Fault("Book 2, 11.2", "A modulus that begins with zeros is refused.", .invalidModulus) {
            (key) throws(CAPublicKeyError) in try key.load(modulus: [0] + key.modulus.dropFirst())
        },
        Fault("Book 2, 11.2", "An even modulus is refused.", .invalidModulus) { (key) throws(CAPublicKeyError) in
            try key.load(modulus: key.modulus.dropLast() + [0x10])
        },
        Fault("Book 2, 11.2.2", "An expiry that no calendar has is refused.", .invalidExpiry) {
            (key) throws(CAPublicKeyError) in try key.load(expiry: 20_270_229)
        },
        Fault("Book 2, 11.2.2", "A key without its checksum is refused.", .wrongChecksum) {
            (key) throws(CAPublicKeyError) in try key.load(checksum: [])
        },
        Fault("Book 2, 11.2.2", "A key whose SHA-1 is another one is refused.", .wrongChecksum) {
            (key) throws(CAPublicKeyError) in try key.load(checksum: [0] + key.checksum.dropFirst())
        },
    ]

    @Test(arguments: faults) func `A wrong part is refused by name`(fault: Fault) throws {
        let key = try #require(Self.published.first)
        #expect(throws: fault.error) { try fault.load(key) }
        #expect(!fault.error.words.isEmpty)
    }

    @Test(arguments: [
        (20_261_231, "2026-12-31T23:59:59", false), (20_261_231, "2027-01-01T00:00:00", true),
        (20_280_229, "2028-02-29T12:00:00", false), (20_280_229, "2028-03-01T00:00:00", true),
        (nil, "9999-12-31T00:00:00", false),
    ]) func `A key is good to the end of its last day`(expiry: Int?, time: String, isExpired: Bool) throws {
        let key = try #require(Self.published.first).load(expiry: expiry)
        #expect(key.isExpired(on: try #require(LocalDateTime(iso8601: time))) == isExpired)
    }
}
