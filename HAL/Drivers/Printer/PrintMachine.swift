import HAL

/// Decides how one document gets on paper: told what the line took, what the printer said and that time passes, it says what
/// to do next. With an empty document it only asks how the printer is.
///
/// Pieces of the document are followed by marks (GS r 1), which the printer answers in their turn, and no more is under way
/// than fits into the smallest buffer there is: so the questions between them (DLE EOT) always arrive and are answered, also
/// while the printer waits for paper. A printer that leaves marks open is held to its answers to questions; one that answers
/// nothing is believed when it has taken all.
struct PrintMachine: Equatable, Sendable {
    /// What happens.
    enum Event: Equatable, Sendable {
        /// The line took this much of what was to be written.
        case written(Int)
        /// The printer said something.
        case heard([UInt8])
        /// Its port status; nil on a line without.
        case port(UInt8?)
        /// `tickMilliseconds` have passed.
        case tick
        /// The line broke.
        case lost
        /// No more time is given.
        case deadline
    }

    /// What to do next. It is asked for after each event.
    enum Action: Equatable, Sendable {
        case write([UInt8])
        case listen
        case askPort
        case end(End)
    }

    /// How it ends.
    enum End: Equatable, Sendable {
        case printed
        case failed(PrinterTrouble, PrintFailure.Progress)
    }

    /// What the printer has shown that it can; nil where nothing is known yet. It outlives the document.
    struct Abilities: Equatable, Sendable {
        /// Answers questions.
        var answers: Bool?
        /// Answers the question for errors too.
        var answersErrors = true
        /// Answers marks.
        var marks: Bool?
        /// Has a port status.
        var port: Bool?
    }

    /// What a document that failed leaves behind for the next one to clear away.
    struct Remains: Equatable, Sendable {
        /// A part of it sticks out of the printer.
        var isOnPaper = false
        /// So many bytes of its last command are missing: the printer takes what comes next for them.
        var missing = 0
    }

    enum Phase: Equatable, Sendable {
        /// Asks before anything is printed.
        case looking
        case sending
        /// All is sent.
        case confirming
        /// What is not printed is being forgotten.
        case clearing(PrinterTrouble)
        case over(End)
    }

    static let tickMilliseconds = 50
    /// What is under way at most; the smallest buffers have 4 KiB.
    private static let windowBytes = 3072
    /// What is offered to the line at once.
    private static let writeBytes = 16 * 1024
    /// Ticks after which the next round of questions begins.
    private static let pauseTicks = 2
    /// Ticks a trouble may take that passes by itself, and a silence.
    private static let hopelessTicks = 60
    /// Ticks that a printer which answers questions may take for a mark.
    private static let markTicks = 200
    /// Ticks for which a printer without marks is watched after the document.
    private static let watchTicks = 20
    /// Ticks given to the buffer's clearing.
    private static let clearTicks = 6
    /// More than that is no noise.
    private static let garbageLimit = 4

    private enum Item: Equatable, Sendable {
        /// What an earlier document left is cleared away.
        case lead([UInt8])
        case command([UInt8])
        case piece(Int)
        case mark(Int)
        case question(StatusQuestion)
    }

    private struct Round: Equatable, Sendable {
        var question: StatusQuestion
        /// The pieces that stand before its first question.
        var pieces: Int
        var answers: [StatusQuestion: UInt8] = [:]
        var ticks = 0
    }

    private let pieces: [[UInt8]]
    private let report: PrinterProfile.StatusReport
    private let cutter: PrinterProfile.Cutter
    /// Ticks after which a question is not answered any more.
    private let patience: Int

    private(set) var phase = Phase.looking
    private(set) var abilities: Abilities
    /// What it says about itself; nil as long as it says nothing.
    private(set) var condition: PrinterCondition?
    /// It answered before and does not now, or takes nothing.
    private(set) var isHanging = false
    private var answers = PrinterAnswers()
    private var remains: Remains
    private var items: [Item] = []
    /// Bytes of the first item that are written.
    private var begun = 0
    /// Pieces that were put in line, are written, have arrived at the printer, were performed.
    private var queued = 0
    private var written = 0
    private var arrived = 0
    private var performed = 0
    private var marks: [Int] = []
    private var round: Round?
    private var wantsPort: Bool
    /// Something was sent that prints.
    private var isBegun = false
    /// The line took nothing in this tick.
    private var isBlocked = false
    private var isCleared = false
    /// Ticks of silence, since the last round, in this phase, of waiting for a mark, of a trouble that may pass.
    private var silence = 0
    private var sinceRound = 0
    private var inPhase = 0
    private var sinceMark = 0
    private var troubled = 0

