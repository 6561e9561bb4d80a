import EMV

/// What a card forgets when it is reset.
struct CardSession: Sendable {
    /// The way on which it was reset.
    let interface: CardInterface
    /// Commands since the reset.
    private(set) var commands = 0
    /// The same by instruction byte.
    private(set) var counts: [UInt8: Int] = [:]
    /// What SELECT chose last.
    var selection = Selection.nothing
    /// A response that waits for GET RESPONSE (T=0).
    var waiting: Response?

    init(_ interface: CardInterface) { self.interface = interface }

    /// Counts a command; what it brought the counts of all and of its instruction to.
    mutating func count(_ instruction: UInt8?) -> (total: Int, ofInstruction: Int) {
        commands += 1
        guard let instruction else { return (commands, 0) }
        counts[instruction, default: 0] += 1
        return (commands, counts[instruction] ?? 0)
    }

    /// What can be selected.
    enum Selection: Equatable, Sendable {
        case nothing
        case directory
        case application(Int)
    }
}
