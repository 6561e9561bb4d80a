/// What an application remembers of its last payment, to tell its issuer with the next one.
struct CardMemory: Equatable, Sendable {
    /// It asked its issuer and was never told the answer.
    var onlineNotCompleted = false
    /// The issuer's cryptogram was wrong.
    var issuerAuthenticationFailed = false
    /// The issuer approved without a cryptogram.
    var issuerAuthenticationMissing = false
    /// Script commands that were carried out, at most 15.
    var scripts: UInt8 = 0
    /// A script command was refused.
    var scriptFailed = false
}
