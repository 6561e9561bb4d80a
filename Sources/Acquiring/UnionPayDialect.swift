public import ISO8583
public import PaymentCryptography
public import Payments

/// UnionPay's terminal messages: what a payment is as fields, and what fields say about a payment. Pure: no network, no
/// clock, no key store.
public struct UnionPayDialect: Sendable {
    /// Who the terminal is.
    public let identity: TerminalIdentity
    /// What this acquirer does differently.
    public let options: DialectOptions
    let table: FieldTable

    /// The dialect of one terminal.
    public init(_ identity: TerminalIdentity, options: DialectOptions = DialectOptions()) {
        self.identity = identity
        self.options = options
        table = options.table
    }

    /// The request of any kind (0100, 0200, 0220), without its MAC. `trackKey` is needed where the key set enciphers
    /// tracks. Throws the field that cannot hold its value, never the value.
    public func request(
        _ authorization: Authorization, _ credentials: Credentials, trackKey: CipherKey? = nil
    ) throws(MessageError) -> Frame {
        try request(authorization, authorization.request.kind.form, credentials, trackKey, chip: nil)
    }

    /// What is sent, and sent again, for a payment that was stored: the request without the secrets that are not kept.
    /// What card and terminal approved between themselves, asked for as an offline sale or not, is told as an offline sale
    /// and brings the certificate that the card gave at its end.
    public func stored(_ payment: PaymentState, pan: PAN) throws(MessageError) -> Frame {
        try stored(payment, authorization(of: payment), pan)
    }

    /// The reversal (0400) of a request, without its MAC. It has the number, batch, condition and entry mode of the
    /// request and none of its secrets but the account number. `authorizationCode` and `chip` go along where the payment
    /// came so far. Throws for a kind that is never reversed.
    public func reversal(
        of authorization: Authorization, pan: PAN, reason: ReversalReason, authorizationCode: String? = nil,
        chip: ChipResult? = nil
    ) throws(MessageError) -> Frame {
        let request = authorization.request
        guard request.kind.manner == .request else { throw MessageError(.invalidValue, at: 0, in: "MTI") }
        var message = try financial(0x0400, authorization, request.kind.form)
        try message.set(2, pan.digits)
        if let authorizationCode { try message.set(38, authorizationCode) }
        try message.set(39, reason.responseCode)
        if request.kind.form.parts.contains(.chip) {
            let objects = try ChipData.reversal(authorization.chipData, chip)
            if !objects.isEmpty { try message.set(55, objects) }
        }
        return frame(message, authorization.card.entryMode)
    }

    /// What the issuer's scripts did to the card (0620), without its MAC, under the number that the payment keeps for it.
    /// Throws for a payment without scripts.
    public func scriptResult(of payment: PaymentState, pan: PAN) throws(MessageError) -> Frame {
        let authorization = try authorization(of: payment)
        guard case .waiting(let stan) = payment.scriptResult else {
            throw MessageError(.invalidValue, at: 0, in: "F11")
        }
        let request = authorization.request
        let reply = payment.outcome?.reply
        var message = try management(0x0620, stan, authorization.batch, network: "951")
        try message.set(2, pan.digits)
        try message.set(3, request.kind.form.processingCode)
        if request.kind.form.parts.contains(.amount) { try message.set(4, String(request.amount.minorUnits)) }
        try setEntry(&message, authorization)
        try message.set(25, condition(request))
        if let rrn = reply?.rrn { try message.set(37, rrn) }
        if let code = reply?.authorizationCode { try message.set(38, code) }
        try message.set(49, Digits.padded(request.amount.currency.number, 3))
        try message.set(55, ChipData.scriptResult(authorization.chipData, payment.outcome?.chip))
        let original = OriginalTransaction(
            batch: authorization.batch.description, trace: authorization.stan.description,
            date: reply?.acquirerTime?.date ?? authorization.time.mmdd)
        try message.set(61, original.encoded)
        return frame(message, authorization.card.entryMode)
    }

    /// The message of whatever a payment owes, without its MAC. Throws where the account number is missing.
    public func delivery(_ delivery: PendingDelivery) throws(MessageError) -> Frame {
        guard let pan = delivery.pan else { throw MessageError(.invalidValue, at: 0, in: "F2") }
        let payment = delivery.payment
        switch delivery.delivery {
        case .stored: return try stored(payment, delivery.authorization, pan)
        case .scriptResult: return try scriptResult(of: payment, pan: pan)
        case .reversal:
            guard case .pending(let reason, _) = payment.reversal else {
                throw MessageError(.invalidValue, at: 0, in: "F39")
            }
            return try reversal(
                of: delivery.authorization, pan: pan, reason: reason,
                authorizationCode: payment.outcome?.reply?.authorizationCode, chip: payment.outcome?.chip)
        }
    }

