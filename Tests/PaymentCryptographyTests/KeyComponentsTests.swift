import Payments
import Testing
import Wire

@testable import PaymentCryptography

struct KeyComponentsTests {
    static let first = "0123456789ABCDEFFEDCBA9876543210"
    static let second = "1A2B3C4D5E6F708192A3B4C5D6E7F809"
    static let third = "C0FFEE11D00D5EED0DDBA11CAFED00D5"

    @Test func `three parts make the published test key`() throws {
        // The third part is what is missing of the test key.
        let (first, second) = try (SecretBytes(Self.first.bytes), SecretBytes(Self.second.bytes))
        var components = KeyComponents()
        #expect(try components.add(first) == CipherKey(first).checkValue())
        #expect(try components.add(second) == CipherKey(second).checkValue())
        let third = TestKeys.terminalMasterKey.added(to: first).added(to: second)
        #expect(try components.add(third) == CipherKey(third).checkValue())
        #expect(components.count == 3)
        #expect(try components.combined() == CipherKey(TestKeys.terminalMasterKey))
        #expect(reason { _ = try components.add(SecretBytes(Self.third.bytes)) } == .wrongLength)
    }

    @Test func `two parts of SM4 and of 24 bytes`() throws {
        var sm4 = KeyComponents(.sm4)
        _ = try sm4.add(SecretBytes(Self.first.bytes))
        _ = try sm4.add(SecretBytes(Self.second.bytes))
        #expect(try sm4.combined() == CipherKey("1B08792AD7C4BD6E6C7F0E5DA0B3CA19".bytes, .sm4))
        var triple = KeyComponents()
        _ = try triple.add(SecretBytes((Self.first + "0011223344556677").bytes))
        _ = try triple.add(SecretBytes((Self.second + "7766554433221100").bytes))
        #expect(try triple.combined().count == 24)
    }

    @Test func `one part, other lengths, zeros and repeats are refused`() throws {
        var components = KeyComponents()
        #expect(reason { _ = try components.combined() } == .wrongLength)
        for length in [0, 8, 15, 17, 32] {
            #expect(
                reason { _ = try components.add(SecretBytes([UInt8](repeating: 1, count: length))) } == .wrongLength)
        }
        #expect(reason { _ = try components.add(SecretBytes([UInt8](repeating: 0, count: 16))) } == .weakKey)
        _ = try components.add(SecretBytes(Self.first.bytes))
        #expect(reason { _ = try components.combined() } == .wrongLength)
        #expect(reason { _ = try components.add(SecretBytes(Self.first.bytes)) } == .weakKey)
        #expect(
            reason { _ = try components.add(SecretBytes((Self.second + "0011223344556677").bytes)) } == .wrongLength)
        #expect(components.count == 1)
    }

    /// Sums that are worth fewer keys than they have bits.
    @Test(arguments: [
        "00000000000000000000000000000000", "01010101010101010101010101010101", "0123456789ABCDEF0123456789ABCDEF",
        "0123456789ABCDEF0022446688AACCEE", "0123456789ABCDEFFEFEFEFEFEFEFEFE", "E0E0E0E0F1F1F1F10123456789ABCDEF",
        "0123456789ABCDEF1FE01FE00EF10EF1", "01FE01FE01FE01FE0123456789ABCDEF",
    ])
    func `weak sums are refused`(sum: String) throws {
        var components = KeyComponents()
        let part = try SecretBytes(Self.third.bytes)
        _ = try components.add(part)
        let rest = try SecretBytes(sum.bytes).added(to: part)
        // A sum of zeros shows at once: the part is its own rest.
        #expect(
            reason {
                _ = try components.add(rest)
                _ = try components.combined()
            } == .weakKey)
    }

    @Test func `three parts that cancel each other are refused`() throws {
        var components = KeyComponents()
        let (first, second) = try (SecretBytes(Self.first.bytes), SecretBytes(Self.second.bytes))
        _ = try components.add(first)
        _ = try components.add(second)
        _ = try components.add(first.added(to: second))
        #expect(reason { _ = try components.combined() } == .weakKey)
    }
}
