/// The contactless kernels of this terminal, by their number in the kernel identifier (9F2A; EMV Contactless Book B, 3.3.2).
public enum ContactlessKernelID: UInt8, Codable, CaseIterable, Sendable {
    /// Mastercard style (Book C-2).
    case c2 = 2
    /// Visa style (Book C-3).
    case c3 = 3
    /// UnionPay quickPass (Book C-7).
    case c7 = 7

    /// The kernel of the scheme whose registered identifier an application begins with (Book B, 3.3.2); nil for schemes
    /// without a kernel here.
    public init?(ofScheme aid: some Collection<UInt8>) {
        switch Array(aid.prefix(5)) {
        case [0xA0, 0x00, 0x00, 0x00, 0x04]: self = .c2
        case [0xA0, 0x00, 0x00, 0x00, 0x03]: self = .c3
        case [0xA0, 0x00, 0x00, 0x03, 0x33]: self = .c7
        default: return nil
        }
    }
}
