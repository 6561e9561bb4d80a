/// What is between the line and the paper of a receipt printer: buffer, sensors, and the commands that are obeyed at once.
/// A value without a clock: it prints what it has as soon as nothing keeps it from printing.
public struct PrinterModel: Equatable, Sendable {
    /// What a model knows of the language.
    public struct Habit: Equatable, Sendable {
        /// The numbers n of DLE EOT n that it answers.
        public var questions: Set<UInt8> = [1, 2, 3, 4]
        /// Answers GS r in its turn.
        public var answersMarks = true
        /// Tells of changes where GS a asks for them.
        public var tellsChanges = true
        /// Forgets what is not printed at DLE DC4 8, and says so.
        public var clears = true
        /// What it takes while it cannot print.
        public var bufferBytes = 4096

        /// Knows all of it.
        public init() {}

        /// A plain one: answers some questions, and nothing else.
        public static let plain: Habit = {
            var habit = Habit()
            (habit.questions, habit.answersMarks, habit.tellsChanges, habit.clears) = ([1, 2, 4], false, false, false)
            return habit
        }()
        /// One that never says a word.
        public static let mute: Habit = {
            var habit = Habit.plain
            habit.questions = []
            return habit
        }()
    }

    /// What keeps it from printing.
    public enum Trouble: String, CaseIterable, Sendable {
        /// Out of paper.
        case paperOut
        /// The cover is open.
        case coverOpen
        /// The cutter is stuck: also when that is mended, it must be told to go on.
        case cutterJam
        /// Switched to offline at its panel.
        case offline
    }

    /// The paper.
    public private(set) var paper: Paper
    /// What keeps it from printing now.
    public private(set) var trouble: Trouble?
    /// Little paper is left.
    public private(set) var isNearEnd = false
    /// What happens after so many more bytes are performed; nil if nothing.
    public var later: (after: Int, trouble: Trouble)? {
        get { laterTrouble.map { (laterBytes, $0) } }
        set { (laterBytes, laterTrouble) = (newValue?.after ?? 0, newValue?.trouble) }
    }

    private let habit: Habit
    private var laterBytes = 0
    private var laterTrouble: Trouble?
    private var isJamCleared = false
    private var buffer: [UInt8] = []
    private var changes: UInt8 = 0
    /// The last bytes performed, for the commands it obeys itself.
    private var recent: [UInt8] = []

    private static let clear: [UInt8] = [0x10, 0x14, 0x08, 0x01, 0x03, 0x14, 0x01, 0x06, 0x02, 0x08]

    /// A printer of these habits with this paper in it.
    public init(paper: Paper = Paper(), habit: Habit = Habit()) {
        self.paper = paper
        self.habit = habit
    }

    /// Takes the next bytes, as many as it has room for, and says what it answers.
    public mutating func take(_ bytes: [UInt8]) -> (taken: Int, answers: [UInt8]) {
        var answers: [UInt8] = []
        for (index, byte) in bytes.enumerated() {
            guard buffer.count < habit.bufferBytes else { return (index, answers) }
            buffer.append(byte)
            answers += obey()
            answers += print()
        }
        return (bytes.count, answers)
    }

    /// Makes it fail so, or nil mends it: what waits is printed then. Returns what it says of its own accord.
    public mutating func fail(_ new: Trouble?) -> [UInt8] {
        isJamCleared = trouble == .cutterJam && new == nil
        // Who has freed the cutter must tell it to go on, or switch it off and on.
        if isJamCleared { return [] }
        trouble = new
        return tellChange() + print()
    }

    /// Little paper is left, or enough again.
    public mutating func nearEnd(_ isNear: Bool) -> [UInt8] {
        isNearEnd = isNear
        return tellChange()
    }

    /// Off and on: what is not printed is lost, what is asked for too.
    public mutating func restart() {
        if isJamCleared { trouble = nil }
        (changes, recent, isJamCleared) = (0, [], false)
        forget()
    }

    private mutating func forget() {
        buffer = []
        paper.forget()
    }

    /// Obeys a real-time command that ends the buffer.
    private mutating func obey() -> [UInt8] {
        if buffer.count >= 3, buffer[buffer.count - 3] == 0x10, let last = buffer.last {
            switch buffer[buffer.count - 2] {
            case 0x04 where (1...4).contains(last):
                buffer.removeLast(3)
                return habit.questions.contains(last) ? [status(last)] : []
            case 0x05 where last == 1 || last == 2:
                buffer.removeLast(3)
                guard trouble == .cutterJam, isJamCleared else { return [] }
                trouble = nil
                isJamCleared = false
                if last == 2 { forget() }
                return tellChange()
            default: break
            }
        }
        guard buffer.suffix(Self.clear.count).elementsEqual(Self.clear) else { return [] }
        buffer.removeLast(Self.clear.count)
        guard habit.clears else { return [] }
        forget()
        return [0x37, 0x25, 0x00]
    }

    /// Prints what waits, but for what may become a real-time command.
    private mutating func print() -> [UInt8] {
        var answers: [UInt8] = []
        let held = heldBytes
        while trouble == nil, buffer.count > held {
            answers += perform(buffer.removeFirst())
        }
        return answers
    }

    private var heldBytes: Int {
        guard let start = buffer.suffix(Self.clear.count - 1).lastIndex(of: 0x10) else { return 0 }
        let tail = buffer[start...]
        let isBegun = tail.count == 1 || tail.count == 2 && [0x04, 0x05].contains(buffer[start + 1])
        return isBegun || Self.clear.starts(with: tail) ? tail.count : 0
    }

    private mutating func perform(_ byte: UInt8) -> [UInt8] {
        var answers = paper.feed([byte])
        if !answers.isEmpty { answers = habit.answersMarks ? [isNearEnd ? 0x03 : 0x00] : [] }
        recent = recent.suffix(2) + [byte]
        if recent.suffix(2) == [0x1B, 0x40] { changes = 0 }
        if recent.starts(with: [0x1D, 0x61]), recent.count == 3, habit.tellsChanges {
            changes = byte
            answers += tellChange()
        }
        if let trouble = laterTrouble {
            laterBytes -= 1
            if laterBytes <= 0 {
                laterTrouble = nil
                self.trouble = trouble
                answers += tellChange()
            }
        }
        return answers
    }

    private func tellChange() -> [UInt8] {
        guard changes != 0 else { return [] }
        var bytes: [UInt8] = [0x10, 0x00, isNearEnd ? 0x03 : 0x00, 0x00]
        switch trouble {
        case .paperOut: (bytes[0], bytes[2]) = (0x18, 0x0F)
        case .coverOpen: bytes[0] = 0x38
        case .cutterJam: (bytes[0], bytes[1]) = (0x18, 0x08)
        case .offline: bytes[0] = 0x18
        case nil: break
        }
        return bytes
    }

    /// The answer to DLE EOT n: bits 1 and 4 are always set.
    private func status(_ question: UInt8) -> UInt8 {
        switch (question, trouble) {
        case (1, .some): 0x1A
        case (2, .paperOut): 0x32
        case (2, .coverOpen): 0x16
        case (2, .cutterJam): 0x52
        case (3, .cutterJam): 0x1A
        case (4, .paperOut): 0x7E
        case (4, _) where isNearEnd: 0x1E
        default: 0x12
        }
    }
}
