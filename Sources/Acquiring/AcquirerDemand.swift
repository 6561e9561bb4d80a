import ISO8583
public import Payments

/// What an acquirer asks of the terminal in the header of a reply; done after the present transaction.
public enum AcquirerDemand: Hashable, Sendable {
    /// Sign in again.
    case signIn
    /// Tell which devices work.
    case statusUpload
    /// Fetch this anew.
    case download(Download)

    /// The demand of a header; nil if it asks for nothing, or for something that only an acquirer's own extension knows.
    init?(_ requirement: Header.ProcessingRequirement) {
        switch requirement {
        case .downloadParameters: self = .download(.terminalParameters)
        case .uploadStatus: self = .statusUpload
        case .signIn: self = .signIn
        case .updateKeys: self = .download(.caPublicKeys)
        case .updateApplications: self = .download(.applications)
        case .downloadBlacklist: self = .download(.blacklist)
        case .downloadContactless: self = .download(.contactlessParameters)
        default: return nil
        }
    }
}
