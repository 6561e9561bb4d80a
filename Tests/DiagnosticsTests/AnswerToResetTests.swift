import Diagnostics
import Testing
import Wire

/// A card's answer to reset in words.
@Suite struct AnswerToResetTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let hex: String
        let protocols: [Int]
        let isContactless: Bool
        let history: String
        let isCheckRight: Bool?
        /// Words that stand in the text.
        let words: [String]
        var testDescription: String { hex }
    }

    static let cases = [
        // A bank card with contacts, T=0.
        Case(
            hex: "3B6800000073C84013009000", protocols: [0], isContactless: false, history: "0073C84013009000",
            isCheckRight: nil, words: ["with contacts", "T=0 (bytes)", "TB1", "TC1", "none needed", "status indicator"]),
        // T=1 with every level of interface bytes.
        Case(
            hex: "3BD518FF8191FE1FC38073C821100A", protocols: [1], isContactless: false, history: "8073C82110",
            isCheckRight: true, words: ["T=1 (blocks)", "Fi 372, Di 12", "shortest guard time", "COMPACT-TLV", "right"]),
        // A bank card through the air.
        Case(
            hex: "3B8E80018031806549544A3442120FFF82908A", protocols: [0, 1], isContactless: true,
            history: "8031806549544A3442120FFF8290", isCheckRight: true, words: ["contactless, ISO/IEC 14443-4"]),
        // A storage card.
        Case(
            hex: "3B8F8001804F0CA000000306030001000000006A", protocols: [0, 1], isContactless: true,
            history: "804F0CA00000030603000100000000", isCheckRight: true,
            words: ["storage card, MIFARE Classic 1K", "direct"]),
        Case(
            hex: "3F2F008069AF0204010210000A0E833E9F16", protocols: [0], isContactless: false,
            history: "8069AF0204010210000A0E833E9F16", isCheckRight: nil, words: ["inverse"]),
    ]

    @Test(arguments: cases)
    func isExplained(sample: Case) throws {
        let answer = try AnswerToReset(try Hex.decode(sample.hex))
        #expect(answer.protocols == sample.protocols)
        #expect(answer.isContactless == sample.isContactless)
        #expect(Hex.encode(answer.historicalBytes) == sample.history)
        #expect(answer.isCheckRight == sample.isCheckRight)
        for words in sample.words { #expect(answer.text.contains(words), "\(words) in\n\(answer.text)") }
        #expect(answer.json.text.contains(sample.hex))
    }

    /// Cut off anywhere, or with a byte more, it is no answer to reset; and a wrong check byte is told.
    @Test(arguments: cases) func everyPrefixIsRefused(sample: Case) throws {
        let bytes = try Hex.decode(sample.hex)
        for count in 0..<bytes.count {
            #expect(throws: DocumentError.self) { try AnswerToReset(Array(bytes[..<count])) }
        }
        #expect(throws: DocumentError.self) { try AnswerToReset(bytes + [0]) }
        guard sample.isCheckRight != nil, let last = bytes.last else { return }
        let wrong = try AnswerToReset(bytes.dropLast() + [last ^ 1])
        #expect(wrong.isCheckRight == false && wrong.text.contains("WRONG"))
    }

    @Test(arguments: ["", "00", "3C00", "3BFF", String(repeating: "3B", count: 40)])
    func whatIsNoneIsRefused(hex: String) throws {
        let bytes = try Hex.decode(hex)
        #expect(throws: DocumentError.self) { try AnswerToReset(bytes) }
    }
}
