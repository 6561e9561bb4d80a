/// The release.
public enum Version {
    /// `major.minor.patch` of this release.
    public static let text = "0.1.0"
}
