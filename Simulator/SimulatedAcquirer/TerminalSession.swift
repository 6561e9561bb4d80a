import PaymentCryptography

/// What the host knows of a terminal that has signed in.
struct TerminalSession: Sendable {
    let pinKey: CipherKey
    let macKey: CipherKey
    /// Only after a sign-in that asked for it.
    let trackKey: CipherKey?
}
