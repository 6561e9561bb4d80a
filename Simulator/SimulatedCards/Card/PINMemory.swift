import PaymentCryptography
import Payments

/// What a card knows of its PIN.
struct PINMemory: Equatable, Sendable {
    /// The plain block that VERIFY brings.
    private var reference: [UInt8]
    /// Tries left (9F17).
    private(set) var triesLeft = Self.tryLimit

    static let tryLimit: UInt8 = 3

    /// A card that knows these digits.
    init(_ digits: String) throws(CryptographyError) { reference = try Self.block(digits) }

    /// The plain block of these digits (EMV 4.4 Book 3, 6.5.12.2).
    static func block(_ digits: String) throws(CryptographyError) -> [UInt8] {
        try CardPIN.block(SecretBytes(Array(digits.utf8))).withBytes { Array($0) }
    }

    /// Whether this is the PIN. A wrong one costs a try, the right one gives all of them back; without tries nothing is
    /// right.
    mutating func verify(_ block: [UInt8]) -> Bool {
        guard triesLeft > 0 else { return false }
        guard block == reference else {
            triesLeft -= 1
            return false
        }
        triesLeft = Self.tryLimit
        return true
    }

    /// Gives all tries back.
    mutating func unblock() { triesLeft = Self.tryLimit }

    /// Takes another PIN; false for a block that holds none.
    mutating func change(to block: [UInt8]) -> Bool {
        guard block.count == 8, block[0] >> 4 == 2, (4...12).contains(block[0] & 0x0F) else { return false }
        reference = block
        unblock()
        return true
    }
}