    /// A machine for `document`, after what an earlier one left.
    init(
        document: [UInt8], profile: PrinterProfile, abilities: Abilities = Abilities(), remains: Remains = Remains(),
        patience: Int = 10
    ) {
        pieces = DocumentPieces.of(document)
        report = profile.status
        cutter = profile.cutter
        self.abilities = abilities
        self.remains = remains
        self.patience = max(1, patience)
        if report == .port { self.abilities.answers = false }
        wantsPort = self.abilities.answers == false && abilities.port != false
        if report != .port { ask(.printer) }
        advance()
    }

    /// What to do next.
    var action: Action {
        if case .over(let end) = phase { return .end(end) }
        if wantsPort { return .askPort }
        return items.isEmpty || isBlocked ? .listen : .write(outgoing)
    }

    /// What keeps it from printing, as far as is known.
    var trouble: PrinterTrouble? {
        if case .over(.failed(let trouble, _)) = phase { return trouble }
        return condition?.trouble ?? (isHanging ? .hangs : nil)
    }

    /// What of the document may be on paper.
    var progress: PrintFailure.Progress {
        if !isBegun { return .nothing }
        if written < pieces.count || isCleared && abilities.marks == true && performed < pieces.count - 1 {
            return .part
        }
        return .perhapsAll
    }

    /// What the next document has to clear away.
    var left: Remains {
        switch phase {
        case .over(.printed): return Remains()
        case .over(.failed(let trouble, let progress)):
            guard progress != .nothing else { return remains }
            let isTorn = progress == .part || trouble == .cutterJam || arrived < pieces.count
            // A command that is cut short swallows what comes after it.
            let lost = isCleared ? 0 : pieces.prefix(written + 1).dropFirst(arrived).map(\.count).max() ?? 0
            return Remains(isOnPaper: isTorn, missing: min(lost, Self.windowBytes))
        default: return remains
        }
    }

    /// Takes an event. After the end there is none.
    mutating func handle(_ event: Event) {
        if case .over = phase { return }
        switch event {
        case .written(let count): take(written: count)
        case .heard(let bytes):
            for answer in answers.take(bytes) { take(answer) }
            if answers.garbage > Self.garbageLimit { end(.error) }
        case .port(let status):
            wantsPort = false
            abilities.port = status != nil
            guard let status else { break }
            know(PrinterCondition(port: status))
        case .tick: tick()
        case .lost:
            // What was being offered may have been taken in part.
            if case .write = action, case .piece = items.first { isBegun = true }
            end(.absent)
        case .deadline: end(condition?.trouble ?? .hangs)
        }
        advance()
    }

    // MARK: Writing

    private func bytes(_ item: Item) -> [UInt8] {
        switch item {
        case .lead(let bytes), .command(let bytes): bytes
        case .piece(let index): pieces[index]
        case .mark: PrinterCommand.mark
        case .question(let question): question.command
        }
    }

    private var outgoing: [UInt8] {
        var all: [UInt8] = []
        for (index, item) in items.enumerated() where all.count < Self.writeBytes {
            all += bytes(item)[(index == 0 ? begun : 0)...].prefix(Self.writeBytes - all.count)
        }
        return all
    }

    private mutating func take(written count: Int) {
        isBlocked = count <= 0
        if count > 0, abilities.answers != true {
            silence = 0
            isHanging = false
        }
        begun += max(0, count)
        while let item = items.first, begun >= bytes(item).count {
            begun -= bytes(item).count
            items.removeFirst()
            switch item {
            case .piece(let index):
                written = index + 1
                if pieces[index] != PrinterCommand.initialize { isBegun = true }
            case .mark(let count): marks.append(count)
            case .lead: remains = Remains()
            case .command, .question: break
            }
        }
        if begun > 0, case .piece = items.first { isBegun = true }
    }

    /// Puts in line what may be sent now.
    private mutating func refill() {
        while queued < pieces.count {
            let known = abilities.marks == false ? arrived : performed
            // The end is kept back until all before it is on paper: what fails before that leaves a part, and no printer prints
            // the rest of it as a second whole one.
            if queued == pieces.count - 1, known < queued, abilities.answers != false { return }
            let underWay = pieces[min(known, queued)..<queued].reduce(0) { $0 + $1.count }
            guard abilities.answers == false || underWay == 0 || underWay + pieces[queued].count <= Self.windowBytes
            else {
                return
            }
            items.append(.piece(queued))
            queued += 1
            if report == .automatic, queued == 1 { items.append(.command(PrinterCommand.tellChanges)) }
            if abilities.answers != false || queued == pieces.count { items.append(.mark(queued)) }
        }
    }

    // MARK: Asking

    private mutating func ask(_ question: StatusQuestion) {
        items.append(.question(question))
        if question == .printer || round == nil { round = Round(question: question, pieces: queued) }
        round?.question = question
        round?.ticks = 0
    }

