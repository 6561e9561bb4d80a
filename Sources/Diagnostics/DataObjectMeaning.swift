import EMV
import Wire

/// What the value of a data object says, in words (EMV 4.4 Book 3, Annexes A and C).
enum DataObjectMeaning {
    /// The value in hexadecimal, with its text beside it where the dictionary says that it is text.
    static func value(_ object: TLV) -> String {
        let hex = Hex.encode(object.value)
        switch DataDictionary.element(object.tag)?.format {
        case .alphabetic, .alphanumeric, .text:
            guard !object.value.isEmpty, let text = GB18030.decodeClean(object.value) else { return hex }
            return "\(hex)  “\(text)”"
        default: return hex
        }
    }

    /// What is set or listed in the value, a line each.
    static func lines(_ object: TLV) -> [Line] {
        switch object.tag {
        case .tvr: bits(object.value, tvr)
        case .tsi: bits(object.value, tsi)
        case .aip: bits(object.value, aip)
        case .cryptogramInformation: object.value.first.map { [Line("", cryptogram($0))] } ?? []
        case .cvmResults: verification(object.value)
        case .pdol, .cdol1, .cdol2, .ddol, .tdol: list(object.value)
        default: []
        }
    }

    private static func bits(_ bytes: ArraySlice<UInt8>, _ names: [[Int: String]]) -> [Line] {
        zip(bytes, names).enumerated().flatMap { index, pair in
            (1...8).reversed().filter { pair.0 & (1 << UInt8($0 - 1)) != 0 }
                .map { Line("byte \(index + 1) bit \($0)", pair.1[$0] ?? "reserved") }
        }
    }

    private static func list(_ bytes: ArraySlice<UInt8>) -> [Line] {
        var lines: [Line] = []
        var position = bytes.startIndex
        while position < bytes.endIndex, let tag = try? TLV.readTag(bytes, at: &position), position < bytes.endIndex {
            lines.append(
                Line(tag.description, DataDictionary.element(tag)?.name ?? "Unknown", "\(bytes[position]) bytes"))
            position += 1
        }
        return lines
    }

    private static func cryptogram(_ byte: UInt8) -> String {
        switch byte & 0xC0 {
        case 0x00: "AAC: declined"
        case 0x40: "TC: approved"
        case 0x80: "ARQC: on-line authorisation asked for"
        default: "reserved"
        }
    }

    private static func verification(_ bytes: ArraySlice<UInt8>) -> [Line] {
        let all = Array(bytes)
        guard all.count == 3 else { return [] }
        let method =
            switch all[0] & 0x3F {
            case 0x00: "failed"
            case 0x01: "plaintext PIN checked by the card"
            case 0x02: "enciphered PIN checked on-line"
            case 0x03: "plaintext PIN checked by the card, and signature"
            case 0x04: "enciphered PIN checked by the card"
            case 0x05: "enciphered PIN checked by the card, and signature"
            case 0x1E: "signature"
            case 0x1F: "no verification required"
            case 0x3F: "no method performed"
            default: "other method"
            }
        let result = [0: "unknown", 1: "failed", 2: "successful"][all[2]] ?? "reserved"
        return [Line("method", method), Line("result", result)]
    }

    private static let tvr: [[Int: String]] = [
        [
            8: "offline data authentication was not performed", 7: "SDA failed", 6: "card data missing",
            5: "card is on the exception file", 4: "DDA failed", 3: "CDA failed", 2: "SDA selected",
        ],
        [
            8: "card and terminal have different application versions", 7: "expired application",
            6: "application not yet effective", 5: "requested service not allowed for the card", 4: "new card",
        ],
        [
            8: "cardholder verification was not successful", 7: "unrecognised method", 6: "PIN try limit exceeded",
            5: "PIN pad not present or not working", 4: "PIN not entered", 3: "on-line PIN entered",
        ],
        [
            8: "amount exceeds floor limit", 7: "lower consecutive offline limit exceeded",
            6: "upper consecutive offline limit exceeded", 5: "selected randomly for on-line processing",
            4: "merchant forced on-line",
        ],
        [
            8: "default TDOL used", 7: "issuer authentication failed",
            6: "script processing failed before the final GENERATE AC",
            5: "script processing failed after the final GENERATE AC",
        ],
    ]

    private static let tsi: [[Int: String]] = [
        [
            8: "offline data authentication performed", 7: "cardholder verification performed",
            6: "card risk management performed", 5: "issuer authentication performed",
            4: "terminal risk management performed", 3: "script processing performed",
        ],
        [:],
    ]

    private static let aip: [[Int: String]] = [
        [
            7: "SDA supported", 6: "DDA supported", 5: "cardholder verification supported",
            4: "terminal risk management to be performed", 3: "issuer authentication supported", 1: "CDA supported",
        ],
        [:],
    ]
}
