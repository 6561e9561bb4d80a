public import Engine
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

    // MARK: Upload

    /// A message of the upload (0320), which has no MAC. `sealed` finds a payment and its account number. The message of
    /// one payment keeps the payment's number, by which the acquirer knows it; all others go under `stan`.
    public func upload(
        _ message: UploadMessage, stan: STAN, batch: BatchNumber,
        sealed: (RequestID) -> (payment: PaymentState, pan: PAN)?
    ) throws(MessageError) -> Frame {
        func find(_ id: RequestID) throws(MessageError) -> (payment: PaymentState, pan: PAN) {
            guard let found = sealed(id) else { throw MessageError(.invalidValue, at: 0, in: "F2") }
            return found
        }
        switch message {
        case .advice(let id, let amount):
            let (payment, pan) = try find(id)
            return try advice(payment, pan, amount)
        case .details(let details):
            var records: [BatchDetails.Record] = []
            for detail in details { records.append(try record(detail, find(detail.id).pan)) }
            return try self.details(records, stan, batch)
        case .chipRecord(let id, let agreed):
            let (payment, pan) = try find(id)
            return try chipRecord(.certificate, payment, pan, network: agreed ? "203" : "205")
        case .failedChipRecord(let id, let agreed):
            let (payment, pan) = try find(id)
            return try chipRecord(.failure, payment, pan, network: agreed ? "204" : "206")
        case .end(let agreed, let records):
            return try end(records, stan, batch, network: agreed ? "207" : "202")
        }
    }

    /// The message that a payment was told by, or would have been, once more, over what it came to.
    private func advice(_ payment: PaymentState, _ pan: PAN, _ amount: Int64) throws(MessageError) -> Frame {
        let authorization = try authorization(of: payment)
        var frame = try stored(payment, authorization, pan)
        frame.message.mti = 0x0320
        try frame.message.set(4, String(amount))
        let type = TransactionType(
            kind: storedForm(payment).type, batch: authorization.batch.description, function: "201")
        try frame.message.set(60, type.encoded)
        return frame
    }

    private func record(_ detail: UploadMessage.Detail, _ pan: PAN) throws(MessageError) -> BatchDetails.Record {
        guard (0...999_999_999_999).contains(detail.amount) else { throw MessageError(.invalidValue, at: 0, in: "F48") }
        return BatchDetails.Record(
            organisation: detail.origin == .foreign ? "01" : "00", trace: detail.stan.description,
            accountNumber: pan.digits, amount: Int(detail.amount))
    }

    private func details(
        _ records: [BatchDetails.Record], _ stan: STAN, _ batch: BatchNumber
    ) throws(MessageError) -> Frame {
        guard records.count <= BatchDetails.limit else { throw MessageError(.invalidLength, at: 0, in: "F48") }
        var message = try management(0x0320, stan, batch, network: "201")
        try message.set(48, BatchDetails(records).encoded)
        return frame(message)
    }

    /// What the chip gave at its end; the amount is the one that it certifies.
    private func chipRecord(
        _ kind: ChipUpload.Kind, _ payment: PaymentState, _ pan: PAN, network: String
    ) throws(MessageError) -> Frame {
        let authorization = try authorization(of: payment)
        let amount = authorization.request.amount
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

    private func end(
        _ records: Int, _ stan: STAN, _ batch: BatchNumber, network: String
    ) throws(MessageError) -> Frame {
        guard (0...9999).contains(records) else { throw MessageError(.invalidValue, at: 0, in: "F48") }
        var message = try management(0x0320, stan, batch, network: network)
        try message.set(48, Digits.padded(records, 4))
        return frame(message)
    }
}
