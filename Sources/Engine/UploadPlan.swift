public import Payments

/// What is uploaded after the totals were compared, in the order that acquirers expect. It follows from the journal alone,
/// so a settlement that was cut off goes on with the message it had come to.
public enum UploadPlan {
    /// The messages for a batch that holds `payments`. The records of chip payments always go; everything else only of a
    /// class of cards whose totals differ.
    public static func messages(
        _ payments: [PaymentState], _ comparison: Settlement.Comparison
    ) -> [UploadMessage] {
        let counted = Totals.counted(payments)
        func agrees(_ payment: PaymentState) -> Bool {
            payment.authorization?.card.origin == .foreign ? comparison.foreignAgrees : comparison.domesticAgrees
        }
        let amounts = Dictionary(counted.map { ($0.payment.request.id, $0.amount) }, uniquingKeysWith: { $1 })
        func advices(_ isWanted: (PaymentState) -> Bool) -> [UploadMessage] {
            payments.compactMap { payment in
                guard !agrees(payment), isWanted(payment), let moved = payment.movedAmount else { return nil }
                // A correction stands for itself, what it corrects comes to what it says.
                return .advice(payment.request.id, amount: amounts[payment.request.id] ?? moved.minorUnits)
            }
        }
        var messages = advices { [.offlineSettlement, .adjustment, .tip].contains($0.request.kind) }
        messages += advices { $0.isApprovedOffline }
        messages += details(counted.filter { !agrees($0.payment) && $0.payment.wasAuthorized })
        messages += advices { [.refund, .completionAdvice].contains($0.request.kind) }
        messages += payments.filter(\.hasCertificate).map { .chipRecord($0.request.id, agreed: agrees($0)) }
        messages += payments.filter(\.isChipFailure).map { .failedChipRecord($0.request.id, agreed: agrees($0)) }
        let records = messages.reduce(0) { $0 + $1.records }
        return messages + [.end(agreed: comparison.agrees, records: records)]
    }

    private static func details(_ counted: [(payment: PaymentState, amount: Int64)]) -> [UploadMessage] {
        let details = counted.compactMap { payment, amount in
            payment.authorization.map {
                UploadMessage.Detail(id: payment.request.id, origin: $0.card.origin, stan: $0.stan, amount: amount)
            }
        }
        return stride(from: 0, to: details.count, by: UploadMessage.greatestDetails).map { start in
            .details(Array(details[start..<min(start + UploadMessage.greatestDetails, details.count)]))
        }
    }
}

extension PaymentState {
    /// Whether card and terminal approved it between themselves.
    var isApprovedOffline: Bool {
        guard case .stored(.offline, _) = outcome else { return false }
        return true
    }

    /// Whether the acquirer was asked, and approved: a record of the line.
    fileprivate var wasAuthorized: Bool {
        switch outcome {
        case .approved, .stored(.deferred, _): request.kind.manner == .request
        default: false
        }
    }

    /// Whether its chip gave a certificate over the acquirer's approval; asked for of contact chips only.
    fileprivate var hasCertificate: Bool {
        guard case .approved(_, let chip?) = outcome, request.kind == .sale else { return false }
        return authorization?.card.entryMode == .contactChip && chip.cryptogramType == .tc && !isChipFailure
    }

    /// Whether the acquirer refused what the chip approved, or the issuer did not prove itself to the card (TVR, byte 5,
    /// bit 7; EMV 4.4 Book 3, Annex C5).
    fileprivate var isChipFailure: Bool {
        switch (outcome, stored) {
        case (.stored(.offline, _), .refused), (.stored(.offline, _), .resolved): true
        case (.approved(_, let chip?), _):
            request.kind == .sale && Int(chip.tvr.suffix(2), radix: 16).map { $0 & 0x40 != 0 } == true
        default: false
        }
    }
}
