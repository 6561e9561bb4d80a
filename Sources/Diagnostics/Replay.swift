public import EMV
import PaymentCryptography
public import Payments
import Wire

/// A recorded session played against the kernel, with no card: what the kernel sends stands beside what was recorded.
///
/// The recorded response to the nth command is given for the kernel's nth command, whether they are equal or not. GET RESPONSE
/// and repeated commands with another length are commands like others: the kernel sends them itself where a recorded response
/// asks for them (`61xx`, `6Cxx`). A recorded command without its last byte `00`, as T=0 has it, is equal to one with it.
public struct Replay: Sendable {
    /// What was sent and what was recorded, in order.
    public let rows: [Row]
    /// How the kernel ended.
    public let ending: KernelRun.Ending
    /// What the kernel found out; nil if no application was selected.
    public let findings: KernelFindings?
    /// What the card's processing left behind; nil without a cryptogram.
    public let chipResult: ChipResult?
    /// Data objects of field 55: those of the completion, or of the request where there was none.
    public let field55: [UInt8]
    private let transcript: Transcript
    private let mask: CardDataMask

    /// One command, or something else that happened.
    public struct Row: Equatable, Sendable {
        /// What the kernel sends; nil where it sends nothing any more.
        public let sent: [UInt8]?
        /// What was recorded; nil behind the end of the recording.
        public let recorded: [UInt8]?
        /// The recorded response; nil if the card gave none.
        public let response: [UInt8]?
        /// What else there is to say: a delay, the card's removal, the PIN pad.
        public let note: String

        /// Whether the kernel sends what was recorded. What is neither is equal.
        public var isEqual: Bool {
            guard let sent, let recorded else { return sent == nil && recorded == nil }
            return sent == recorded || (sent.count >= 6 && sent == recorded + [0x00])
        }
    }

    /// Whether all commands are equal.
    public var isEqual: Bool { firstDifference == nil }
    /// The row of the first difference.
    public var firstDifference: Int? { rows.firstIndex { !$0.isEqual } }

    /// Plays `transcript` against the kernel of `terminal`.
    public init(_ transcript: Transcript, terminal: ReplayTerminal) {
        var player = Player(KernelRun(terminal, isContactless: transcript.isContactless), transcript)
        ending = player.play()
        rows = player.rows
        findings = player.run.findings
        chipResult = player.run.chipResult
        if case .completed(_, let completion) = ending {
            field55 = completion.chipData
        } else {
            field55 = player.run.request ?? []
        }
        self.transcript = transcript
        mask = CardDataMask(transcript)
    }

    /// Gives the kernel what was recorded.
    private struct Player {
        var run: KernelRun
        var rows: [Row] = []
        private var remaining: ArraySlice<Transcript.Entry>

        init(_ run: KernelRun, _ transcript: Transcript) {
            self.run = run
            remaining = transcript.entries[...]
        }

        mutating func play() -> KernelRun.Ending {
            var step = run.handle(.begin)
            while true {
                switch step {
                case .transmit(let command): step = run.handle(answer(command.bytes))
                case .offlinePIN(let query): step = run.handle(.pin(enter(query)))
                case .present:
                    guard isPresentedAgain else {
                        noteRest()
                        return .tryAgain
                    }
                    step = run.handle(.begin)
                case .finish(let ending):
                    noteRest()
                    return ending
                }
            }
        }

        /// Whether the recording goes on with another presentation.
        private var isPresentedAgain: Bool {
            remaining.contains {
                if case .exchange = $0 { true } else { false }
            }
        }

        private mutating func noteDelays() {
            while case .delay(let milliseconds)? = remaining.first {
                remaining.removeFirst()
                rows.append(Row(sent: nil, recorded: nil, response: nil, note: "\(milliseconds) ms pass"))
            }
        }

        private mutating func answer(_ command: [UInt8]) -> KernelRun.Event {
            noteDelays()
            switch remaining.first {
            case .exchange(let recorded, let response)?:
                remaining.removeFirst()
                // A command that the card left without an answer.
                let isRemoved = response == nil && remaining.first == .removed
                let note = response == nil ? (isRemoved ? "the card leaves" : "the card does not answer") : ""
                if isRemoved { remaining.removeFirst() }
                rows.append(Row(sent: command, recorded: recorded, response: response, note: note))
                return response.map { .response($0) } ?? (isRemoved ? .cardRemoved : .cardMute)
            case .removed?:
                // What would have been sent to a card that has left was never recorded.
                remaining.removeFirst()
                rows.append(Row(sent: nil, recorded: nil, response: nil, note: "the card leaves"))
                return .cardRemoved
            case .delay?, nil:
                rows.append(Row(sent: command, recorded: nil, response: nil, note: "the recording is over"))
                return .cardMute
            }
        }

        /// The recorded VERIFY tells what the pad made of the PIN.
        private mutating func enter(_ query: OfflinePINQuery) -> ContactKernel.PINOutcome {
            noteDelays()
            guard case .exchange(let recorded, let response)? = remaining.first,
                let command = CommandAPDU(bytes: recorded), command.ins == 0x20
            else {
                // Without one the kernel's own shows the difference, or its next command does.
                guard case .enciphered(let key, _) = query.method else { return .padFailed }
                return .enciphered([UInt8](repeating: 0, count: key.modulus.count))
            }
            switch query.method {
            case .enciphered: return .enciphered(command.data)
            case .plaintext:
                // In the clear it goes from the pad to the card; the terminal only hears the answer.
                guard let response else { return .padFailed }
                remaining.removeFirst()
                rows.append(Row(sent: recorded, recorded: recorded, response: response, note: "sent by the PIN pad"))
                return .answered(response)
            }
        }

        private mutating func noteRest() {
            for entry in remaining {
                switch entry {
                case .delay(let milliseconds):
                    rows.append(Row(sent: nil, recorded: nil, response: nil, note: "\(milliseconds) ms pass"))
                case .removed: rows.append(Row(sent: nil, recorded: nil, response: nil, note: "the card leaves"))
                case .exchange(let command, let response):
                    rows.append(Row(sent: nil, recorded: command, response: response, note: "the kernel has ended"))
                }
            }
        }
    }
}

// Words.
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
