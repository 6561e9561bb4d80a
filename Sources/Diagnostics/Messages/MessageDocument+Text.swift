import ISO8583
import Wire

extension MessageDocument {
    /// The message in lines for people: each field with its name and its parts; sensitive parts masked unless `reveal`.
    public func text(reveal: Bool) -> String {
        var lines: [Line] = []
        if let envelope {
            let tpdu = Hex.encode(envelope.tpdu.bytes)
            let header = envelope.header
            let requirement = Int(header.processingRequirement.rawValue)
            lines.append(Line("TPDU", "to \(tpdu.dropFirst(2).prefix(4)), from \(tpdu.suffix(4))", tpdu))
            lines.append(
                Line(
                    "Header", header.applicationClass == 0x61 ? "chip card" : "general", Hex.encode(header.bytes),
                    [
                        Line(
                            "", "Terminal must",
                            FieldMeaning.requirement.indices.contains(requirement)
                                ? FieldMeaning.requirement[requirement] : "\(requirement)")
                    ]))
        }
        lines.append(Line("MTI", FieldMeaning.messageType(message.mti.description), message.mti.description))
        for field in message.fields {
            let inspection = FieldInspection(message, field, reveal: reveal)
            lines.append(Line("F\(field)", message.table.name(of: field), inspection.value, inspection.lines))
        }
        return Line.render(lines)
    }
}
