import FoundationEssentials
import Payments
import Testing
import Wire

@testable import PaymentCryptography

struct PasswordHashTests {
    private static let cheap = PasswordHash.Cost(rounds: 16, blockSize: 1, lanes: 1)

    /// RFC 7914, 12; the fourth vector needs 1 GiB.
    @Test(arguments: [
        (
            "", "", PasswordHash.Cost(rounds: 16, blockSize: 1, lanes: 1),
            "77D6576238657B203B19CA42C18A0497F16B4844E3074AE8DFDFFA3FEDE21442"
                + "FCD0069DED0948F8326A753A0FC81F17E8D3E0FB2E0D3628CF35E20C38D18906"
        ),
        (
            "password", "NaCl", PasswordHash.Cost(rounds: 1024, blockSize: 8, lanes: 16),
            "FDBABE1C9D3472007856E7190D01E9FE7C6AD7CBC8237830E77376634B373162"
                + "2EAF30D92E22A3886FF109279D9830DAC727AFB94A83EE6D8360CBDFA2CC0640"
        ),
        (
            "pleaseletmein", "SodiumChloride", PasswordHash.Cost(rounds: 16384, blockSize: 8, lanes: 1),
            "7023BDCB3AFD7348461C06CD81FD38EBFDA8FBBA904F8E3EA9B543F6545DA1F2"
                + "D5432955613F0FCF62D49705242A9AF9E61E85DC0D651E40DFCF017B45575887"
        ),
    ])
    func `published vectors`(password: String, salt: String, cost: PasswordHash.Cost, key: String) throws {
        let derived = try PasswordHash.derive(
            SecretBytes(password.utf8), salt: Array(salt.utf8), cost: cost, count: 64)
        #expect(derived.withBytes { Hex.encode(Array($0)) } == key)
    }

    @Test func `only the password matches, also after storing`() throws {
        let pin = SecretBytes("123456".utf8)
        let hash = try PasswordHash(pin)
        let again = try PasswordHash(encoded: hash.encoded)
        #expect(again == hash)
        for candidate in [hash, again] {
            #expect(try candidate.matches(pin))
            for other in ["123457", "12345", "1234560", "", "023456"] {
                #expect(try !candidate.matches(SecretBytes(other.utf8)))
            }
        }
        #expect(text(hash).hasPrefix("scrypt$16384$8$1$"))
        #expect(text(hash).split(separator: "$").map(\.count) == [6, 5, 1, 1, 32, 64])
    }

    @Test func `every salt is new`() throws {
        let pin = SecretBytes("1234".utf8)
        let first = try PasswordHash(pin, cost: Self.cheap)
        let second = try PasswordHash(pin, cost: Self.cheap)
        #expect(first != second && text(first) != text(second))
    }

    /// Whatever the file says, a hash asks for no more than 32 MiB and eight times the usual work.
    @Test(arguments: [
        "", "scrypt", "$", "$$$$$", "bcrypt$16$1$1$S$H", "scrypt$16$1$1$S$H$", "scrypt$16$1$1$$H", "scrypt$16$1$1$S$",
        "scrypt$16$1$1$S0$H", "scrypt$16$1$1$S$H0", "scrypt$0$1$1$S$H", "scrypt$1$1$1$S$H", "scrypt$17$1$1$S$H",
        "scrypt$65536$1$1$S$H", "scrypt$16$9$1$S$H", "scrypt$16$0$1$S$H", "scrypt$16$1$0$S$H", "scrypt$16$1$5$S$H",
        "scrypt$-16$1$1$S$H", "scrypt$18446744073709551616$1$1$S$H", "scrypt$9223372036854775808$8$1$S$H",
        "scrypt$16$4294967295$1$S$H", "scrypt$16$1$4294967295$S$H", "scrypt$ 16$1$1$S$H",
    ])
    func `other texts are refused`(form: String) throws {
        let text = form.replacing("$S", with: "$" + String(repeating: "0A", count: 16)).replacing(
            "$H", with: "$" + String(repeating: "0B", count: 32))
        let error = #expect(throws: CryptographyError.self) { try PasswordHash(encoded: SecretBytes(text.utf8)) }
        #expect(error == CryptographyError(.unsuitable, "stored password hash"))
    }

    @Test func `the greatest bearable hash can be tried`() throws {
        let text = "scrypt$32768$8$4$" + String(repeating: "0A", count: 16) + "$" + String(repeating: "0B", count: 32)
        #expect(try !PasswordHash(encoded: SecretBytes(text.utf8)).matches(SecretBytes("1234".utf8)))
    }

    @Test func `nothing of it is shown`() throws {
        let hash = try PasswordHash(SecretBytes("1234".utf8), cost: Self.cheap)
        let secret = try #require(text(hash).split(separator: "$").last)
        var dumped = ""
        dump(hash, to: &dumped)
        for shown in ["\(hash)", String(reflecting: hash), String(describing: [hash]), dumped, "\(hash.encoded)"] {
            #expect(!shown.uppercased().contains(secret))
        }
        #expect("\(hash)" == "••••")
    }

    private func text(_ hash: PasswordHash) -> String {
        hash.encoded.withBytes { String(decoding: $0, as: UTF8.self) }
    }
}
