public import EMV
import Payments
import Wire

/// Asks a card what it has to say, without a payment: directory, applications, their data and counters, and whether the data
/// are genuine. Told what the card answered, it says what to send next.
///
/// No cryptogram is asked for and no PIN is tried, so the card's limits and try counters stay as they are. By its contacts each
/// application is opened (GET PROCESSING OPTIONS), which counts its ATC up by one: without that a card shows no records.
/// Through the air it is not opened at all, for there that alone makes the card give a cryptogram.
public struct CardExamination: Sendable {
    private let script: ReplayTerminal
    private let isContactless: Bool
    private var state = State.idle
    private var report: CardReport
    private var candidates: ArraySlice<CardReport.Application> = []
    private var commandsSent = 0

    /// Most applications that are read, and most commands that are sent.
    public enum Limit {
        /// Applications.
        public static let applications = 16
        /// Commands.
        public static let commands = 1000
    }

    private enum State {
        case idle
        case directory
        case entries(file: UInt8, record: UInt8)
        case listed(Int)
        case selected(CardReport.Application)
        case running(CardReport.Application, Opening, CommandAPDU)
        case counters(CardReport.Application, [TLV.Tag])
    }

    /// The kernel up to where it would ask for a cryptogram, and what it has heard.
    private struct Opening {
        var run: KernelRun
        var heard: [KernelRun.Event] = []
        var asksCombined = false

        mutating func hear(_ event: KernelRun.Event) -> KernelRun.Step {
            heard.append(event)
            return run.handle(event)
        }

        /// Another kernel that has heard the same.
        func again(_ run: KernelRun) -> Opening {
            var other = Opening(run: run, asksCombined: true)
            for event in heard { _ = other.hear(event) }
            return other
        }
    }

    /// What is to be done.
    public enum Step: Sendable {
        /// Send this to the card.
        case transmit(CommandAPDU)
        /// Over.
        case finish(CardReport)
    }

    /// An examination at this terminal, whose applications and keys count.
    public init(_ script: ReplayTerminal, answerToReset: [UInt8], isContactless: Bool = false) {
        var script = script
        script.pins = [.failed]
        script.choice = .index(0)
        script.terminal.exceptionFile = []
        script.terminal.asksForApplication = true
        self.script = script
        self.isContactless = isContactless
        report = CardReport(answerToReset: answerToReset, isContactless: isContactless)
    }

    /// The first command.
    public mutating func begin() -> Step {
        state = .directory
        return transmit(.select(Array((isContactless ? "2PAY.SYS.DDF01" : "1PAY.SYS.DDF01").utf8)))
    }

    /// The card left or does not answer any more: what is known by now.
    public mutating func cardLost(_ reason: String) -> CardReport {
        switch state {
        case .selected(let application), .running(let application, _, _), .counters(let application, _):
            report.applications.append(application)
        default: break
        }
        report.note = reason
        report.isComplete = false
        return report
    }

    /// Takes the card's answer, status bytes included.
    public mutating func receive(_ bytes: [UInt8]) -> Step {
        guard let response = Response(bytes: bytes) else {
            return .finish(cardLost("an answer of \(bytes.count) bytes"))
        }
        switch state {
        case .idle: return begin()
        case .directory: return openDirectory(response)
        case .entries(let file, let record): return readEntries(response, file, record)
        case .listed(let index): return tryListed(response, index)
        case .selected(let application): return keepSelection(response, application)
        case .running(let application, let opening, let command): return open(bytes, application, opening, command)
        case .counters(let application, let tags): return keepCounter(response, application, tags)
        }
    }

    private mutating func transmit(_ command: CommandAPDU) -> Step {
        commandsSent += 1
        guard commandsSent <= Limit.commands else { return .finish(cardLost("the card does not come to an end")) }
        return .transmit(command)
    }
}

// The card's directory, or a list of what terminals know (EMV 4.4 Book 1, 12.3; EMV Contactless Book B, 3.3).
extension CardExamination {
    private mutating func openDirectory(_ response: Response) -> Step {
        report.directory = response.status == .success ? "present" : "none (\(response.status))"
        let objects = TLV.flat(response.data)
        if response.status == .functionNotSupported { report.note = "the card is blocked" }
        if isContactless {
            let entries = objects.filter { $0.tag == .applicationTemplate }
            candidates = entries.compactMap { entry($0) }.prefix(Limit.applications)[...]
            return nextApplication()
        }
        guard response.status == .success,
            let file = objects.first(where: { $0.tag == .shortFileIdentifier })?.value.first,
            (1...10).contains(file)
        else { return list(0) }
        return readDirectory(file, 1)
    }

    private mutating func readDirectory(_ file: UInt8, _ record: UInt8) -> Step {
        state = .entries(file: file, record: record)
        return transmit(.readRecord(record, sfi: file))
    }

    private mutating func readEntries(_ response: Response, _ file: UInt8, _ record: UInt8) -> Step {
        guard response.status == .success, record < 32 else { return candidates.isEmpty ? list(0) : nextApplication() }
        for template in TLV.flat(response.data) where template.tag == .applicationTemplate {
            if let found = entry(template), candidates.count < Limit.applications { candidates.append(found) }
        }
        return readDirectory(file, record + 1)
    }

    private func entry(_ template: TLV) -> CardReport.Application? {
        let objects = TLV.flat(Array(template.value))
        guard let aid = objects.first(where: { $0.tag == .aid })?.value, (5...16).contains(aid.count) else {
            return nil
        }
        return application(Array(aid), [CardReport.Answer("directory", objects)])
    }

