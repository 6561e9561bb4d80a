import HAL
import Receipts

/// A receipt on its way to whatever printer is there when it is printed.
struct ReceiptDocument: PrintDocument {
    let name: String
    let receipt: Receipt
    /// The same, saying that it is one more.
    let duplicate: Receipt
    let language: ReceiptLanguage

    func bytes(for profile: PrinterProfile, isRepeat: Bool) -> [UInt8] {
        ESCPOSRenderer(profile: profile, language: language).render(isRepeat ? duplicate : receipt)
    }
}
