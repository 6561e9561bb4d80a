/// What went wrong on the way to the acquirer, in the technician's words.
public struct LinkError: Error, Equatable, Sendable, CustomStringConvertible {
    /// What to branch on.
    public enum Kind: String, CaseIterable, Sendable {
        /// The name of the host is unknown, or no way leads to it.
        case unknownHost = "host unknown or without a route"
        /// The host takes no connection on this port.
        case refused = "connection refused"
        /// The deadline passed.
        case timeout = "no answer in time"
        /// The acquirer closed or broke the connection.
        case closed = "connection closed by the acquirer"
        /// The acquirer's certificate has expired.
        case certificateExpired = "the acquirer's certificate has expired"
        /// The acquirer's certificate is not valid yet (or the terminal's date is wrong).
        case certificateNotYetValid = "the acquirer's certificate is not yet valid; check the terminal's date"
        /// The certificate is for another host.
        case wrongHost = "the acquirer's certificate is for another host"
        /// The certificate's authority is not among those configured.
        case unknownAuthority = "the acquirer's certificate is from an unknown authority"
        /// The certificate fails in another way.
        case badCertificate = "the acquirer's certificate is not acceptable"
        /// The acquirer's key is not the pinned one.
        case wrongKey = "the acquirer's key is not the pinned one"
        /// No common version of TLS: 1.2 is the oldest one spoken.
        case oldProtocol = "the acquirer does not speak TLS 1.2 or newer"
        /// The acquirer refuses the terminal's certificate.
        case ownCertificateRefused = "the acquirer refuses the terminal's certificate"
        /// The bytes are not TLS, or the session broke.
        case badTLS = "TLS failed"
        /// A reply is longer than any may be.
        case tooLong = "the reply is too long"
        /// Another exchange is under way: one at a time.
        case busy = "another exchange is under way"
        /// The device layer failed in another way.
        case device = "the network failed"
    }

    /// What to branch on.
    public let kind: Kind
    /// The endpoint and the library's own words; empty if there is nothing to add.
    public let detail: String

    /// An error of this kind.
    public init(_ kind: Kind, _ detail: String = "") {
        self.kind = kind
        self.detail = detail
    }

    /// Kind and detail in one line.
    public var description: String { detail.isEmpty ? kind.rawValue : "\(kind.rawValue) (\(detail))" }
}
