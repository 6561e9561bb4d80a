import Payments

/// How far an application is in the running payment. SELECT begins it anew.
struct CardPayment: Sendable {
    var stage = Stage.selected
    /// Values that GET PROCESSING OPTIONS and the first GENERATE AC brought, for the hash of combined authentication.
    var optionsData: [UInt8] = []
    var firstData: [UInt8] = []
    /// The first cryptogram, which the issuer's answer and the scripts refer to.
    var cryptogram: [UInt8] = []
    /// Whether the issuer's cryptogram was right; nil before it came.
    var issuerIsGenuine: Bool?
    /// Whether the terminal says that the issuer could not be asked (8A is Y3 or Z3).
    var issuerIsUnreachable = false
    /// Whether INTERNAL AUTHENTICATE or combined authentication took place.
    var dynamicAuthenticationDone = false
    /// What GET CHALLENGE answered last; empty once it was used.
    var challenge: [UInt8] = []
    var pinWasChecked = false
    var pinFailed = false

    /// The steps of a payment.
    enum Stage: Equatable, Sendable {
        /// SELECT.
        case selected
        /// GET PROCESSING OPTIONS.
        case initiated
        /// The first GENERATE AC asked for the issuer.
        case awaitingIssuer
        /// The last GENERATE AC; scripts may still come if the issuer was asked.
        case finished(wasOnline: Bool)
    }
}
