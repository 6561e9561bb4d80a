/// Where a face of a font is.
public struct FontFile: Equatable, Sendable {
    /// A TrueType or OpenType file, or a collection of them.
    public let path: String
    /// The face's place in a collection, from 0.
    public let face: Int

    /// The face at this place in the file.
    public init(_ path: String, face: Int = 0) {
        self.path = path
        self.face = face
    }
}
