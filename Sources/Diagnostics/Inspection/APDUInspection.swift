import EMV
import Wire

/// A command to the card or its response in words, for `inspect apdu`.
public struct APDUInspection: Sendable {
    private enum Content: Sendable {
        case command(CommandAPDU)
        case response(Response)
    }

    private let content: Content

    /// Reads a command or a response; nil for what is neither. Bytes that could be both are a command if its
    /// instruction is one that EMV knows.
    public init?(_ bytes: [UInt8]) {
        let command = CommandAPDU(bytes: bytes)
        let response = Response(bytes: bytes)
        if let command, APDUInspection.instructions[command.ins] != nil, command.cla & 0x70 == 0 {
            content = .command(command)
        } else if let response, response.status.sw1 & 0xF0 == 0x60 || response.status.sw1 & 0xF0 == 0x90 {
            content = .response(response)
        } else if let command {
            content = .command(command)
        } else {
            return nil
        }
    }

    /// Its parts in lines; sensitive data masked unless `reveal`.
    public func text(reveal: Bool) -> String {
        switch content {
        case .command(let command):
            var lines = [
                Line("CLA", Hex.encode([command.cla])),
                Line("INS", Hex.encode([command.ins]), APDUInspection.name(command)),
                Line("P1 P2", Hex.encode([command.p1, command.p2]), APDUInspection.parameters(command)),
            ]
            if !command.data.isEmpty {
                lines.append(
                    Line(
                        "data", "\(command.data.count) bytes", data(command, reveal),
                        reveal || !isSecret(command) ? objects(command.data, reveal) : []))
            }
            if let expected = command.expectedLength { lines.append(Line("Le", "\(expected)")) }
            return Line.render(lines)
        case .response(let response):
            var lines: [Line] = []
            if !response.data.isEmpty {
                let objects = objects(response.data, reveal)
                let hex = objects.isEmpty && !reveal ? Masking.bytes(response.data) : Hex.encode(response.data)
                lines.append(Line("data", "\(response.data.count) bytes", objects.isEmpty ? hex : "", objects))
            }
            lines.append(Line("SW", response.status.description, APDUInspection.meaning(response.status)))
            return Line.render(lines)
        }
    }

    /// `{"command":{…}}` or `{"response":{…}}`; sensitive data masked unless `reveal`.
    public func json(reveal: Bool) -> JSONValue {
        switch content {
        case .command(let command):
            var members: [JSONValue.Member] = [
                .init("name", .string(APDUInspection.name(command))),
                .init("cla", .string(Hex.encode([command.cla]))), .init("ins", .string(Hex.encode([command.ins]))),
                .init("p1", .string(Hex.encode([command.p1]))), .init("p2", .string(Hex.encode([command.p2]))),
                .init("meaning", .string(APDUInspection.parameters(command))),
                .init("data", .string(data(command, reveal))),
            ]
            if let expected = command.expectedLength { members.append(.init("le", .number(expected))) }
            return .object([.init("command", .object(members))])
        case .response(let response):
            var members: [JSONValue.Member] = []
            if let inspection = APDUInspection.tree(response.data) {
                members.append(
                    .init("data", .string(reveal ? Hex.encode(response.data) : inspection.maskedHex())))
                members.append(.init("objects", inspection.json(reveal: reveal)))
            } else {
                members.append(
                    .init("data", .string(reveal ? Hex.encode(response.data) : Masking.bytes(response.data))))
            }
            members.append(.init("sw", .string(response.status.description)))
            members.append(.init("meaning", .string(APDUInspection.meaning(response.status))))
            return .object([.init("response", .object(members))])
        }
    }

    /// VERIFY and PIN CHANGE carry a PIN.
    private func isSecret(_ command: CommandAPDU) -> Bool { command.ins == 0x20 || command.ins == 0x24 }

    private func data(_ command: CommandAPDU, _ reveal: Bool) -> String {
        if reveal { return Hex.encode(command.data) }
        if isSecret(command) { return Masking.bytes(command.data) }
        return APDUInspection.tree(command.data)?.maskedHex() ?? Hex.encode(command.data)
    }

    private func objects(_ data: [UInt8], _ reveal: Bool) -> [Line] {
        APDUInspection.tree(data)?.lines(reveal: reveal) ?? []
    }

