public import ISO8583
public import Payments

extension UnionPayDialect {
    // MARK: Totals

    /// The settlement (0500): what the terminal counted. Throws where a count or an amount is too large for its place.
    public func settlement(_ settlement: Settlement) throws(MessageError) -> Frame {
        var message = try management(0x0500, settlement.stan, settlement.batch, network: "201")
        let totals = SettlementTotals(
            domestic: try side(settlement.totals.domestic), foreign: try side(settlement.totals.foreign))
        try message.set(48, totals.encoded)
        try message.set(49, Digits.padded(options.currency.number, 3))
        try message.set(63, settlement.supervisor.map { $0 + " " } ?? options.signInOperator)
        return frame(message)
    }

    /// What the acquirer found (0510). A class on which it says nothing agrees if the terminal has counted nothing in it.
    /// Field 39, which may be missing, counts only where the acquirer has compared nothing.
    public func comparison(
        _ answer: Exchange.Answer, of settlement: Settlement
    ) throws(AcquiringError) -> Settlement.Comparison {
        let reply = try answer.message()
        guard let totals = reply.text(48).flatMap({ try? SettlementTotals(decoding: $0) }) else {
            throw reply.refusal ?? AcquiringError(.badReply, "the settlement reply has no totals")
        }
        let found = [totals.domestic.agreement, totals.foreign.agreement]
        if found.allSatisfy({ $0 == .request }), let refusal = reply.refusal { throw refusal }
        func agrees(_ found: SettlementTotals.Agreement, _ counted: Totals.Sides) -> Bool {
            found == .agreed || found == .request && counted == Totals.Sides()
        }
        return Settlement.Comparison(
            domesticAgrees: agrees(totals.domestic.agreement, settlement.totals.domestic),
            foreignAgrees: agrees(totals.foreign.agreement, settlement.totals.foreign))
    }

    private func side(_ sides: Totals.Sides) throws(MessageError) -> SettlementTotals.Side {
        let tallies = [sides.debit, sides.credit]
        guard tallies.allSatisfy({ (0...Totals.greatestCount).contains($0.count) }),
            tallies.allSatisfy({ (0...999_999_999_999).contains($0.amount) })
        else { throw MessageError(.invalidValue, at: 0, in: "F48") }
        return SettlementTotals.Side(
            debitAmount: Int(sides.debit.amount), debitCount: sides.debit.count,
            creditAmount: Int(sides.credit.amount), creditCount: sides.credit.count)
    }

    // MARK: Upload (0320, without MAC)

    /// One payment of the batch in `details`.
    public struct Detail: Equatable, Sendable {
        /// Its number.
        public let stan: STAN
        /// Its account number; nil for a payment by code.
        public let pan: PAN?
        /// Where the card comes from.
        public let origin: CardSummary.Origin
        /// What it moved.
        public let amount: Money

        /// A payment of these parts.
        public init(stan: STAN, pan: PAN?, origin: CardSummary.Origin, amount: Money) {
            self.stan = stan
            self.pan = pan
            self.origin = origin
            self.amount = amount
        }
    }

    /// On-line payments of the batch, at most eight.
    public func details(_ details: [Detail], stan: STAN, batch: BatchNumber) throws(MessageError) -> Frame {
        guard details.count <= BatchDetails.limit else { throw MessageError(.invalidLength, at: 0, in: "F48") }
        var message = try management(0x0320, stan, batch, network: "201")
        let records = details.map {
            BatchDetails.Record(
                organisation: $0.origin.organisation, trace: $0.stan.description, accountNumber: $0.pan?.digits ?? "",
                amount: Int($0.amount.minorUnits))
        }
        try message.set(48, BatchDetails(records).encoded)
        return frame(message)
    }

    /// The advice that a payment was, or would have been, told by, as one message of the upload. It keeps its number.
    public func batchAdvice(_ payment: PaymentState, pan: PAN) throws(MessageError) -> Frame {
        let authorization = try authorization(of: payment)
        var frame = try stored(payment, authorization, pan)
        frame.message.mti = 0x0320
        let type = TransactionType(
            kind: payment.request.kind.form.type, batch: authorization.batch.description, function: "201")
        try frame.message.set(60, type.encoded)
        return frame
    }

    /// The certificate of an approved chip payment (60.3 = 203, or 205 where the totals differ), or the record of one
    /// that failed or whose issuer was not authenticated (204, 206). It has the payment's number.
    public func chipRecord(
        _ kind: ChipUpload.Kind, of payment: PaymentState, pan: PAN, agreed: Bool
    ) throws(MessageError) -> Frame {
        let authorization = try authorization(of: payment)
        let amount = payment.movedAmount ?? payment.request.amount
        let network =
            switch kind {
            case .certificate: agreed ? "203" : "205"
            case .failure: agreed ? "204" : "206"
            }
        var message = try management(0x0320, authorization.stan, authorization.batch, network: network)
        try message.set(2, pan.digits)
        try message.set(4, String(amount.minorUnits))
        try setEntry(&message, authorization)
        try message.set(55, ChipData.completed(authorization.chipData, payment.outcome?.chip))
        let record = ChipUpload(
            kind: kind, isForeign: authorization.card.origin == .foreign, amount: Int(amount.minorUnits),
            currency: Digits.padded(amount.currency.number, 3))
        try message.set(62, record.encoded)
        return frame(message, authorization.card.entryMode)
    }

    /// The end of the upload: how many records were in it, at most 9999.
    public func batchEnd(
        agreed: Bool, records: Int, stan: STAN, batch: BatchNumber
    ) throws(MessageError) -> Frame {
        var message = try management(0x0320, stan, batch, network: agreed ? "207" : "202")
        guard (0...9999).contains(records) else { throw MessageError(.invalidValue, at: 0, in: "F48") }
        try message.set(48, Digits.padded(records, 4))
        return frame(message)
    }
}

extension CardSummary.Origin {
    /// As batch details have it.
    fileprivate var organisation: String {
        switch self {
        case .domestic: "00"
        case .foreign: "01"
        }
    }
}
