import EMV
import Wire

/// What the value of a data object says, in words (EMV 4.4 Book 3, Annexes A and C).
enum DataObjectMeaning {
    /// The value in hexadecimal, with its text beside it where the dictionary says that it is text.
    static func value(_ object: TLV) -> String {
        let hex = Hex.encode(object.value)
        switch object.tag {
        case .expirationDate, .effectiveDate, .transactionDate:
            guard let digits = try? BCD.decode(object.value), digits.utf8.count == 6 else { return hex }
            let year = digits.prefix(2) < "50" ? "20" : "19"
            return "\(hex)  \(year)\(digits.prefix(2))-\(digits.dropFirst(2).prefix(2))-\(digits.suffix(2))"
        case .atc, .lastOnlineATC, .pinTryCounter, .lowerOfflineLimit, .upperOfflineLimit:
            return "\(hex)  \(object.value.prefix(4).reduce(0) { $0 << 8 | Int($1) })"
        default: break
        }
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
        case .pdol, .cdol1, .cdol2, .ddol, .tdol, 0x9F4F: list(object.value)
        case .afl: files(object.value)
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

    private static func files(_ bytes: ArraySlice<UInt8>) -> [Line] {
        let all = Array(bytes)
        return stride(from: 0, to: all.count - 3, by: 4).map { start in
            Line(
                "file \(all[start] >> 3)", "records \(all[start + 1]) to \(all[start + 2])",
                "\(all[start + 3]) of them authenticated")
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
