import EMV

/// What a card forgets when it is reset.
struct CardSession: Sendable {
    /// Commands since the reset.
    var commands = 0
    /// What SELECT chose last.
    var selection = Selection.nothing
    /// A response that waits for GET RESPONSE (T=0).
    var waiting: Response?

    /// What can be selected.
    enum Selection: Equatable, Sendable {
        case nothing
        case directory
        case application(Int)
    }
}