    private mutating func take(_ answer: PrinterAnswers.Answer) {
        silence = 0
        isHanging = false
        switch answer {
        case .status(let byte):
            abilities.answers = true
            // What comes before its question is no answer to it.
            guard var asked = round, !items.contains(.question(asked.question)) else { return }
            asked.answers[asked.question] = byte
            round = asked
            switch asked.question {
            case .printer: ask(.offlineCause)
            case .offlineCause: ask(.paper)
            case .paper where abilities.answersErrors: ask(.error)
            case .paper, .error: finish(asked)
            }
        case .change(let bytes): know(PrinterCondition(change: bytes))
        case .mark:
            guard !marks.isEmpty else { return }
            abilities.marks = true
            performed = marks.removeFirst()
            sinceMark = 0
        case .cleared:
            guard case .clearing(let trouble) = phase else { return }
            isCleared = true
            end(trouble)
        }
    }

    private mutating func finish(_ asked: Round) {
        arrived = max(arrived, asked.pieces)
        round = nil
        sinceRound = 0
        silence = 0
        know(PrinterCondition(asked.answers))
    }

    private mutating func know(_ new: PrinterCondition) {
        condition = new
        guard let trouble = new.trouble else {
            troubled = 0
            return
        }
        switch phase {
        case .looking: end(trouble)
        case .sending, .confirming:
            let mayPass = trouble == .offline || trouble == .error && new.recoversItself
            if !mayPass || troubled >= Self.hopelessTicks { stop(trouble) }
        case .clearing, .over: break
        }
    }

    // MARK: Time

    private mutating func tick() {
        isBlocked = false
        silence += 1
        sinceRound += 1
        inPhase += 1
        if !marks.isEmpty { sinceMark += 1 }
        if condition?.trouble != nil { troubled += 1 }
        if case .clearing(let trouble) = phase {
            if inPhase >= Self.clearTicks { end(trouble) }
            return
        }
        if sinceMark >= (abilities.marks == nil ? patience : Self.markTicks), condition?.trouble == nil {
            abilities.marks = false
            sinceMark = 0
        }
        if abilities.answers == false || isHanging, abilities.port != false, inPhase % 4 == 0 { wantsPort = true }
        if var asked = round {
            asked.ticks += 1
            round = asked
            if asked.ticks >= patience { miss(asked) }
        } else if phase != .looking, abilities.answers != false, sinceRound >= Self.pauseTicks {
            ask(.printer)
        }
        let isWaiting = abilities.answers == true || !items.isEmpty
        if isWaiting, silence >= patience { isHanging = true }
        if isWaiting, silence >= Self.hopelessTicks { end(.hangs) }
    }

    /// A question stays open.
    private mutating func miss(_ asked: Round) {
        if asked.question == .error {
            abilities.answersErrors = false
            finish(asked)
        } else if abilities.answers == true {
            if !items.contains(.question(asked.question)) { ask(.printer) }
        } else {
            abilities.answers = false
            wantsPort = abilities.port != false
            round = nil
        }
    }

    // MARK: The way

    private mutating func enter(_ next: Phase) {
        phase = next
        inPhase = 0
    }

    private mutating func advance() {
        if phase == .looking, isLookedAt {
            enter(pieces.isEmpty ? .over(.printed) : .sending)
            if pieces.isEmpty { return }
            let cut = remains.isOnPaper ? PrinterCommand.initialize + PrinterCommand.cut(cutter) : []
            let lead = [UInt8](repeating: 0, count: remains.missing) + cut
            if !lead.isEmpty { items.append(.lead(lead)) }
        }
        if phase == .sending {
            refill()
            // A question with each window: its answer tells that the window has arrived.
            if round == nil, abilities.answers != false, arrived < queued { ask(.printer) }
            if written == pieces.count { enter(.confirming) }
        }
        if phase == .confirming, isConfirmed { enter(.over(.printed)) }
    }

    /// It has said how it is, or says nothing.
    private var isLookedAt: Bool { condition != nil && round == nil || abilities.answers == false && !wantsPort }

    private var isConfirmed: Bool {
        guard items.isEmpty || performed == pieces.count else { return false }
        switch (abilities.answers, abilities.marks) {
        case (false, _): return abilities.port != true || inPhase >= Self.watchTicks && condition?.trouble == nil
        case (_, false):
            return arrived == pieces.count && inPhase >= Self.watchTicks && condition?.trouble == nil && !isHanging
        // An answer that came after the end would be taken for one to the next document's question.
        default: return performed == pieces.count && (round == nil || isHanging)
        }
    }

    /// Gives up: the printer is to forget what it has not printed.
    private mutating func stop(_ trouble: PrinterTrouble) {
        guard progress != .nothing else { return end(trouble) }
        enter(.clearing(trouble))
        items = [.command(PrinterCommand.clear)]
        begun = 0
        round = nil
    }

    private mutating func end(_ trouble: PrinterTrouble) { enter(.over(.failed(trouble, progress))) }
}
