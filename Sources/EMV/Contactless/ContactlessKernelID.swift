/// The contactless kernels of this terminal, by their number in the kernel identifier (9F2A; EMV Contactless Book B, 3.3.2).
public enum ContactlessKernelID: UInt8, Codable, CaseIterable, Sendable {
    /// Mastercard style (Book C-2).
    case c2 = 2
    /// Visa style (Book C-3).
    case c3 = 3
    /// UnionPay quickPass (Book C-7).
    case c7 = 7
}
