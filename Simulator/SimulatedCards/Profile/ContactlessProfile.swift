public import EMV

/// The contactless side of an application, as data. It shares account, keys and counters with the contact side.
public struct ContactlessProfile: Equatable, Sendable {
    /// The kernel that it is made for (9F2A).
    public var kernel: ContactlessKernelID
    /// Whether the directory names the kernel; the terminal knows it by the application's identifier otherwise.
    public var namesKernel = true
    /// Processing options it asks for (9F38); empty for none.
    public var pdol: [UInt8]
    /// Up to this amount, in minor units, it approves without its issuer; zero for never.
    public var offlineLimit: Int64 = 0
    /// How it wants its holder verified where the terminal wants it at all.
    public var verification = Verification.onlinePIN
    /// Cardholder verification methods (8E), for kernel C-2.
    public var cvmList: [UInt8] = CVMRule.list([.onlinePIN, .signature, .none])
    /// Data for GENERATE AC (8C), for kernel C-2.
    public var cdol1: [UInt8] = ContactlessProfile.firstCryptogram
    /// Data by which a torn transaction is recognised (9F51), for kernel C-2; empty where the card recovers none.
    public var drdol: [UInt8] = [0x9F, 0x37, 0x04]

    /// How the holder is verified.
    public enum Verification: Sendable {
        /// Not at all.
        case none
        /// PIN for the issuer.
        case onlinePIN
        /// Signature on paper.
        case signature
        /// By the device itself, which is unlocked after the first tap said so.
        case device
    }

    /// The contactless side for a kernel, with the processing options that its cards usually ask for.
    public init(_ kernel: ContactlessKernelID) {
        self.kernel = kernel
        pdol =
            switch kernel {
            case .c2: []
            case .c3, .c7: Self.qualified
            }
    }

    /// 9F66 9F02 9F03 9F1A 95 5F2A 9A 9C 9F37.
    public static let qualified: [UInt8] = [
        0x9F, 0x66, 4, 0x9F, 0x02, 6, 0x9F, 0x03, 6, 0x9F, 0x1A, 2, 0x95, 5, 0x5F, 0x2A, 2, 0x9A, 3, 0x9C, 1, 0x9F,
        0x37, 4,
    ]
    /// 9F02 9F03 9F1A 95 5F2A 9A 9C 9F37 9F35 9F45 9F4C 9F34.
    public static let firstCryptogram: [UInt8] = [
        0x9F, 0x02, 6, 0x9F, 0x03, 6, 0x9F, 0x1A, 2, 0x95, 5, 0x5F, 0x2A, 2, 0x9A, 3, 0x9C, 1, 0x9F, 0x37, 4, 0x9F,
        0x35, 1, 0x9F, 0x45, 2, 0x9F, 0x4C, 8, 0x9F, 0x34, 3,
    ]

    /// Application interchange profile (82; EMV Contactless Book C-2, A.1.16; C-3, A.2): DDA, or CDA with the device's own
    /// verification.
    var interchangeProfile: [UInt8] {
        switch kernel {
        case .c2: [verification == .device ? 0x1B : 0x19, 0x80]
        case .c3, .c7: [offlineLimit > 0 ? 0x20 : 0x00, 0x00]
        }
    }
}
