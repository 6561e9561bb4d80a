extension Combination {
    /// What of these limits contradicts itself, in words; nil if nothing does.
    public var contradiction: String? {
        guard let transactionLimit else { return nil }
        if let floorLimit, floorLimit > transactionLimit { return "the floor limit is above the transaction limit" }
        if let onDeviceTransactionLimit, onDeviceTransactionLimit < transactionLimit {
            return "the transaction limit with verification on the customer's device is below the one without"
        }
        return nil
    }
}