    /// `frame` with its MAC in field 64.
    public func sealed(_ frame: Frame, with macKey: CipherKey) throws(CryptographyError) -> Frame {
        var sealed = frame
        let mac = try MessageAuthentication.unionPayECB(macKey, over: frame.message.macInput)
        do throws(MessageError) {
            try sealed.message.set(64, mac)
        } catch {
            // Eight bytes always fit the table's field 64.
            throw CryptographyError(.wrongLength, "MAC of \(mac.count) bytes")
        }
        return sealed
    }

    // MARK: Parts

    private func request(
        _ authorization: Authorization, _ form: MessageForm, _ credentials: Credentials, _ trackKey: CipherKey?,
        chip: ChipResult?
    ) throws(MessageError) -> Frame {
        let request = authorization.request
        let parts = form.parts
        var message = try financial(form.mti, authorization, form)
        let track2 = parts.contains(.card) ? credentials.track2 : nil
        if options.sendsPANWithTrack || track2 == nil { try message.set(2, credentials.pan.digits) }
        if options.sendsLocalTime {
            try message.set(12, authorization.time.hhmmss)
            try message.set(13, authorization.time.mmdd)
        }
        if parts.contains(.card) { try setSecrets(&message, track2, credentials.pinBlock, trackKey) }
        if parts.contains(.rrn), let rrn = request.original?.rrn { try message.set(37, rrn) }
        if parts.contains(.authorizationCode), let code = request.original?.authorizationCode {
            try message.set(38, code)
        }
        if parts.contains(.tip) { try message.set(48, Digits.padded(request.tip?.minorUnits ?? 0, 12)) }
        if parts.contains(.chip), !authorization.chipData.isEmpty {
            try message.set(55, ChipData.completed(authorization.chipData, chip))
        }
        if let cvn2 = credentials.cvn2 {
            try message.set(62, MailOrder([cvn2.withBytes { TaggedText("CV", Array($0)) }]).encoded)
        }
        if parts.contains(.organisation) { try message.set(63, "000") }
        return frame(message, authorization.card.entryMode)
    }

    func stored(
        _ payment: PaymentState, _ authorization: Authorization, _ pan: PAN
    ) throws(MessageError) -> Frame {
        try request(
            authorization, storedForm(payment), Credentials(pan: pan), nil,
            chip: payment.isApprovedOffline ? payment.outcome?.chip : nil)
    }

    /// The form in which a stored payment is told.
    func storedForm(_ payment: PaymentState) -> MessageForm {
        payment.isApprovedOffline ? TransactionKind.offlineSale.form : payment.request.kind.form
    }

    /// The fields that a request and its reversal have in common.
    private func financial(
        _ mti: MTI, _ authorization: Authorization, _ form: MessageForm
    ) throws(MessageError) -> Message {
        let request = authorization.request
        let card = authorization.card
        var message = Message(mti, table: table)
        try message.set(3, form.processingCode)
        if form.parts.contains(.amount) {
            guard request.amount.minorUnits > 0 else { throw MessageError(.invalidValue, at: 0, in: "F4") }
            try message.set(4, String(request.amount.minorUnits))
        }
        try message.set(11, authorization.stan.description)
        if let expiry = card.expiry { try message.set(14, expiry.description) }
        try setEntry(&message, authorization)
        try message.set(25, condition(request))
        try message.set(41, identity.terminal)
        try message.set(42, identity.merchant)
        try message.set(49, Digits.padded(request.amount.currency.number, 3))
        let announcesPart = options.announcesPartialApproval && form.parts.contains(.partialApproval)
        let type = TransactionType(
            kind: form.type, batch: authorization.batch.description, function: "000",
            capability: String(options.terminalCapability), chipCondition: card.entryMode == .fallback ? "2" : "0",
            partialApproval: announcesPart ? "1" : nil)
        try message.set(60, type.encoded)
        if !form.parts.isDisjoint(with: [.numbers, .date]) { try message.set(61, original(request)) }
        return message
    }

