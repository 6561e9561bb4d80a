public import HAL

/// Who stands at the simulated PIN pad: what to do when asked for a PIN. Called on the pad's thread.
public typealias Customer = @Sendable (PINRequest) -> CustomerAction

/// What a customer does when asked for a PIN.
public enum CustomerAction: Equatable, Sendable {
    /// Types these digits and presses enter.
    case enters(String)
    /// Presses enter at once.
    case bypasses
    /// Presses cancel.
    case cancels
    /// Does nothing, until the terminal gives up.
    case hangs
}
