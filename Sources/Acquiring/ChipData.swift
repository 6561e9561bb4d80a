import ISO8583
import Payments
import Wire

/// Field 55: which of the chip's objects a message tells, as they were when the request was made or as the card left them.
enum ChipData {
    /// The objects of the request, with the card's last word where it is known: a certificate for a cryptogram.
    static func completed(_ request: [UInt8], _ chip: ChipResult?) throws(MessageError) -> [UInt8] {
        guard let chip else { return request }
        return try select(nil, request, chip)
    }

    /// What a reversal tells: TVR, IFD serial number, issuer application data, ATC, script results.
    static func reversal(_ request: [UInt8], _ chip: ChipResult?) throws(MessageError) -> [UInt8] {
        try select([0x95, 0x9F1E, 0x9F10, 0x9F36, 0xDF31], request, chip)
    }

    /// What a script result tells.
    static func scriptResult(_ request: [UInt8], _ chip: ChipResult?) throws(MessageError) -> [UInt8] {
        try select(
            [0x9F33, 0x95, 0x9F37, 0x9F1E, 0x9F10, 0x9F26, 0x9F36, 0x82, 0xDF31, 0x9F1A, 0x9A], request, chip)
    }

    /// The objects with these tags, or with all tags of the request.
    private static func select(
        _ tags: [TLV.Tag]?, _ request: [UInt8], _ chip: ChipResult?
    ) throws(MessageError) -> [UInt8] {
        let last: [TLV.Tag: String?] = [
            0x95: chip?.tvr, 0x9F10: chip?.issuerApplicationData, 0x9F26: chip?.cryptogram,
            0x9F27: chip?.cryptogramType.informationData, 0x9F34: chip?.cvmResults, 0x9F36: chip?.atc,
            0xDF31: chip?.scriptResults,
        ]
        do {
            let first = try TLV.parse(request)
            return TLV.encode(
                try (tags ?? first.map(\.tag)).compactMap { tag in
                    if let value = last[tag] ?? nil, !value.isEmpty { return TLV(tag, try Hex.decode(value)) }
                    return first.first { $0.tag == tag }
                })
        } catch {
            throw MessageError(.invalidObject, at: 0, in: "F55")
        }
    }
}

extension ChipResult.CryptogramType {
    /// Cryptogram information data (9F27; EMV 4.4 Book 3, 6.5.5.4).
    fileprivate var informationData: String {
        switch self {
        case .tc: "40"
        case .arqc: "80"
        case .aac: "00"
        }
    }
}
