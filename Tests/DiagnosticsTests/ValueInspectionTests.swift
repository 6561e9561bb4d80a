import Diagnostics
import Testing
import Wire

/// Values bit by bit in words.
@Suite struct ValueInspectionTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let kind: ValueInspection.Kind
        let hex: String
        /// Lines of the text, without the space before them.
        let lines: [String]
        var testDescription: String { "\(kind.rawValue) \(hex)" }

        init(_ kind: ValueInspection.Kind, _ hex: String, _ lines: String...) {
            self.kind = kind
            self.hex = hex
            self.lines = lines
        }
    }

    @Test(arguments: [
        Case(
            .tvr, "8000048000", "Terminal Verification Results (TVR)  终端验证结果  8000048000",
            "bit 8  1  Offline data authentication was not performed  未进行脱机数据认证", "bit 7  0  SDA failed  静态数据认证（SDA）失败",
            "bit 3  1  On-line PIN entered (online CVM captured)  已输入联机 PIN",
            "bit 8  1  Transaction exceeds floor limit  交易金额超过最低限额", "bit 3  0  Reserved (RFU)  保留"),
        Case(
            .tsi, "E800", "bit 8  1  Offline data authentication was performed  已进行脱机数据认证",
            "bit 4  1  Terminal risk management was performed  已进行终端风险管理",
            "bit 3  0  Script processing was performed  已进行脚本处理", "bit 2  0  Reserved (RFU)  保留"),
        Case(.tsi, "0001", "bit 1  1  Reserved (RFU)  保留"),
        Case(
            .aip, "7C00", "bit 7  1  SDA supported  支持静态数据认证（SDA）", "bit 6  1  DDA supported  支持动态数据认证（DDA）",
            "bit 1  0  CDA supported  支持复合动态数据认证（CDA）",
            "bit 4  1  Terminal risk management is to be performed  执行终端风险管理"),
        Case(
            .auc, "AB80", "bit 8  1  Valid for domestic cash transactions  国内现金交易有效",
            "bit 7  0  Valid for international cash transactions  国际现金交易有效",
            "bit 1  1  Valid at terminals other than ATMs  ATM 以外的终端有效", "bit 8  1  Domestic cashback allowed  允许国内返现"),
        Case(
            .cid, "80", "bits 8-7  10   ARQC: on-line authorisation requested  ARQC：请求联机授权",
            "bit 4     0    No advice required  不要求通知", "bits 3-1  000  No information given  未给出原因"),
        Case(.cid, "49", "bits 8-7  01   TC: approved  TC：批准", "bits 3-1  001  Service not allowed  不允许该服务"),
        Case(.cid, "C7", "bits 8-7  11   Reserved (RFU)  保留", "bits 3-1  111  Reserved (RFU)  保留"),
        Case(
            .cvm, "020300", "CVM Results  持卡人验证结果  020300",
            "bits 6-1  000010  Enciphered PIN verified on-line  联机验证加密 PIN",
            "bits 8-1  00000011  If the terminal supports the CVM  如终端支持该方法",
            "bits 8-1  00000000  Unknown (for example, for signature)  结果未知（如签名）"),
        Case(.cvm, "3F0000", "bits 6-1  111111  No CVM performed  未执行持卡人验证"),
        Case(
            .cvm, "000000000000000042031F00", "amount X  00000000  金额 X",
            "rule 1    4203", "rule 2    1F00", "bit 7     1       If unsuccessful, the next rule applies  如失败，应用下一条规则",
            "bit 7     0       If unsuccessful, cardholder verification fails  如失败，持卡人验证失败",
            "bits 6-1  011111    No CVM required  无需持卡人验证"),
        Case(
            .iad, "07010103A0B00001", "Issuer Application Data (UnionPay)  发卡行应用数据（银联）  07010103A0B00001",
            "bits 6-5  10  ARQC returned in first GENERATE AC  第一次 GENERATE AC 返回 ARQC",
            "algorithm identifier  01  算法标识", "bit 5  1  New card  新卡"),
        Case(.iad, "06010A03A0B000", "Issuer Application Data (Visa)  发卡行应用数据（Visa）  06010A03A0B000"),
        Case(
            .iad, "0110A0000F040000DAC1000000000000FFFF",
            "Issuer Application Data (Mastercard)  发卡行应用数据（万事达）  0110A0000F040000DAC1000000000000FFFF"),
        Case(
            .iad, "0FA501A03800000000000000000000000F" + String(repeating: "00", count: 15),
            "bit 4     0     CDA performed  已执行 CDA"),
        Case(.capabilities, "E0B8C8", "bit 8  1  Plaintext PIN for ICC verification  脱机明文 PIN"),
        Case(.ttq, "36004080", "bit 8  1  fDDA v1.0 supported  支持 fDDA 版本 1.0"),
        Case(.ctq, "8080", "bit 8  1  On-line PIN required  要求联机 PIN"),
    ])
    func saysEveryBit(_ item: Case) throws {
        let found = try ValueInspection(item.kind, Hex.decode(item.hex))
        let lines = found.text.split(separator: "\n").map { Self.words($0) }
        for line in item.lines { #expect(lines.contains(Self.words(line)), "no “\(line)” in\n\(found.text)") }
    }

    /// The words of a line, whatever the columns.
    private static func words(_ line: some StringProtocol) -> String {
        line.split(separator: " ").joined(separator: " ")
    }

    @Test(arguments: [
        (ValueInspection.Kind.tvr, "", "must have 5 bytes, this has 0"), (.tvr, "00000000", "must have 5 bytes"),
        (.tsi, "E80000", "must have 2 bytes, this has 3"), (.cid, "", "must have 1 byte, this has 0"),
        (.cvm, "0000", "must have 3 bytes (CVM results) or an even number from 10"), (.cvm, "0000000000000000", "8"),
        (.cvm, "0000000000000000000000", "11"), (.aip, "7C", "must have 2 bytes"), (.auc, "FF", "must have 2 bytes"),
        (.iad, "0102", "neither UnionPay, Visa, Mastercard nor EMV common core; this has 2 bytes"),
        (.iad, "", "0 bytes"),
    ])
    func wrongLengthsAreSaid(kind: ValueInspection.Kind, hex: String, words: String) throws {
        let bytes = try Hex.decode(hex)
        let error = #expect(throws: DocumentError.self) { try ValueInspection(kind, bytes) }
        #expect(error?.reason.contains(words) == true, "\(String(describing: error))")
    }

    /// Whatever the byte, its eight bits are there once each, and each has words in both languages.
    @Test(arguments: ValueInspection.Kind.allCases) func everyBitOfEveryByte(kind: ValueInspection.Kind) throws {
        let forms: [[UInt8]] =
            switch kind {
            case .tvr: [[UInt8](repeating: 0, count: 5)]
            case .tsi, .aip, .auc, .ctq: [[0, 0]]
            case .cid: [[0]]
            case .capabilities: [[0, 0, 0]]
            case .ttq: [[0, 0, 0, 0]]
            case .cvm: [[0, 0, 0], [UInt8](repeating: 0, count: 12)]
            case .iad: [[7, 1, 1, 3, 0, 0, 0, 1], [6, 1, 10, 3, 0, 0, 0], [UInt8](repeating: 1, count: 18)]
            }
        for form in forms {
            for place in form.indices where kind != .iad || place > 3 {
                for value in UInt8.min...UInt8.max {
                    var bytes = form
                    bytes[place] = value
                    let json = try ValueInspection(kind, bytes).json
                    for case .object(let part) in json.member("parts").elements {
                        let bits = JSONValue.object(part).member("bits").elements
                        guard !bits.isEmpty else { continue }
                        let count = bits.reduce(0) { $0 + $1.member("value").string.count }
                        #expect(count % 8 == 0 && count > 0)
                        #expect(bits.allSatisfy { !$0.member("english").string.isEmpty })
                        #expect(bits.allSatisfy { !$0.member("chinese").string.isEmpty })
                    }
                }
            }
        }
    }

    /// Objects among others are said with the same words.
    @Test func objectsUseTheSameTables() throws {
        let objects = "9505000004E000 9B02E800 82027C00 9F0702FF00 9F270180 9F3403020300 8E0C000000000000000042031F00"
        let text = try TLVInspection(
            Hex.decode(objects + "9F100807010103A0B00001 9F3303E0F8C8 9F660436004080 9F6C028080")
        )
        .text(reveal: false)
        for words in [
            "已输入联机 PIN", "已进行脱机数据认证", "支持动态数据认证（DDA）", "ATM 有效", "请求联机授权", "联机验证加密 PIN", "如终端支持该方法", "rule 2",
            "第一次 GENERATE AC 返回 ARQC", "联机加密 PIN", "支持 fDDA 版本 1.0", "要求联机 PIN",
        ] {
            #expect(text.contains(words), "\(words) is missing in\n\(text)")
        }
        #expect(!text.contains("SDA failed"), "a clear bit says nothing among other objects")
    }
}

extension JSONValue {
    func member(_ name: String) -> JSONValue {
        guard case .object(let members) = self, let found = members.first(where: { $0.name == name }) else {
            return .bool(false)
        }
        return found.value
    }
    var elements: [JSONValue] {
        guard case .array(let values) = self else { return [] }
        return values
    }
    var string: String {
        guard case .string(let text) = self else { return "" }
        return text
    }
}
