public import ISO8583
public import PaymentCryptography
public import Payments
import Wire

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

    // MARK: Requests

    /// The sale (0200) without its MAC. `trackKey` is needed where the key set enciphers tracks.
    /// Throws the field that cannot hold its value, never the value.
    public func sale(
        _ authorization: Authorization, _ credentials: Credentials, trackKey: CipherKey? = nil
    ) throws(MessageError) -> Frame {
        var message = try financial(0x0200, authorization)
        if options.sendsPANWithTrack || credentials.track2 == nil { try message.set(2, credentials.pan.digits) }
        if options.sendsLocalTime {
            try message.set(12, authorization.time.hhmmss)
            try message.set(13, authorization.time.mmdd)
        }
        if let track2 = credentials.track2 { try message.set(35, try track(track2, trackKey)) }
        if let block = credentials.pinBlock {
            try message.set(26, options.pinCaptureCode)
            try message.set(52, block.withBytes { Array($0) })
        }
        if credentials.track2 != nil || credentials.pinBlock != nil {
            try message.set(
                53, securityControl(hasPIN: credentials.pinBlock != nil, hasTrack: credentials.track2 != nil))
        }
        if !authorization.chipData.isEmpty { try message.set(55, authorization.chipData) }
        return frame(message, authorization.card.entryMode)
    }

    /// The reversal (0400) of a sale, without its MAC. It has the number, batch and entry mode of the sale and none of
    /// its secrets but the account number. `authorizationCode` and `chip` go along where the sale came so far.
    public func reversal(
        of authorization: Authorization, pan: PAN, reason: ReversalReason, authorizationCode: String? = nil,
        chip: ChipResult? = nil
    ) throws(MessageError) -> Frame {
        var message = try financial(0x0400, authorization)
        try message.set(2, pan.digits)
        if let authorizationCode { try message.set(38, authorizationCode) }
        try message.set(39, reason.responseCode)
        let chipData = try reversalChipData(authorization.chipData, chip)
        if !chipData.isEmpty { try message.set(55, chipData) }
        return frame(message, authorization.card.entryMode)
    }

    /// The sign-in (0800), which asks for working keys and the batch. `batch` is the last one known.
    public func signIn(stan: STAN, batch: BatchNumber) throws(MessageError) -> Frame {
        var message = try management(0x0800, stan, batch, network: options.keySet.rawValue)
        try message.set(63, options.signInOperator)
        return frame(message, nil)
    }

    /// The echo test (0820).
    public func echo(stan: STAN, batch: BatchNumber) throws(MessageError) -> Frame {
        frame(try management(0x0820, stan, batch, network: "301"), nil)
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

    /// The fields that a sale and its reversal have in common.
    private func financial(_ mti: MTI, _ authorization: Authorization) throws(MessageError) -> Message {
        let request = authorization.request
        let card = authorization.card
        guard request.amount.minorUnits > 0 else { throw MessageError(.invalidValue, at: 0, in: "F4") }
        var message = Message(mti, table: table)
        try message.set(3, "000000")
        try message.set(4, String(request.amount.minorUnits))
        try message.set(11, authorization.stan.description)
        if let expiry = card.expiry { try message.set(14, expiry.description) }
        try message.set(22, card.entryMode.code + (card.pinEntry == .none ? "2" : "1"))
        if let number = card.sequenceNumber { try message.set(23, Digits.padded(number, 3)) }
        try message.set(25, "00")
        try message.set(41, identity.terminal)
        try message.set(42, identity.merchant)
        try message.set(49, Digits.padded(request.amount.currency.number, 3))
        let type = TransactionType(
            kind: "22", batch: authorization.batch.description, function: "000",
            capability: String(options.terminalCapability), chipCondition: card.entryMode == .fallback ? "2" : "0")
        try message.set(60, type.encoded)
        return message
    }

    private func management(_ mti: MTI, _ stan: STAN, _ batch: BatchNumber, network: String) throws(MessageError)
        -> Message
    {
        var message = Message(mti, table: table)
        try message.set(11, stan.description)
        try message.set(41, identity.terminal)
        try message.set(42, identity.merchant)
        try message.set(60, TransactionType(kind: "00", batch: batch.description, function: network).encoded)
        return message
    }

    private func frame(_ message: Message, _ mode: EntryMode?) -> Frame {
        Frame(
            tpdu: options.tpdu,
            header: Header(
                applicationClass: mode?.isChip == true ? 0x61 : 0x60, softwareVersion: options.softwareVersion,
                subVersion: options.softwareSubVersion),
            message: message)
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

    /// What a reversal tells of the chip: TVR, IFD serial number, issuer application data, ATC, script results; as the
    /// card left them if it came so far, else as the sale had them.
    private func reversalChipData(_ sale: [UInt8], _ chip: ChipResult?) throws(MessageError) -> [UInt8] {
        do {
            let later: [TLV.Tag: String?] = [
                0x95: chip?.tvr, 0x9F10: chip?.issuerApplicationData, 0x9F36: chip?.atc, 0xDF31: chip?.scriptResults,
            ]
            let known = try TLV.parse(sale)
            let tags: [TLV.Tag] = [0x95, 0x9F1E, 0x9F10, 0x9F36, 0xDF31]
            return TLV.encode(
                try tags.compactMap { tag in
                    if let value = later[tag] ?? nil, !value.isEmpty { return TLV(tag, try Hex.decode(value)) }
                    return known.first { $0.tag == tag }
                })
        } catch {
            throw MessageError(.invalidObject, at: 0, in: "F55")
        }
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
