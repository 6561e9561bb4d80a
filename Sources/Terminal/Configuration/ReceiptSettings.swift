public import Receipts

/// What is printed for a payment, and how.
public struct ReceiptSettings: Equatable, Sendable, Decodable {
    /// When the cash drawer opens.
    public enum Drawer: String, CaseIterable, Sendable {
        /// When somebody asks for it.
        case never
        /// When a payment has been made, too.
        case sale
    }

    /// The languages of everything that is printed.
    public let languages: ReceiptLanguage
    /// The copies of a payment's receipt, in the order in which they are printed.
    public let copies: [ReceiptData.Copy]
    /// Where a customer finds the receipt on the web; nil prints no symbol.
    public let eReceipt: EReceiptAddress?
    /// When the cash drawer opens.
    public let openDrawer: Drawer

    private enum CodingKeys: String, CodingKey { case languages, copies, eReceipt, openDrawer }

    /// Both languages, the merchant's copy and the customer's.
    public init() {
        languages = .both
        copies = [.merchant, .customer]
        eReceipt = nil
        openDrawer = .never
    }

    /// Reads the section `receipts`.
    public init(from decoder: any Decoder) throws {
        let defaults = ReceiptSettings()
        let container = try decoder.strictContainer(keyedBy: CodingKeys.self)
        languages = try container.choice(.languages, or: defaults.languages)
        openDrawer = try container.choice(.openDrawer, or: defaults.openDrawer)
        copies = try container.choices(.copies, or: defaults.copies)
        if container.contains(.eReceipt) {
            let template = try container.decode(String.self, forKey: .eReceipt)
            do throws(EReceiptAddress.Flaw) {
                eReceipt = try EReceiptAddress(template)
            } catch {
                throw container.invalid(.eReceipt, error.words)
            }
        } else {
            eReceipt = nil
        }
    }
}
