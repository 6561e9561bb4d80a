/// What can be made to go wrong at the acquirer, by name.
public enum Fault: String, CaseIterable, Codable, Sendable {
    /// The request is answered by the host, but the answer is never sent.
    case noReply
    /// The answer waits for `FaultScript.releaseLateReplies()` or for the milliseconds asked with it.
    case lateReply
    /// The host's answer carries a wrong MAC (the host does it).
    case wrongMAC
    /// The answer leaves in TCP segments of one byte, each a TLS record of its own.
    case splitSegments
    /// An answer for nobody and the answer leave in one segment.
    case gluedSegments
    /// Nobody listens, and open connections are reset: the cut network. It lasts until it is withdrawn.
    case connectionRefused
    /// The server breaks the TLS handshake off.
    case handshakeFailure
    /// The server closes its sending side after half of the answer and goes on reading.
    case halfClose
    /// The host's answer is no ISO 8583 message (the host does it).
    case malformedReply
    /// The answer's length field says more than any message may have.
    case tooLongReply
    /// The host answers with another STAN (the host does it).
    case otherSTAN
    /// The answer comes twice, in one segment.
    case duplicateReply
    /// The answer drips, one byte at a time with the milliseconds asked between two (10 if none were asked).
    case slowDrip
    /// The host handles the request, then the connection ends without an answer.
    case closeBeforeReply
    /// The request never reaches the host.
    case noRequest
    /// A bit of the request is turned on its way.
    case corruptRequest
    /// A bit of the answer is turned on its way.
    case corruptReply
    /// The request reaches the host twice, and both answers are sent.
    case duplicateRequest
    /// The answer waits until the next one has left, and follows it.
    case reorderedReply
    /// The host handles the request, then restarts: no answer, and no keys (the host does it).
    case restart
    /// The host restarts and has forgotten the request: nothing of it is done, no answer, no keys (the host does it).
    case restartForgetful
    /// At the next settlement the host finds totals that differ wherever money moved (the host does it).
    case differingTotals
    /// The host answers a reversal with 06 and leaves its request as it is (the host does it).
    case refusedReversal
}
