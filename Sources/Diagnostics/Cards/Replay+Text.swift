import EMV
import Payments
import Wire

extension Replay {
    /// The commands side by side, the first difference marked, and what came of the session; card data masked unless `reveal`.
    public func text(reveal: Bool) -> String {
        var lines: [String] = []
        if let answer = transcript.answerToReset { lines.append("ATR       \(Hex.encode(answer))") }
        var number = 0
        for (index, row) in rows.enumerated() {
            if row.sent == nil, row.recorded == nil {
                lines.append("    \(row.note)")
                continue
            }
            number += 1
            let isFirst = index == firstDifference
            let count = String(repeating: " ", count: max(0, 3 - String(number).count)) + String(number)
            let name = (row.sent ?? row.recorded).flatMap { CommandAPDU(bytes: $0) }.map(APDUInspection.title) ?? ""
            lines.append("\(count) \(row.isEqual ? "=" : "≠") kernel    \(shown(row.sent, reveal))  \(name)")
            lines.append("      recorded  \(shown(row.recorded, reveal))")
            if isFirst { lines.append("      ^ first difference\(place(row))") }
            if !row.note.isEmpty { lines.append("      \(row.note)") }
        }
        lines.append(
            firstDifference.map { _ in
                let count = rows.count { !$0.isEqual }
                return count == 1 ? "1 command differs" : "\(count) commands differ"
            } ?? "all \(number) commands are equal")
        return lines.joined(separator: "\n") + "\n\n" + Line.render(summary(reveal))
    }

    private func place(_ row: Row) -> String {
        guard let sent = row.sent, let recorded = row.recorded else { return "" }
        let index = zip(sent, recorded).enumerated().first { $0.element.0 != $0.element.1 }?.offset
        return index.map { ", at byte \($0 + 1)" } ?? ", in length"
    }

    private func shown(_ command: [UInt8]?, _ reveal: Bool) -> String {
        guard let command else { return "–" }
        return Hex.encode(reveal ? command : mask.command(command))
    }

    private var outcome: (word: String, detail: String) {
        switch ending {
        case .completed(let verdict, _): (verdict.rawValue, "")
        case .ended(let failure): (failure.reason.rawValue, "\(failure.detail) (EMV \(failure.clause))")
        case .tryAgain: ("tryAgain", "the card is to be presented again")
        case .tryAnotherInterface: ("tryAnotherInterface", "the card is to be inserted or swiped")
        case .unexpected: ("unexpected", "the kernel did not expect this")
        }
    }

    private func summary(_ reveal: Bool) -> [Line] {
        var lines = [Line("outcome", outcome.word, outcome.detail)]
        if let application = chipResult?.application { lines.append(Line("AID", application.aid, application.label)) }
        if let findings {
            lines.append(explained(.tvr, "TVR", findings.tvr.bytes))
            lines.append(explained(.tsi, "TSI", findings.tsi.bytes))
            lines.append(explained(.cvm, "CVM result", findings.cvmResults))
            lines.append(Line("ODA", findings.authenticationSummary, findings.obstacle))
        }
        if let chipResult {
            lines.append(Line("cryptogram", chipResult.cryptogramType.rawValue, chipResult.cryptogram))
        }
        if !field55.isEmpty {
            let objects = try? TLVInspection(field55)
            lines.append(Line("field 55", "\(field55.count) bytes", "", objects?.lines(reveal: reveal) ?? []))
        }
        return lines
    }

    private func explained(_ kind: ValueInspection.Kind, _ label: String, _ bytes: [UInt8]) -> Line {
        Line(label, Hex.encode(bytes), "", (try? ValueInspection(kind, bytes))?.significantLines ?? [])
    }

    /// The same as JSON; `difference` is the number of the first command that differs, 1 first, or null.
    public func json(reveal: Bool) -> JSONValue {
        let commands = rows.filter { $0.sent != nil || $0.recorded != nil }
        let difference = commands.firstIndex { !$0.isEqual }
        func hex(_ command: [UInt8]?) -> JSONValue { command.map { .string(shown($0, reveal)) } ?? .null }
        var members: [JSONValue.Member] = [
            .init("equal", .bool(isEqual)),
            .init("difference", difference.map { .number($0 + 1) } ?? .null),
            .init(
                "commands",
                .array(
                    commands.map {
                        .object([
                            .init("kernel", hex($0.sent)), .init("recorded", hex($0.recorded)),
                            .init("equal", .bool($0.isEqual)), .init("note", .string($0.note)),
                        ])
                    })),
            .init("outcome", .string(outcome.word)), .init("detail", .string(outcome.detail)),
        ]
        members.append(.init("tvr", findings.map { .string(Hex.encode($0.tvr.bytes)) } ?? .null))
        members.append(.init("tsi", findings.map { .string(Hex.encode($0.tsi.bytes)) } ?? .null))
        members.append(.init("cvmResults", findings.map { .string(Hex.encode($0.cvmResults)) } ?? .null))
        members.append(.init("oda", findings?.authenticationJSON ?? .null))
        members.append(.init("cryptogramType", chipResult.map { .string($0.cryptogramType.rawValue) } ?? .null))
        members.append(.init("cryptogram", chipResult.map { .string($0.cryptogram) } ?? .null))
        members.append(.init("field55", .string(Hex.encode(field55))))
        return .object(members)
    }
}

extension KernelFindings {
    /// `DDA succeeded, CA key F0`.
    var authenticationSummary: String {
        guard authentication.method != .none else { return "not performed" }
        let key = keyIndex.map { ", CA key \(Hex.encode([$0]))" } ?? ""
        let word =
            switch authentication.status {
            case .notPerformed: "certificates good, the signature comes with the cryptogram"
            case .succeeded: "succeeded"
            case .failed: "failed"
            case .dataMissing: "failed, card data missing"
            }
        return "\(authentication.method.rawValue.uppercased()) \(word)\(key)"
    }

    /// `{"method":…,"result":…,"keyIndex":…,"detail":…}`.
    var authenticationJSON: JSONValue {
        .object([
            .init("method", .string(authentication.method.rawValue)),
            .init("result", .string(authentication.status.rawValue)),
            .init("keyIndex", keyIndex.map { .string(Hex.encode([$0])) } ?? .null), .init("detail", .string(obstacle)),
        ])
    }
}
