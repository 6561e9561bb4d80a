import ISO8583
import PaymentCryptography
import Payments
import SimulatedCards
import Wire

extension AcquirerHost {
    /// What speaks against the message or the card. `cryptogram` is set as soon as the card's is found right.
    func check(
        _ request: FinancialRequest, _ pan: PAN, _ cryptogram: inout GenuineCryptogram?, _ state: inout State
    ) throws(Refusal) {
        let message = request.message
        let isUpload = message.mti == 0x0320
        let fields = isUpload ? message.fields + [64] : message.fields
        guard request.kind.permits(fields), request.kind.conditions.contains(request.condition),
            message.text(49) == "156", isEntryMode(request), isUpload || isHeaderRight(request)
        else { throw Refusal("30") }
        let number = message.text(23).flatMap { Int($0) }
        guard let account = issuer.account(pan, sequenceNumber: number) else { throw Refusal("14") }
        try checkTrack(request, account, pan, state.session)
        guard message.text(14) ?? account.expiry == account.expiry else { throw Refusal("54") }
        if request.kind.asksIssuer, account.expiry < String(request.now.yymmdd.prefix(4)) { throw Refusal("54") }
        if request.isChip, request.kind.asksIssuer || request.kind == .offlineSale {
            cryptogram = try checkChip(request, pan, number, &state)
        } else if message.has(55) {
            throw Refusal("30")
        }
        if request.isMailOrder, request.kind == .sale || request.kind == .preAuthorization {
            try checkMailOrder(request, account)
        } else if message.has(62) {
            throw Refusal("30")
        }
        try checkPIN(request, pan, account, &state)
    }

    /// The account number, from field 2 or from the track.
    func pan(_ message: Message, _ session: TerminalSession?) -> PAN? {
        message.text(2).flatMap { PAN($0) } ?? track(message, session)?.pan
    }

    /// Field 22 and what follows from it.
    private func isEntryMode(_ request: FinancialRequest) -> Bool {
        let message = request.message
        guard ["0", "1", "2"].contains(request.entryMode.suffix(1)) else { return false }
        switch request.way {
        case "01": return ![23, 35, 36, 55].contains(where: message.has)
        case "02", "80":
            guard !request.isMailOrder, !message.has(23), !message.has(55) else { return false }
            // A track is never kept, so what is told later comes without it.
            return !request.kind.asksIssuer || message.has(35)
        case "05", "07": return !request.isMailOrder
        default: return false
        }
    }

    /// 61 with a chip, 60 otherwise.
    private func isHeaderRight(_ request: FinancialRequest) -> Bool {
        request.header.applicationClass == (request.isChip ? 0x61 : 0x60)
    }

    /// The track and how it is protected.
    private func checkTrack(
        _ request: FinancialRequest, _ account: TestAccount, _ pan: PAN, _ session: TerminalSession?
    ) throws(Refusal) {
        let message = request.message
        let isProtected = [35, 36, 52].contains(where: message.has)
        guard message.has(53) == isProtected else { throw Refusal("30") }
        if let control = message.text(53) { try check(control, message, session) }
        guard message.has(35) else { return }
        guard let track = track(message, session) else { throw Refusal("30") }
        guard track.pan == pan, track.expiry?.description == account.expiry else { throw Refusal("14") }
        // The stripe of a chip card counts only after the chip could not be read.
        let hasChip = track.serviceCode.map { $0.hasPrefix("2") || $0.hasPrefix("6") } ?? false
        if request.way == "02", hasChip, request.kind.asksIssuer { throw Refusal("45") }
        if request.way == "80", request.type.chipCondition != "2" { throw Refusal("30") }
    }

    /// Field 53: PIN block, algorithm and track as they are.
    private func check(_ control: String, _ message: Message, _ session: TerminalSession?) throws(Refusal) {
        let digits = Array(control.utf8)
        guard digits.count == 16, let session else { throw Refusal("30") }
        let formats: [UInt8] = message.has(52) ? [0x31, 0x32] : [0x30]
        let hasTrack = message.has(35) || message.has(36)
        guard formats.contains(digits[0]), session.securityCodes.contains(digits[1]),
            digits[2] == (hasTrack && session.trackKey != nil ? 0x31 : 0x30), digits[3...].allSatisfy({ $0 == 0x30 })
        else { throw Refusal("30") }
    }

    /// The cryptogram: genuine, of the right type, over this amount and kind, and never seen before.
    private func checkChip(
        _ request: FinancialRequest, _ pan: PAN, _ number: Int?, _ state: inout State
    ) throws(Refusal) -> GenuineCryptogram {
        let chipData = request.message.bytes(55).map(Array.init) ?? []
        switch issuer.check(chipData: chipData, pan: pan, sequenceNumber: number) {
        case .malformed: throw Refusal("30")
        case .unknownCard: throw Refusal("14")
        case .wrong: throw Refusal("59")
        case .genuine(let cryptogram):
            let objects = (try? TLV.parse(chipData)) ?? []
            func value(_ tag: TLV.Tag) -> String { objects.first { $0.tag == tag }.map { Hex.encode($0.value) } ?? "" }
            let isThisPayment =
                value(0x9F02) == Digits.padded(request.amount, 12) && value(0x5F2A) == "0156"
                && value(0x9C) == request.kind.processingCode.prefix(2)
                && cryptogram.type == (request.kind == .offlineSale ? .tc : .arqc)
            // What was reversed may be asked anew, with the same cryptogram.
            let former = state.cryptograms[cryptogram.value].flatMap { state.ledger.entry($0) }
            let isReplay = former.map { $0.key != request.key && !$0.wasReversed } ?? false
            guard isThisPayment, !isReplay else { throw Refusal("59") }
            state.cryptograms[cryptogram.value] = request.key
            return cryptogram
        }
    }

    /// The CVN2 of a mail order.
    private func checkMailOrder(_ request: FinancialRequest, _ account: TestAccount) throws(Refusal) {
        guard let bytes = request.message.bytes(62) else { throw Refusal("05") }
        guard let order = try? MailOrder(decoding: bytes) else { throw Refusal("30") }
        guard order.items.first(where: { $0.tag == "CV" })?.text == account.cvn2 else { throw Refusal("05") }
    }

    /// Field 35 in clear.
    private func track(_ message: Message, _ session: TerminalSession?) -> Track2? {
        guard let sent = message.text(35) else { return nil }
        let isEncrypted = message.text(53)?.dropFirst(2).hasPrefix("1") == true
        guard isEncrypted else { return Track2(sent) }
        guard let key = session?.trackKey, let clear = try? TrackEncryption.decipher(sent, under: key) else {
            return nil
        }
        return Track2(clear)
    }
}

extension FinancialRequest {
    /// Whether the chip was read, by contact or without.
    var isChip: Bool { way == "05" || way == "07" }
}

extension Ledger.Entry {
    /// Whether a reversal took it back.
    fileprivate var wasReversed: Bool { if case .reversed = state { true } else { false } }
}
