public import Payments
public import Wire

/// A command to the card in its short form: at most 255 bytes of data, at most 256 expected back
/// (EMV 4.4 Book 3, 6.3; ISO/IEC 7816-3, 12.1).
public struct CommandAPDU: Equatable, Sendable {
    /// Class byte.
    public let cla: UInt8
    /// Instruction byte.
    public let ins: UInt8
    /// First parameter.
    public let p1: UInt8
    /// Second parameter.
    public let p2: UInt8
    /// Command data, 0–255 bytes.
    public let data: [UInt8]
    /// How many bytes may come back, 1–256; nil where none are expected.
    public let expectedLength: Int?

    /// A command of these parts, or nil if `data` or `expectedLength` exceeds the short form.
    public init?(
        cla: UInt8, ins: UInt8, p1: UInt8, p2: UInt8, data: [UInt8] = [], expectedLength: Int? = nil
    ) {
        guard data.count <= 255, expectedLength.map({ (1...256).contains($0) }) ?? true else { return nil }
        self.init(unchecked: cla, ins, p1, p2, data, expectedLength)
    }

    private init(
        unchecked cla: UInt8, _ ins: UInt8, _ p1: UInt8, _ p2: UInt8, _ data: [UInt8] = [],
        _ expectedLength: Int? = nil
    ) {
        self.cla = cla
        self.ins = ins
        self.p1 = p1
        self.p2 = p2
        self.data = data
        self.expectedLength = expectedLength
    }

    /// Reads a command of the four cases of ISO/IEC 7816-3; nil for anything else, extended length included.
    public init?(bytes: some Collection<UInt8>) {
        let all = Array(bytes)
        guard all.count >= 4 else { return nil }
        let length = { (byte: UInt8) in byte == 0 ? 256 : Int(byte) }
        var data: [UInt8] = []
        var expected: Int?
        switch all.count {
        case 4: break
        case 5: expected = length(all[4])
        default:
            let count = Int(all[4])
            guard count > 0, all.count == 5 + count || all.count == 6 + count else { return nil }
            data = Array(all[5..<5 + count])
            if all.count == 6 + count { expected = length(all[5 + count]) }
        }
        self.init(unchecked: all[0], all[1], all[2], all[3], data, expected)
    }

    /// The command as it is sent.
    public var bytes: [UInt8] {
        var all = [cla, ins, p1, p2]
        if !data.isEmpty { all += [UInt8(truncatingIfNeeded: data.count)] + data }
        if let expectedLength { all.append(UInt8(truncatingIfNeeded: expectedLength)) }
        return all
    }

    /// The same command expecting another length, 1–256 with 0 read as 256: the card's `6Cxx` asks for it.
    func expecting(_ length: UInt8) -> CommandAPDU {
        CommandAPDU(unchecked: cla, ins, p1, p2, data, length == 0 ? 256 : Int(length))
    }
}

extension CommandAPDU {
    /// SELECT by name, the first or only occurrence or the next one. `name` is cut to 16 bytes (Book 1, 11.3).
    public static func select(_ name: [UInt8], next: Bool = false) -> CommandAPDU {
        CommandAPDU(unchecked: 0x00, 0xA4, 0x04, next ? 0x02 : 0x00, Array(name.prefix(16)), 256)
    }

    /// READ RECORD by number in the file with short identifier `sfi`, 1–30 (Book 3, 6.5.11).
    public static func readRecord(_ number: UInt8, sfi: UInt8) -> CommandAPDU {
        CommandAPDU(unchecked: 0x00, 0xB2, number, (sfi & 0x1F) << 3 | 0x04, [], 256)
    }

    /// GET PROCESSING OPTIONS; nil if the PDOL's values do not fit (Book 3, 6.5.8).
    public static func getProcessingOptions(_ values: [UInt8]) -> CommandAPDU? {
        CommandAPDU(
            cla: 0x80, ins: 0xA8, p1: 0x00, p2: 0x00, data: [0x83] + TLV.encodedLength(values.count) + values,
            expectedLength: 256)
    }

    /// GET DATA for a one- or two-byte tag (Book 3, 6.5.7).
    public static func getData(_ tag: TLV.Tag) -> CommandAPDU {
        CommandAPDU(
            unchecked: 0x80, 0xCA, UInt8(truncatingIfNeeded: tag.rawValue >> 8),
            UInt8(truncatingIfNeeded: tag.rawValue), [], 256)
    }

    /// INTERNAL AUTHENTICATE; nil if the DDOL's values do not fit (Book 3, 6.5.9).
    public static func internalAuthenticate(_ values: [UInt8]) -> CommandAPDU? {
        CommandAPDU(cla: 0x00, ins: 0x88, p1: 0x00, p2: 0x00, data: values, expectedLength: 256)
    }

    /// GET CHALLENGE (Book 3, 6.5.6).
    public static let getChallenge = CommandAPDU(unchecked: 0x00, 0x84, 0x00, 0x00, [], 256)

    /// VERIFY with enciphered PIN data; nil if they do not fit (Book 3, 6.5.12).
    public static func verify(enciphered data: [UInt8]) -> CommandAPDU? {
        CommandAPDU(cla: 0x00, ins: 0x20, p1: 0x00, p2: 0x88, data: data)
    }

    /// EXTERNAL AUTHENTICATE with issuer authentication data; nil if it does not fit (Book 3, 6.5.4).
    public static func externalAuthenticate(_ issuerData: [UInt8]) -> CommandAPDU? {
        CommandAPDU(cla: 0x00, ins: 0x82, p1: 0x00, p2: 0x00, data: issuerData)
    }

    /// GENERATE AC; nil if the CDOL's values do not fit (Book 3, 6.5.5).
    public static func generateAC(
        _ type: ChipResult.CryptogramType, combined: Bool, _ values: [UInt8]
    ) -> CommandAPDU? {
        CommandAPDU(
            cla: 0x80, ins: 0xAE, p1: type.controlBits | (combined ? 0x10 : 0x00), p2: 0x00, data: values,
            expectedLength: 256)
    }

    /// RECOVER AC; nil if the values of the DRDOL do not fit (Book C-2, 5.5).
    static func recoverAC(_ values: [UInt8]) -> CommandAPDU? {
        CommandAPDU(cla: 0x80, ins: 0xD0, p1: 0x00, p2: 0x00, data: values, expectedLength: 256)
    }

    /// GET RESPONSE for `length` bytes, 0 read as 256 (Book 1, 9.3.1.3).
    public static func getResponse(_ length: UInt8) -> CommandAPDU {
        CommandAPDU(unchecked: 0x00, 0xC0, 0x00, 0x00, [], length == 0 ? 256 : Int(length))
    }
}

extension CommandAPDU: CustomStringConvertible {
    /// The header and the number of data bytes; never the data.
    public var description: String {
        "\(Hex.encode([cla, ins, p1, p2])) (\(data.count))"
    }
}

extension ChipResult.CryptogramType {
    /// The two high bits of GENERATE AC's P1 and of the cryptogram information data (Book 3, 6.5.5).
    public var controlBits: UInt8 {
        switch self {
        case .aac: 0x00
        case .tc: 0x40
        case .arqc: 0x80
        }
    }

    /// The type in cryptogram information data (9F27); nil for the reserved value.
    public init?(cryptogramInformation cid: UInt8) {
        switch cid & 0xC0 {
        case 0x00: self = .aac
        case 0x40: self = .tc
        case 0x80: self = .arqc
        default: return nil
        }
    }
}
