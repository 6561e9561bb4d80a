/// What a scan could pay with, told by its form alone.
public enum PaymentCode: String, Codable, Sendable, CaseIterable {
    /// 18 digits that begin with 10 to 15.
    case weChatPay
    /// 16 to 24 digits that begin with 25 to 30.
    case alipay
    /// 19 digits that begin with 62.
    case unionPay
    /// A QR symbol of EMVCo, shown by customer or shop (CPV01, 000201).
    case emv
    /// The number of a card.
    case accountNumber

    /// Recognises the data of a scan; nil for what pays nothing as far as one can see.
    init?(_ data: [UInt8]) {
        if data.starts(with: "000201".utf8) || data.starts(with: Self.consumerPresented.utf8) {
            self = .emv
            return
        }
        guard data.allSatisfy({ (0x30...0x39).contains($0) }), data.count >= 16 else { return nil }
        switch (data.prefix(2).reduce(0) { $0 * 10 + Int($1 & 0x0F) }, data.count) {
        case (10...15, 18): self = .weChatPay
        case (25...30, 16...24): self = .alipay
        case (62, 19): self = .unionPay
        case (_, 16...19) where Self.hasCheckDigit(data): self = .accountNumber
        default: return nil
        }
    }

    /// The payload format indicator `85 05 CPV01`, in base 64, as far as nothing that follows has a bit in it.
    private static let consumerPresented = "hQVDUFYwM"

    /// ISO/IEC 7812-1, annex B.
    private static func hasCheckDigit(_ digits: [UInt8]) -> Bool {
        digits.reversed().enumerated().reduce(0) { sum, digit in
            let value = Int(digit.element & 0x0F) * (digit.offset % 2 + 1)
            return sum + value / 10 + value % 10
        } % 10 == 0
    }
}
