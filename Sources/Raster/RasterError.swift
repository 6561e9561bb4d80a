/// Why a picture could not be made or read.
public struct RasterError: Error, Equatable, Sendable, CustomStringConvertible {
    /// What to branch on.
    public enum Kind: String, Sendable {
        /// The font's file is not there or cannot be read.
        case noFont
        /// A QR symbol cannot hold so much.
        case tooLong
        /// A picture that is none, or a larger one than allowed.
        case notAPicture
        /// The library refused.
        case other
    }

    /// What to branch on.
    public let kind: Kind
    /// What happened, and what can be done.
    public let description: String

    init(_ kind: Kind, _ description: String) {
        self.kind = kind
        self.description = description
    }
}
