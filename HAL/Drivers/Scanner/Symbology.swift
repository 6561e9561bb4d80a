/// What kind of symbol was scanned, by its AIM identifier (ISO/IEC 15424): `]`, a letter for the symbology, and a modifier.
public struct Symbology: Equatable, Sendable {
    /// The three characters, `]Q1`.
    public let identifier: String

    /// The identifier in exactly these bytes; nil if they are none.
    public init?(_ bytes: some Collection<UInt8>) {
        let characters = bytes.map { Character(Unicode.Scalar($0)) }
        guard characters.count == 3, characters[0] == "]", Self.names[characters[1]] != nil,
            characters[2].isASCII, characters[2].isLetter || characters[2].isNumber
        else { return nil }
        identifier = String(characters)
    }

    /// Its name for technicians, `QR Code`.
    public var name: String {
        Self.exactNames[identifier] ?? identifier.dropFirst().first.flatMap { Self.names[$0] } ?? identifier
    }

    /// Whether the reader follows the ECI protocol: a backslash in the data is doubled, and a single one with six digits
    /// tells the character set of what follows.
    public var hasInterpretations: Bool { Self.withInterpretations.contains(identifier) }

    private static let withInterpretations: Set<String> = [
        "]Q2", "]Q4", "]Q6", "]d4", "]d5", "]d6", "]z3", "]z4", "]z5", "]z9", "]zA", "]zB", "]L1", "]U2", "]U3",
    ]

    private static let exactNames = [
        "]C1": "GS1-128", "]E0": "EAN-13", "]E1": "EAN add-on", "]E2": "EAN add-on", "]E3": "EAN-13 with add-on",
        "]E4": "EAN-8", "]Q0": "QR Code Model 1", "]Q3": "GS1 QR Code", "]d2": "GS1 DataMatrix",
    ]

    private static let names: [Character: String] = [
        "A": "Code 39", "B": "Telepen", "C": "Code 128", "D": "Code One", "E": "EAN/UPC", "F": "Codabar",
        "G": "Code 93", "H": "Code 11", "I": "Interleaved 2 of 5", "K": "Code 16K", "L": "PDF417", "M": "MSI",
        "N": "Anker", "O": "Codablock", "P": "Plessey", "Q": "QR Code", "R": "2 of 5", "S": "2 of 5", "T": "Code 49",
        "U": "MaxiCode", "X": "other", "Z": "no symbol", "c": "Channel Code", "d": "Data Matrix", "e": "GS1 DataBar",
        "g": "Grid Matrix", "h": "Han Xin Code", "o": "OCR", "p": "PosiCode", "s": "SuperCode", "z": "Aztec Code",
    ]
}
