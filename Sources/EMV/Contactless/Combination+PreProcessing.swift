import Payments

// Pre-processing (EMV Contactless Book B, 3.1).
extension Combination {
    /// The reader's qualifiers for this payment; nil if the application is not to be used for it.
    func qualifiers(
        for transaction: TransactionData, at terminal: TerminalData
    ) -> TerminalTransactionQualifiers? {
        let amount = transaction.amount.minorUnits
        guard allows(amount) else { return nil }
        var qualifiers = qualifiers.subtracting([.onlineRequired, .verificationRequired])
        if terminal.isOfflineOnly { qualifiers.insert(.offlineOnly) }
        if amount == 0 {
            // A reader that never asks the issuer has no use for an amount of zero (3.1.1.11).
            guard zeroAmount == .online, !qualifiers.contains(.offlineOnly) else { return nil }
            qualifiers.insert(.onlineRequired)
        }
        let statusCheck = checksStatus && amount == Self.unit(transaction.amount.currency.exponent)
        if amount > floorLimit ?? parameters.floorLimit || statusCheck || terminal.isOnlineOnly
            || transaction.forcedOnline
        {
            qualifiers.insert(.onlineRequired)
        }
        if let verificationLimit, amount >= verificationLimit { qualifiers.insert(.verificationRequired) }
        return qualifiers
    }

    /// Whether the reader may be used for an amount at all. C-2 knows only from the card which of its two limits holds, so that the
    /// higher one decides here; and what reaches one of its limits does not yet exceed it (Book C-2, S456.14).
    private func allows(_ amount: Int64) -> Bool {
        guard kernel == .c2 else { return amount < transactionLimit ?? .max }
        guard let transactionLimit, let onDeviceTransactionLimit else { return true }
        return amount <= max(transactionLimit, onDeviceTransactionLimit)
    }

    /// One unit of a currency in its minor units.
    private static func unit(_ exponent: Int) -> Int64 { (0..<exponent).reduce(1) { unit, _ in unit * 10 } }
}
