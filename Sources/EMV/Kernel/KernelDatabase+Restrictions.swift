import Payments

// Processing restrictions (EMV 4.4 Book 3, 10.4).
extension KernelDatabase {
    mutating func applyRestrictions() throws(KernelFailure) {
        if let version = card[.cardVersion], version != value(.terminalVersion) { tvr.insert(.versionsDiffer) }
        if !isUsageAllowed { tvr.insert(.serviceNotAllowed) }
        let today = CardDate(transaction.time)
        if card[.effectiveDate] != nil {
            guard let effective = date(.effectiveDate) else {
                throw KernelFailure(.badData, "5F25 is no date", "Book 3, 10.4.3")
            }
            if effective > today { tvr.insert(.notYetEffective) }
        }
        if let expiration = date(.expirationDate), expiration < today { tvr.insert(.expired) }
    }

    /// Whether the account number is on the terminal's exception file (Book 4, 6.3.5). Entries below six digits do not count.
    var isOnExceptionFile: Bool {
        guard let digits = cardRead?.pan.digits else { return false }
        return terminal.exceptionFile.contains { $0.utf8.count >= 6 && digits.hasPrefix($0) }
    }

    /// Whether this is a cash machine: an unattended terminal of a bank that gives cash (Book 4, Annex A1).
    var isATM: Bool {
        (0x14...0x16).contains(terminal.terminalType)
            && terminal.additionalCapabilities.first.map { $0 & 0x80 != 0 } ?? false
    }

    /// Application usage control (Book 3, 10.4.2, Annex C2). Without it everything is allowed; the country decides
    /// only where the card names its own.
    var isUsageAllowed: Bool {
        guard let control = card[.usageControl] else { return true }
        guard control[0] & (isATM ? 0x02 : 0x01) != 0 else { return false }
        guard let country = card[.issuerCountry] else { return true }
        let isDomestic = country == value(.terminalCountry)
        switch transaction.kind {
        case .cash: return control[0] & (isDomestic ? 0x80 : 0x40) != 0
        case .purchase, .cashback:
            // Goods or services: what the terminal sells (9F40) must be among what the card may buy.
            let sells = terminal.additionalCapabilities.first ?? 0
            let goods = sells & 0x40 != 0 && control[0] & (isDomestic ? 0x20 : 0x10) != 0
            let services = sells & 0x20 != 0 && control[0] & (isDomestic ? 0x08 : 0x04) != 0
            guard goods || services else { return false }
            return transaction.kind == .purchase || control[1] & (isDomestic ? 0x80 : 0x40) != 0
        case .other: return true
        }
    }
}

extension TransactionData {
    /// The kinds of transaction that the card tells apart, by 9C.
    enum Kind: Equatable, Sendable {
        case purchase, cash, cashback, other
    }

    var kind: Kind {
        switch type {
        case 0x00: otherAmount > 0 ? .cashback : .purchase
        case 0x01, 0x17: .cash
        case 0x09: .cashback
        default: .other
        }
    }
}