    /// The data objects, where the data is BER-TLV of known tags.
    private static func tree(_ data: [UInt8]) -> TLVInspection? {
        guard let first = (try? TLV.parse(data))?.first, DataDictionary.element(first.tag) != nil else { return nil }
        return try? TLVInspection(data)
    }

    private static let instructions: [UInt8: String] = [
        0x16: "CARD BLOCK", 0x18: "APPLICATION UNBLOCK", 0x1E: "APPLICATION BLOCK", 0x20: "VERIFY",
        0x24: "PIN CHANGE/UNBLOCK", 0x82: "EXTERNAL AUTHENTICATE", 0x84: "GET CHALLENGE",
        0x88: "INTERNAL AUTHENTICATE", 0xA4: "SELECT", 0xA8: "GET PROCESSING OPTIONS", 0xAE: "GENERATE AC",
        0xB0: "READ BINARY", 0xB2: "READ RECORD", 0xC0: "GET RESPONSE", 0xCA: "GET DATA", 0xD6: "UPDATE BINARY",
        0xDA: "PUT DATA", 0xDC: "UPDATE RECORD",
    ]

    /// What a command is: `READ RECORD record 1, short file identifier 1`.
    static func title(_ command: CommandAPDU) -> String {
        let parameters = parameters(command)
        return parameters.isEmpty ? name(command) : "\(name(command)) \(parameters)"
    }

    private static func name(_ command: CommandAPDU) -> String { instructions[command.ins] ?? "unknown" }

    private static func parameters(_ command: CommandAPDU) -> String {
        switch command.ins {
        case 0xA4:
            (command.p1 & 0x04 != 0 ? "by name" : "by file identifier")
                + (command.p2 & 0x03 == 0x02 ? ", next occurrence" : ", first or only occurrence")
        case 0xB2, 0xDC: "record \(command.p1), short file identifier \(command.p2 >> 3)"
        case 0xCA, 0xDA: tagName(command)
        case 0xAE:
            (["AAC", "TC", "ARQC", "reserved"][Int(command.p1 >> 6)])
                + (command.p1 & 0x10 != 0 ? ", combined with DDA" : "")
        case 0x20: command.p2 == 0x80 ? "plaintext PIN" : command.p2 == 0x88 ? "enciphered PIN" : ""
        default: ""
        }
    }

    private static func tagName(_ command: CommandAPDU) -> String {
        let tag = TLV.Tag(rawValue: UInt32(command.p1) << 8 | UInt32(command.p2))
        return "\(tag) \(DataDictionary.element(tag)?.name ?? "")"
    }

    private static func meaning(_ status: StatusWord) -> String {
        switch (status.sw1, status.sw2) {
        case (0x90, 0x00): "success"
        case (0x61, let count): "\(count == 0 ? 256 : Int(count)) bytes wait for GET RESPONSE"
        case (0x6C, let count): "wrong Le, \(count == 0 ? 256 : Int(count)) bytes are there"
        case (0x62, 0x83): "selected file or application is blocked"
        case (0x62, _): "warning, state unchanged"
        case (0x63, let count) where count & 0xF0 == 0xC0: "verification failed, \(count & 0x0F) tries left"
        case (0x63, 0x00): "authentication failed"
        case (0x64, _): "execution error, state unchanged"
        case (0x65, _): "execution error, state changed"
        case (0x67, 0x00): "wrong length"
        case (0x69, 0x83): "authentication method blocked"
        case (0x69, 0x84): "referenced data invalidated"
        case (0x69, 0x85): "conditions of use not satisfied"
        case (0x69, 0x82): "security status not satisfied"
        case (0x6A, 0x80): "wrong data"
        case (0x6A, 0x81): "function not supported; to SELECT: card blocked"
        case (0x6A, 0x82): "file or application not found"
        case (0x6A, 0x83): "record not found"
        case (0x6A, 0x86): "wrong P1 P2"
        case (0x6A, 0x88): "referenced data not found"
        case (0x6B, 0x00): "wrong P1 P2"
        case (0x6D, 0x00): "instruction not supported"
        case (0x6E, 0x00): "class not supported"
        case (0x6F, 0x00): "no precise diagnosis"
        default: "unknown"
        }
    }
}
