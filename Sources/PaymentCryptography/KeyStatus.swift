public import Payments

/// What anybody may know of the keys: check values and times, never a key.
public struct KeyStatus: Equatable, Codable, Sendable {
    /// What anybody may know of one key.
    public struct Entry: Equatable, Codable, Sendable {
        /// The cipher of the key.
        public let algorithm: KeyAlgorithm
        /// The check value, eight hexadecimal characters.
        public let checkValue: String
    }

    /// The terminal master key; nil before it is loaded.
    public let masterKey: Entry?
    /// When the master key was loaded.
    public let loadedAt: LocalDateTime?
    /// Whether the master key is the published test key.
    public let isPublishedTestKey: Bool
    /// The PIN key of the last sign-in.
    public let pinKey: Entry?
    /// The MAC key of the last sign-in.
    public let macKey: Entry?
    /// The track key of the last sign-in.
    public let trackKey: Entry?
    /// When the working keys came.
    public let signedInAt: LocalDateTime?
}
