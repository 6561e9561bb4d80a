import EMV

/// Whether a card's stripe may be read in the place of its chip. Only where the chip itself could not be read: neither a
/// refusal, nor a card that is blocked or that nobody knows, nor a customer's wish leads there, and nothing does once the card
/// has been asked for more than its records. Such a payment is marked as one (`EntryMode.fallback`: 80x, 60.5 = 2).
enum StripeFallback {
    /// Whether it is allowed after a kernel ended so in this phase; a card without answer to reset ends mute and idle.
    static func isAllowed(after reason: KernelFailure.Reason, in phase: ContactKernel.Phase) -> Bool {
        switch phase {
        case .idle, .selecting, .initiating, .reading: break
        case .authenticating, .verifying, .deciding, .online, .completing, .finished: return false
        }
        return switch reason {
        case .badData, .badStatus, .tooManyCommands, .cardMute: true
        case .cardBlocked, .applicationBlocked, .noApplication, .forbiddenCryptogram, .cancelled, .cardRemoved: false
        }
    }
}