    private func application(_ aid: [UInt8], _ answers: [CardReport.Answer]) -> CardReport.Application {
        let parameters = script.terminal.applications.first { matches($0, aid) }
        return CardReport.Application(aid: aid, isAccepted: parameters != nil, answers: answers)
    }

    private func matches(_ parameters: ApplicationParameters, _ aid: [UInt8]) -> Bool {
        parameters.aid == aid || (parameters.allowsPartialMatch && aid.starts(with: parameters.aid))
    }

    /// Without a directory: what this terminal knows, one after the other.
    private mutating func list(_ index: Int) -> Step {
        let known = script.terminal.applications
        guard known.indices.contains(index), report.note.isEmpty else { return nextApplication() }
        state = .listed(index)
        return transmit(.select(known[index].aid))
    }

    private mutating func tryListed(_ response: Response, _ index: Int) -> Step {
        if response.status == .success || response.status == .fileInvalidated,
            let name = TLV.flat(response.data).first(where: { $0.tag == .dedicatedFileName })?.value,
            !candidates.contains(where: { $0.aid.elementsEqual(name) }), candidates.count < Limit.applications
        {
            candidates.append(application(Array(name), []))
        }
        return list(index + 1)
    }
}

// One application after the other.
extension CardExamination {
    private mutating func nextApplication() -> Step {
        guard let application = candidates.popFirst() else { return .finish(report) }
        if isContactless {
            state = .selected(application)
            return transmit(.select(application.aid))
        }
        var terminal = script
        // With the signature of DDA the card proves itself without a cryptogram; see `open`.
        terminal.terminal.capabilities = [.contactChip, .signature, .noVerification, .sda, .dda]
        var opening = Opening(run: KernelRun(terminal.alone(application.aid), isContactless: false))
        let step = opening.hear(.begin)
        return follow(step, application, opening)
    }

    private mutating func follow(
        _ step: KernelRun.Step, _ application: CardReport.Application, _ opening: Opening
    ) -> Step {
        var application = application
        switch step {
        case .transmit(let command) where command.ins == 0xAE: break
        case .transmit(let command):
            state = .running(application, opening, command)
            return transmit(command)
        case .finish(.ended(let failure)): application.failure = "\(failure.detail) (EMV \(failure.clause))"
        case .finish, .offlinePIN, .present: break
        }
        application.findings = opening.run.findings
        guard application.findings != nil else {
            report.applications.append(application)
            return nextApplication()
        }
        return readCounters(application)
    }

    private mutating func open(
        _ bytes: [UInt8], _ application: CardReport.Application, _ opening: Opening, _ command: CommandAPDU
    ) -> Step {
        var (application, opening) = (application, opening)
        if let answer = CardReport.Answer(command, bytes, of: application.aid) {
            application.answers.append(answer)
            // Some cards sign only together with the cryptogram: then their certificates can be looked at.
            if command.ins == 0xA8, !opening.asksCombined,
                let profile = answer.objects.first(where: { $0.tag == .aip })?.value.first, profile & 0x21 == 0x01
            {
                var terminal = script
                terminal.terminal.capabilities = [.contactChip, .signature, .noVerification, .sda, .cda]
                opening = opening.again(KernelRun(terminal.alone(application.aid), isContactless: false))
            }
        }
        let step = opening.hear(.response(bytes))
        return follow(step, application, opening)
    }

    private mutating func keepSelection(_ response: Response, _ application: CardReport.Application) -> Step {
        var application = application
        if let answer = CardReport.Answer(.select(application.aid), response.bytes, of: application.aid) {
            application.answers.append(answer)
        }
        guard response.status == .success else {
            application.failure = "SELECT: \(response.status)"
            report.applications.append(application)
            return nextApplication()
        }
        return readCounters(application)
    }

    private static let counters: [TLV.Tag] = [.atc, .lastOnlineATC, .pinTryCounter, 0x9F4F, 0x9F79]

    private mutating func readCounters(_ application: CardReport.Application) -> Step {
        readCounter(application, Self.counters)
    }

    private mutating func readCounter(_ application: CardReport.Application, _ tags: [TLV.Tag]) -> Step {
        guard let tag = tags.first else {
            report.applications.append(application)
            return nextApplication()
        }
        state = .counters(application, tags)
        return transmit(.getData(tag))
    }

    private mutating func keepCounter(
        _ response: Response, _ application: CardReport.Application, _ tags: [TLV.Tag]
    ) -> Step {
        var application = application
        let found = TLV.flat(response.data).filter { $0.tag == tags.first }
        if response.status == .success, !found.isEmpty {
            application.answers.append(CardReport.Answer("GET DATA", found))
        }
        return readCounter(application, Array(tags.dropFirst()))
    }
}

extension ReplayTerminal {
    /// This terminal with one application alone.
    fileprivate func alone(_ aid: [UInt8]) -> ReplayTerminal {
        var copy = self
        var parameters =
            terminal.applications.first { aid.starts(with: $0.aid) }
            ?? ApplicationParameters(aid: aid, tacDenial: TVR(), tacOnline: TVR(), tacDefault: TVR())
        parameters.aid = aid
        parameters.allowsPartialMatch = false
        copy.terminal.applications = [parameters]
        return copy
    }
}

extension TLV {
    /// All objects, those inside others too, in order; none of bytes that cannot be read.
    static func flat(_ bytes: [UInt8], depth: Int = 0) -> [TLV] {
        guard depth < Limit.depth, let objects = try? parse(bytes) else { return [] }
        return objects.flatMap { [$0] + ($0.tag.isConstructed ? flat(Array($0.value), depth: depth + 1) : []) }
    }
}
