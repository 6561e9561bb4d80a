import Payments
import Wire

// Terminal risk management (EMV 4.4 Book 3, 10.6).
extension Session {
    mutating func manageRisk() throws(KernelFailure) -> ContactKernel.Next {
        guard database.aip.contains(.terminalRiskManagement) else {
            return try requestFirstCryptogram(database.proposedCryptogram)
        }
        database.tsi.insert(.terminalRiskManagement)
        if database.isOnExceptionFile { database.tvr.insert(.onExceptionFile) }
        if database.transaction.forcedOnline { database.tvr.insert(.merchantForcedOnline) }
        if database.transaction.amount.minorUnits >= database.parameters.floorLimit {
            database.tvr.insert(.floorLimitExceeded)
        } else if database.terminal.choosesItsWay, Double(database.transaction.randomPercent) < selectionChance {
            database.tvr.insert(.randomlySelected)
        }
        guard database.card[.lowerOfflineLimit] != nil, database.card[.upperOfflineLimit] != nil else {
            return try requestFirstCryptogram(database.proposedCryptogram)
        }
        return transmit(.getData(.atc), .transactionCounter)
    }

    /// Percent of transactions of this amount that go online by chance; it grows from the threshold to the floor limit
    /// (Book 3, 10.6.2).
    private var selectionChance: Double {
        let (amount, selection) = (Double(database.transaction.amount.minorUnits), database.parameters.randomSelection)
        let (target, maximum) = (Double(selection.targetPercent), Double(selection.maximumPercent))
        let (threshold, limit) = (Double(selection.threshold), Double(database.parameters.floorLimit))
        guard amount >= threshold, limit > threshold else { return target }
        return target + (maximum - target) * (amount - threshold) / (limit - threshold)
    }

    // Velocity checking (Book 3, 10.6.3).

    mutating func receiveTransactionCounter(_ response: Response) throws(KernelFailure) -> ContactKernel.Next {
        transmit(.getData(.lastOnlineATC), .lastOnlineCounter(atc: counter(.atc, in: response)))
    }

    mutating func receiveLastOnlineCounter(
        _ response: Response, _ atc: UInt16?
    ) throws(KernelFailure) -> ContactKernel.Next {
        let last = counter(.lastOnlineATC, in: response)
        if let atc, let last, atc > last {
            let offline = atc - last
            if offline > limit(.lowerOfflineLimit) { database.tvr.insert(.lowerLimitExceeded) }
            if offline > limit(.upperOfflineLimit) { database.tvr.insert(.upperLimitExceeded) }
        } else {
            database.tvr.insert([.lowerLimitExceeded, .upperLimitExceeded])
        }
        if last == 0 { database.tvr.insert(.newCard) }
        return try requestFirstCryptogram(database.proposedCryptogram)
    }

    private func limit(_ tag: TLV.Tag) -> UInt16 { UInt16(database.card[tag]?.first ?? 0) }

    private func counter(_ tag: TLV.Tag, in response: Response) -> UInt16? {
        response.object(tag, length: 2)?.reduce(0) { $0 << 8 | UInt16($1) }
    }
}
