public import HAL

/// Who stands at the simulated PIN pad, or at a reader's keys: what to do when asked. Called on the device's thread.
public typealias Customer = @Sendable (CustomerPrompt) -> CustomerAction

/// What the customer is asked for.
public enum CustomerPrompt: Equatable, Sendable {
    /// A PIN that the issuer checks.
    case pin(PINRequest)
    /// A PIN that the card checks.
    case cardPIN(OfflinePINRequest)
    /// A PIN that the card checks, on the reader's own keys: of so many digits.
    case readerPIN(ClosedRange<Int>)
    /// One of these applications of the card.
    case application([String])
}

/// What a customer does when asked for something.
public enum CustomerAction: Equatable, Sendable {
    /// Types these digits and presses enter.
    case enters(String)
    /// Chooses the line with this index.
    case chooses(Int)
    /// Presses enter at once.
    case bypasses
    /// Presses cancel.
    case cancels
    /// Does nothing, until the terminal gives up.
    case hangs
}
