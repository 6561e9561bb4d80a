public import Payments
import Wire

/// A value of the kernel or of the card with every bit in words, Chinese and English, for `inspect tvr` and its like.
public struct ValueInspection: Sendable {
    /// The values that can be explained.
    public enum Kind: String, CaseIterable, Sendable {
        /// Terminal verification results (95), and action codes.
        case tvr
        /// Transaction status information (9B).
        case tsi
        /// CVM list (8E) or CVM results (9F34), told apart by length.
        case cvm
        /// Application interchange profile (82).
        case aip
        /// Application usage control (9F07).
        case auc
        /// Cryptogram information data (9F27).
        case cid
        /// Issuer application data (9F10) of UnionPay, Visa, Mastercard or EMV's common core.
        case iad
        /// Terminal capabilities (9F33).
        case capabilities
        /// Terminal transaction qualifiers (9F66).
        case ttq
        /// Card transaction qualifiers (9F6C).
        case ctq
    }

    /// What the value is.
    public let name: BilingualText
    private let bytes: [UInt8]
    private let parts: [Part]

    /// Some bytes of the value.
    private struct Part {
        let name: BilingualText
        let bytes: [UInt8]
        var readings: [BitTable.Reading] = []
    }

    /// Reads a value. Throws for a length that it cannot have.
    public init(_ kind: Kind, _ bytes: [UInt8]) throws(DocumentError) {
        self.bytes = bytes
        func fixed(_ table: BitTable, _ count: Int) throws(DocumentError) -> [Part] {
            guard bytes.count == count else {
                let words = count == 1 ? "1 byte" : "\(count) bytes"
                throw DocumentError(kind.rawValue, "must have \(words), this has \(bytes.count)")
            }
            return Self.eachByte(bytes, table)
        }
        switch kind {
        case .tvr:
            name = BilingualText("终端验证结果", "Terminal Verification Results (TVR)")
            parts = try fixed(.tvr, 5)
        case .tsi:
            name = BilingualText("交易状态信息", "Transaction Status Information (TSI)")
            parts = try fixed(.tsi, 2)
        case .aip:
            name = BilingualText("应用交互特征", "Application Interchange Profile (AIP)")
            parts = try fixed(.aip, 2)
        case .auc:
            name = BilingualText("应用用途控制", "Application Usage Control (AUC)")
            parts = try fixed(.usageControl, 2)
        case .cid:
            name = BilingualText("密文信息数据", "Cryptogram Information Data (CID)")
            parts = try fixed(.cryptogramInformation, 1)
        case .capabilities:
            name = BilingualText("终端性能", "Terminal Capabilities")
            parts = try fixed(.capabilities, 3)
        case .ttq:
            name = BilingualText("终端交易属性", "Terminal Transaction Qualifiers (TTQ)")
            parts = try fixed(.terminalQualifiers, 4)
        case .ctq:
            name = BilingualText("卡片交易属性", "Card Transaction Qualifiers (CTQ)")
            parts = try fixed(.cardQualifiers, 2)
        case .cvm where bytes.count == 3:
            name = BilingualText("持卡人验证结果", "CVM Results")
            parts = Self.eachByte(bytes, .cvmResults)
        case .cvm:
            guard bytes.count >= 10, bytes.count <= 252, bytes.count % 2 == 0 else {
                throw DocumentError(
                    kind.rawValue,
                    "must have 3 bytes (CVM results) or an even number from 10 to 252 (CVM list), this has \(bytes.count)"
                )
            }
            name = BilingualText("持卡人验证方法列表", "CVM List")
            parts = Self.verificationList(bytes)
        case .iad:
            guard let layout = Self.issuerData(bytes) else {
                throw DocumentError(
                    kind.rawValue,
                    "has the layout of neither UnionPay, Visa, Mastercard nor EMV common core; this has \(bytes.count) bytes"
                )
            }
            name = BilingualText("发卡行应用数据（\(layout.chinese)）", "Issuer Application Data (\(layout.english))")
            parts = layout.parts
        }
    }

    private static func eachByte(_ bytes: [UInt8], _ table: BitTable, _ what: BilingualText? = nil) -> [Part] {
        bytes.enumerated().map { index, byte in
            let prefix = what ?? BilingualText("", "")
            return Part(
                name: BilingualText(
                    "\(prefix.chinese)第 \(index + 1) 字节", (prefix.english + " byte \(index + 1)").trimmed),
                bytes: [byte], readings: table.readings(of: byte, byte: index + 1))
        }
    }

    private static func verificationList(_ bytes: [UInt8]) -> [Part] {
        let amounts = [
            Part(name: BilingualText("金额 X", "amount X"), bytes: Array(bytes[..<4])),
            Part(name: BilingualText("金额 Y", "amount Y"), bytes: Array(bytes[4..<8])),
        ]
        let rules = stride(from: 8, to: bytes.count - 1, by: 2).map { start in
            Part(
                name: BilingualText("规则 \(start / 2 - 3)", "rule \(start / 2 - 3)"),
                bytes: [bytes[start], bytes[start + 1]],
                readings: BitTable.cvmRule.readings(of: bytes[start], byte: 1)
                    + BitTable.cvmRule.readings(of: bytes[start + 1], byte: 2))
        }
        return amounts + rules
    }
}

