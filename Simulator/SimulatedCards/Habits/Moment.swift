/// When a card deviates. Commands are counted from 1 since the reset.
public struct Moment: Hashable, Sendable {
    /// Instruction byte; nil for all commands.
    public let instruction: UInt8?
    /// The first command concerned, among those with this instruction.
    public let first: Int
    /// The last one; nil for all that follow.
    public let last: Int?

    /// From this command on.
    public static func from(_ number: Int) -> Moment { Moment(instruction: nil, first: number, last: nil) }
    /// From the first command with this instruction on, or from the `number`th.
    public static func from(_ instruction: Instruction, _ number: Int = 1) -> Moment {
        Moment(instruction: instruction.rawValue, first: number, last: nil)
    }
    /// The `number`th command with this instruction alone.
    public static func at(_ instruction: Instruction, _ number: Int = 1) -> Moment {
        Moment(instruction: instruction.rawValue, first: number, last: number)
    }

    /// Instructions by name (EMV 4.4 Book 1, 11; Book 3, 6.5; Book C-2, 5.3).
    public enum Instruction: UInt8, Sendable {
        /// SELECT.
        case select = 0xA4
        /// READ RECORD.
        case readRecord = 0xB2
        /// GET PROCESSING OPTIONS.
        case getProcessingOptions = 0xA8
        /// GET DATA.
        case getData = 0xCA
        /// GET CHALLENGE.
        case getChallenge = 0x84
        /// VERIFY.
        case verify = 0x20
        /// INTERNAL AUTHENTICATE.
        case internalAuthenticate = 0x88
        /// EXTERNAL AUTHENTICATE.
        case externalAuthenticate = 0x82
        /// GENERATE AC.
        case generateAC = 0xAE
        /// GET RESPONSE.
        case getResponse = 0xC0
        /// RECOVER AC.
        case recoverAC = 0xD0
        /// PUT DATA in a script.
        case putData = 0xDA
    }

    func includes(_ instruction: UInt8?, count: Int, total: Int) -> Bool {
        guard self.instruction == nil || self.instruction == instruction else { return false }
        let number = self.instruction == nil ? total : count
        return number >= first && number <= last ?? number
    }
}