    /// Field 61: the payment that `request` follows up.
    private func original(_ request: PaymentRequest) throws(MessageError) -> String {
        guard let original = request.original else { throw MessageError(.invalidValue, at: 0, in: "F61") }
        let parts = request.kind.form.parts
        let unknown = "000000"
        return OriginalTransaction(
            batch: parts.contains(.numbers) ? original.batch?.description ?? unknown : unknown,
            trace: parts.contains(.numbers) ? original.stan?.description ?? unknown : unknown,
            date: parts.contains(.date) ? original.date : nil
        ).encoded
    }

    private func condition(_ request: PaymentRequest) -> String {
        switch request.channel {
        case .counter: request.kind.form.condition
        case .mailOrder: request.kind.form.mailOrderCondition
        }
    }

    /// Fields 22 and 23.
    func setEntry(_ message: inout Message, _ authorization: Authorization) throws(MessageError) {
        let card = authorization.card
        try message.set(22, card.entryMode.code + (card.pinEntry == .none ? "2" : "1"))
        if authorization.request.kind.form.parts.contains(.card), card.entryMode.isChip,
            let number = card.sequenceNumber
        {
            try message.set(23, Digits.padded(number, 3))
        }
    }

    /// Fields 26, 35, 52 and 53.
    private func setSecrets(
        _ message: inout Message, _ track2: Track2?, _ pinBlock: SecretBytes?, _ trackKey: CipherKey?
    ) throws(MessageError) {
        if let track2 { try message.set(35, track(track2, trackKey)) }
        if let pinBlock {
            try message.set(26, options.pinCaptureCode)
            try message.set(52, pinBlock.withBytes { Array($0) })
        }
        if track2 != nil || pinBlock != nil {
            try message.set(53, securityControl(hasPIN: pinBlock != nil, hasTrack: track2 != nil))
        }
    }

    private func securityControl(hasPIN: Bool, hasTrack: Bool) -> String {
        let algorithm =
            switch options.keySet {
            case .singleLength: 0
            case .doubleLength, .doubleLengthWithTrackKey: 6
            case .sm4, .sm4WithTrackKey: options.sm4SecurityCode
            }
        let isEncrypted = hasTrack && options.keySet.encryptsTrack
        return "\(hasPIN ? options.pinBlockFormat : 0)\(algorithm)\(isEncrypted ? 1 : 0)0000000000000"
    }

    private func track(_ track2: Track2, _ trackKey: CipherKey?) throws(MessageError) -> String {
        guard options.keySet.encryptsTrack else { return track2.text }
        guard let trackKey, let encrypted = try? TrackEncryption.encipher(track2.text, under: trackKey) else {
            throw MessageError(.invalidValue, at: 0, in: "F35")
        }
        return encrypted
    }

    func authorization(of payment: PaymentState) throws(MessageError) -> Authorization {
        guard let authorization = payment.authorization else { throw MessageError(.invalidValue, at: 0, in: "F11") }
        return authorization
    }

    /// A message that is no request for money: who it is from, its number, and what it is about (60.3).
    func management(_ mti: MTI, _ stan: STAN, _ batch: BatchNumber, network: String) throws(MessageError) -> Message {
        var message = Message(mti, table: table)
        try message.set(11, stan.description)
        try message.set(41, identity.terminal)
        try message.set(42, identity.merchant)
        try message.set(60, TransactionType(kind: "00", batch: batch.description, function: network).encoded)
        return message
    }

    func frame(_ message: Message, _ mode: EntryMode? = nil) -> Frame {
        Frame(
            tpdu: options.tpdu,
            header: Header(
                applicationClass: mode?.isChip == true ? 0x61 : 0x60, softwareVersion: options.softwareVersion,
                subVersion: options.softwareSubVersion),
            message: message)
    }
}

extension ReversalReason {
    /// Field 39 of the reversal.
    public var responseCode: String {
        switch self {
        case .noReply: "98"
        case .badMAC: "A0"
        case .notCompleted: "96"
        }
    }
}

extension EntryMode {
    /// The first two digits of field 22.
    var code: String {
        switch self {
        case .manual: "01"
        case .stripe: "02"
        case .contactChip: "05"
        case .contactlessChip: "07"
        case .fallback: "80"
        }
    }

    var isChip: Bool { self == .contactChip || self == .contactlessChip }
}

extension PaymentState {
    /// Whether card and terminal approved it between themselves.
    var isApprovedOffline: Bool {
        guard case .stored(.offline, _) = outcome else { return false }
        return true
    }
}
