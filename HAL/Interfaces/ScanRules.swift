/// How a scanner's scans are ended, cleaned and judged: configuration as data.
public struct ScanRules: Equatable, Sendable {
    /// The content of the largest QR symbol, 40-L in alphanumeric mode (ISO/IEC 18004, table 7), in bytes.
    public static let largestScan = 4296

    /// What the scanner was told to put before each scan; taken off where it is.
    public var prefix: [UInt8] = []
    /// What the scanner was told to put behind each scan; taken off where it is. On a serial line nothing else ends a scan
    /// when it is set; otherwise CR, LF and Tab do.
    public var suffix: [UInt8] = []
    /// Whether an AIM identifier at the start of the data, `]Q1`, is taken off it.
    public var stripsIdentifier = true
    /// The shortest scan that counts, in bytes.
    public var minimumBytes = 1
    /// The longest scan that counts, in bytes; at most `largestScan`.
    public var maximumBytes = largestScan
    /// The same scan again within this time of the last one that counted, or of its last repeat, does not count.
    public var debounceMilliseconds = 1500
    /// Silence after which a keyboard's or a serial line's scan has ended.
    public var gapMilliseconds = 100
    /// How long a scan that nobody asked for is kept for whoever asks next; 0: not at all.
    public var keepMilliseconds = 0

    /// The usual ones.
    public init() {}
}
