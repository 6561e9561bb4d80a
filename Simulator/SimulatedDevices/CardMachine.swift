public import SimulatedCards

/// A card as the slot drives it: an answer to reset, and APDUs in and out.
public protocol CardMachine: Sendable {
    /// What the card says when it gets power, at most 33 bytes (ISO/IEC 7816-3).
    var answerToReset: [UInt8] { get }
    /// The card got power, lost it, or was reset.
    mutating func reset()
    /// What the card does with a command APDU.
    mutating func handle(_ command: [UInt8]) -> Answer
}

extension SimulatedCard: CardMachine {}
