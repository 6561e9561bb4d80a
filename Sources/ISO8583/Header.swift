/// The twelve nibbles between TPDU and message type.
public struct Header: Hashable, Sendable {
    /// All six bytes as a number, the first nibble most significant of 48 bits.
    private var nibbles: UInt64

    /// A header of these parts, each as nibbles: `Header(applicationClass: 0x61, softwareVersion: 0x31, …)`.
    public init(
        applicationClass: UInt8, softwareVersion: UInt8, terminalStatus: UInt8 = 0,
        processingRequirement: ProcessingRequirement = .none, subVersion: UInt32
    ) {
        nibbles =
            UInt64(applicationClass) << 40 | UInt64(softwareVersion) << 32 | UInt64(terminalStatus & 0x0F) << 28
            | UInt64(processingRequirement.rawValue & 0x0F) << 24 | UInt64(subVersion & 0xFF_FFFF)
    }

    /// The header in these bytes, which are six.
    public init?(_ bytes: some Collection<UInt8>) {
        guard bytes.count == 6 else { return nil }
        nibbles = bytes.reduce(0) { $0 << 8 | UInt64($1) }
    }

    /// As it is sent.
    public var bytes: [UInt8] { (0..<6).map { UInt8(truncatingIfNeeded: nibbles >> (40 - 8 * $0)) } }

    /// 0x60 magnetic stripe and general, 0x61 chip card; others are private.
    public var applicationClass: UInt8 { UInt8(truncatingIfNeeded: nibbles >> 40) }
    /// General version of the software, 0x31.
    public var softwareVersion: UInt8 { UInt8(truncatingIfNeeded: nibbles >> 32) }
    /// State of the terminal, 0 normal.
    public var terminalStatus: UInt8 { UInt8(truncatingIfNeeded: nibbles >> 28) & 0x0F }
    /// Version of the application, six nibbles.
    public var subVersion: UInt32 { UInt32(truncatingIfNeeded: nibbles) & 0xFF_FFFF }

    /// What the acquirer asks the terminal to do after the present transaction.
    public var processingRequirement: ProcessingRequirement {
        get { ProcessingRequirement(rawValue: UInt8(truncatingIfNeeded: nibbles >> 24) & 0x0F) }
        set { nibbles = nibbles & ~(0x0F << 24) | UInt64(newValue.rawValue & 0x0F) << 24 }
    }

    /// The sixth nibble, set by the acquirer in replies. Other values exist and are passed on.
    public struct ProcessingRequirement: RawRepresentable, Hashable, Sendable {
        /// The nibble, 0–15.
        public let rawValue: UInt8
        /// The requirement with this nibble.
        public init(rawValue: UInt8) { self.rawValue = rawValue }

        /// Nothing.
        public static let none = ProcessingRequirement(rawValue: 0)
        /// Download the terminal's parameters (60.3 = 360).
        public static let downloadParameters = ProcessingRequirement(rawValue: 1)
        /// Upload the terminal's status (362).
        public static let uploadStatus = ProcessingRequirement(rawValue: 2)
        /// Sign in again.
        public static let signIn = ProcessingRequirement(rawValue: 3)
        /// Update the CA public keys (372, 370, 371).
        public static let updateKeys = ProcessingRequirement(rawValue: 4)
        /// Update the card application parameters (382, 380, 381).
        public static let updateApplications = ProcessingRequirement(rawValue: 5)
        /// Download parameters from the terminal management system (364).
        public static let downloadManagement = ProcessingRequirement(rawValue: 6)
        /// Download the blacklist of card ranges (390, 391).
        public static let downloadBlacklist = ProcessingRequirement(rawValue: 7)
        /// Download currency rates.
        public static let downloadRates = ProcessingRequirement(rawValue: 8)
        /// Download the contactless parameters (394, 395).
        public static let downloadContactless = ProcessingRequirement(rawValue: 9)
    }
}
