import Foundation
import HAL
import Testing

@testable import PrinterDriver

/// What the machine does in each state at each event, as a table that is read when it changes.
@Suite struct PrintMachineTests {
    private static let document: [UInt8] =
        [0x1B, 0x40] + (1...3).flatMap { Array("\($0) \(String(repeating: "x", count: 990))\n".utf8) }
        + Array("the end\n".utf8) + [0x1D, 0x56, 0x42, 0x03]

    private static func machine(
        _ status: PrinterProfile.StatusReport = .realTime, abilities: PrintMachine.Abilities = .init()
    ) -> PrintMachine {
        var profile = PrinterProfile.chinese80
        profile.status = status
        return PrintMachine(document: document, profile: profile, abilities: abilities, patience: 4)
    }

    /// Does what the machine wants to be written, and hears `answer` to each question, until it only listens.
    private static func settle(_ machine: inout PrintMachine, marks: Int = 0, answer: UInt8? = 0x12) {
        var marks = marks
        while true {
            switch machine.action {
            case .write(let bytes):
                machine.handle(.written(bytes.count))
                let questions = zip(bytes, bytes.dropFirst()).filter { $0 == (0x10, 0x04) }.count
                if let answer, questions > 0 {
                    machine.handle(.heard([UInt8](repeating: answer, count: questions)))
                } else if marks > 0 {
                    marks -= 1
                    machine.handle(.heard([0x00]))
                } else if answer == nil {
                    return
                }
            case .askPort: machine.handle(.port(nil))
            case .listen:
                guard marks > 0 else { return }
                marks -= 1
                machine.handle(.heard([0x00]))
            case .end: return
            }
        }
    }

    private static var states: [(name: String, machine: PrintMachine)] {
        let fresh = machine()
        var begun = machine()
        settle(&begun)
        var middle = begun
        settle(&middle, marks: 2)
        var end = begun
        settle(&end, marks: 5)
        var confirming = begun
        settle(&confirming, marks: 4)
        var clearing = middle
        clearing.handle(.heard([0x18, 0x00, 0x0F, 0x00]))
        var cleared = clearing
        settle(&cleared)
        var mute = machine()
        for _ in 0..<4 { mute.handle(.tick) }
        return [
            ("looking", fresh), ("sending", begun), ("in the middle", middle), ("before the last mark", confirming),
            ("after the last mark", end), ("clearing", clearing), ("waiting to be cleared", cleared), ("mute", mute),
        ]
    }

    private static let events: [(name: String, event: PrintMachine.Event)] = [
        ("takes nothing", .written(0)), ("takes 3", .written(3)), ("status well", .heard([0x12])),
        ("mark", .heard([0x00])), ("paper out, unasked", .heard([0x18, 0x00, 0x0F, 0x00])),
        ("near end, unasked", .heard([0x10, 0x00, 0x03, 0x00])), ("cleared", .heard([0x37, 0x25, 0x00])),
        ("garbage", .heard([0xFF, 0xFF, 0xFF, 0xFF, 0xFF])), ("port: paper out", .port(0x38)), ("no port", .port(nil)),
        ("tick", .tick), ("lost", .lost), ("deadline", .deadline),
    ]

    private static func describe(_ machine: PrintMachine) -> String {
        let action: String =
            switch machine.action {
            case .write(let bytes): "write \(bytes.count)"
            case .listen: "listen"
            case .askPort: "ask port"
            case .end(.printed): "printed"
            case .end(.failed(let trouble, let progress)): "failed \(trouble) \(progress)"
            }
        let phase = "\(machine.phase)".split(separator: "(").first.map(String.init) ?? ""
        let trouble = machine.trouble.map { " \($0)" } ?? ""
        return "\(phase)\(trouble), \(machine.progress): \(action)"
    }

    @Test func everyStateAtEveryEvent() throws {
        var table = ""
        for (name, machine) in Self.states {
            table += "\(name) [\(Self.describe(machine))]\n"
            for (event, value) in Self.events {
                var next = machine
                next.handle(value)
                table += "    \(event) -> \(next == machine ? "same" : Self.describe(next))\n"
            }
        }
        let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures/print-machine.txt")
        if ProcessInfo.processInfo.environment["RECORD"] != nil { try Data(table.utf8).write(to: file) }
        #expect(try String(decoding: Data(contentsOf: file), as: UTF8.self) == table)
    }

    /// However the line cuts what is written, a well printer prints.
    @Test(arguments: [1, 7, 64, 4096]) func anyLineWillDo(atOnce: Int) {
        var machine = Self.machine()
        var sent: [UInt8] = []
        var answered = 0
        for _ in 0..<100_000 {
            switch machine.action {
            case .write(let bytes):
                sent += bytes.prefix(atOnce)
                machine.handle(.written(min(atOnce, bytes.count)))
                guard sent.count >= 3, sent.count > answered else { continue }
                for end in max(3, answered + 1)...sent.count {
                    if sent[end - 3] == 0x10, sent[end - 2] == 0x04 { machine.handle(.heard([0x12])) }
                    if sent[end - 3..<end] == [0x1D, 0x72, 0x01] { machine.handle(.heard([0x00])) }
                }
                answered = sent.count
            case .listen: machine.handle(.tick)
            case .askPort: machine.handle(.port(nil))
            case .end(let end):
                #expect(end == .printed)
                return
            }
        }
        Issue.record("it never ends")
    }

    /// A printer that says all is well before it is asked has not got what stands before the question.
    @Test func whatComesUnaskedIsNoAnswer() {
        var machine = Self.machine()
        for _ in 0..<4 {
            machine.handle(.written(3))
            machine.handle(.heard([0x12]))
        }
        #expect(machine.phase == .sending)
        // The reset, its mark and one letter; several pieces and a question are still in line.
        machine.handle(.written(6))
        machine.handle(.heard([0x12, 0x12, 0x12, 0x12]))
        machine.handle(.lost)
        #expect(machine.phase == .over(.failed(.absent, .part)))
        #expect(machine.left.isOnPaper && machine.left.missing > 900)
    }

    /// Pieces end where commands end, and are the document.
    @Test func piecesAreTheDocument() {
        let picture: [UInt8] = [0x1D, 0x76, 0x30, 0, 72, 0, 24, 0] + [UInt8](repeating: 0x1D, count: 72 * 24)
        let document = Self.document + picture + [0x1C, 0x26, 0xB0, 0xA1, 0x0A] + picture + Self.document
        let pieces = DocumentPieces.of(document)
        #expect(pieces.flatMap { $0 } == document)
        #expect(pieces.first == [0x1B, 0x40])
        #expect(pieces.allSatisfy { $0.count <= picture.count + 8 })
    }

    @Test func anyBytesAreAPrinters() {
        var state: UInt64 = 30
        for _ in 0..<200 {
            var machine = Self.machine([.realTime, .automatic, .port][Int(state >> 33) % 3])
            for _ in 0..<300 {
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                let bytes = (0..<Int(state >> 60)).map { UInt8(truncatingIfNeeded: state >> (UInt64($0 * 3) + 7)) }
                switch machine.action {
                case .write(let all): machine.handle(.written(Int(state >> 40) % (all.count + 1)))
                case .listen: machine.handle(state >> 62 == 0 ? .tick : .heard(bytes))
                case .askPort: machine.handle(.port(UInt8(truncatingIfNeeded: state >> 50)))
                case .end: break
                }
            }
            machine.handle(.lost)
            #expect(machine.left.missing <= 3072)
        }
    }
}
