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
        case .pdol, .cdol1, .cdol2, .ddol, .tdol: list(object.value)
        default:
            kind(object.tag).flatMap { try? ValueInspection($0, Array(object.value)) }?.significantLines ?? []
        }
    }

    private static func kind(_ tag: TLV.Tag) -> ValueInspection.Kind? {
        switch tag {
        case .tvr, .iacDefault, .iacDenial, .iacOnline: .tvr
        case .tsi: .tsi
        case .aip: .aip
        case .usageControl: .auc
        case .cryptogramInformation: .cid
        case .cvmResults, .cvmList: .cvm
        case .issuerApplicationData: .iad
        case .terminalCapabilities: .capabilities
        case 0x9F66: .ttq
        case 0x9F6C: .ctq
        default: nil
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
}