// Issuer application data: who laid it out shows in its form.
extension ValueInspection {
    private struct Layout {
        let chinese: String
        let english: String
        let parts: [Part]
    }

    private static func issuerData(_ bytes: [UInt8]) -> Layout? {
        let results = BilingualText("CVR", "CVR")
        func part(_ chinese: String, _ english: String, _ range: Range<Int>) -> [Part] {
            range.isEmpty ? [] : [Part(name: BilingualText(chinese, english), bytes: Array(bytes[range]))]
        }
        let length = { (range: Range<Int>) in part("长度", "length", range) }
        let keyIndex = { (range: Range<Int>) in part("分散密钥索引", "derivation key index", range) }
        let version = { (range: Range<Int>) in part("密文版本号", "cryptogram version number", range) }
        switch bytes.count {
        case 7... where bytes[0] == 0x07 && bytes.count >= 8 && bytes[3] == 0x03:
            return Layout(
                chinese: "银联", english: "UnionPay",
                parts: length(0..<1) + keyIndex(1..<2) + version(2..<3)
                    + eachByte(Array(bytes[3..<7]), .unionPayResults, results)
                    + part("算法标识", "algorithm identifier", 7..<8)
                    + part("发卡行自定义数据", "issuer discretionary data", 8..<bytes.count))
        case 7... where bytes[0] == 0x06 && bytes[3] == 0x03:
            return Layout(
                chinese: "Visa", english: "Visa",
                parts: length(0..<1) + keyIndex(1..<2) + version(2..<3)
                    + eachByte(Array(bytes[3..<7]), .unionPayResults, results)
                    + part("发卡行自定义数据", "issuer discretionary data", 7..<bytes.count))
        case 32 where bytes[0] == 0x0F && bytes[16] == 0x0F:
            return Layout(
                chinese: "EMV 通用核心", english: "EMV common core",
                parts: length(0..<1) + part("通用核心标识", "common core identifier", 1..<2) + keyIndex(2..<3)
                    + eachByte(Array(bytes[3..<8]), .commonCoreResults, results) + part("计数器", "counters", 8..<16)
                    + part("发卡行自定义数据", "issuer discretionary data", 16..<32))
        case 18, 20, 26, 28:
            return Layout(
                chinese: "万事达", english: "Mastercard",
                parts: keyIndex(0..<1) + version(1..<2) + eachByte(Array(bytes[2..<8]), .mastercardResults, results)
                    + part("DAC 或卡片动态数", "DAC or ICC dynamic number", 8..<10)
                    + part("计数器", "counters", 10..<bytes.count))
        default: return nil
        }
    }
}

// Words.
extension ValueInspection {
    /// Every bit of every byte, a line each.
    public var text: String {
        "\(name.english)  \(name.chinese)  \(Hex.encode(bytes))\n" + Line.render(lines { _ in true })
    }

    /// The bits that say something, a line each, for a value among others.
    var significantLines: [Line] { lines(\.isSignificant).filter { $0.children.count > 0 || !$0.value.isEmpty } }

    private func lines(_ isShown: (BitTable.Reading) -> Bool) -> [Line] {
        parts.map { part in
            Line(
                part.name.english, Hex.encode(part.bytes), part.readings.isEmpty ? part.name.chinese : "",
                part.readings.filter(isShown).map { reading in
                    let place = reading.bits.count == 1 ? "bit" : "bits"
                    return Line(
                        "\(place) \(reading.place)", reading.digits, "\(reading.text.english)  \(reading.text.chinese)")
                })
        }
    }

    /// `{"name":…,"chinese":…,"value":…,"parts":[{"name":…,"chinese":…,"value":…,"bits":[…]}]}`; a bit is
    /// `{"bits":"8","value":"1","english":…,"chinese":…}`.
    public var json: JSONValue {
        .object([
            .init("name", .string(name.english)), .init("chinese", .string(name.chinese)),
            .init("value", .string(Hex.encode(bytes))),
            .init(
                "parts",
                .array(
                    parts.map { part in
                        .object([
                            .init("name", .string(part.name.english)), .init("chinese", .string(part.name.chinese)),
                            .init("value", .string(Hex.encode(part.bytes))),
                            .init(
                                "bits",
                                .array(
                                    part.readings.map { reading in
                                        .object([
                                            .init("bits", .string(reading.place)),
                                            .init("value", .string(reading.digits)),
                                            .init("english", .string(reading.text.english)),
                                            .init("chinese", .string(reading.text.chinese)),
                                        ])
                                    })),
                        ])
                    })),
        ])
    }
}

extension String {
    fileprivate var trimmed: String { String(drop { $0 == " " }) }
}
