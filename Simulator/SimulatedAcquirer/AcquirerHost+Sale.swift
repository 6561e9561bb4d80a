import ISO8583
import PaymentCryptography
import Payments
import SimulatedCards
import Wire

extension AcquirerHost {
    /// A sale (0200): whatever it decides is entered into the ledger, but a message it cannot place.
    func sell(_ answer: inout HostAnswer, _ state: inout State) {
        let request = answer.request
        guard let type = answer.type, let stan = request.text(11), let amount = request.text(4).flatMap({ Int64($0) })
        else {
            answer.code = "30"
            return
        }
        guard type.batch == state.batch else {
            answer.code = "77"
            return
        }
        let key = Ledger.Key(terminal: configuration.terminal, batch: type.batch, stan: stan)
        guard state.ledger.entry(key) == nil else {
            answer.code = "94"
            return
        }
        state.lastReference += 1
        let reference = Digits.padded(state.lastReference, 12)
        let pan = request.text(2).flatMap { PAN($0) } ?? track(request, state.session)?.pan
        let card = check(request, pan, answer.now, &state)
        answer.code = card.code ?? refusal(amount, type, pan, &state) ?? "00"
        let isApproved = answer.code == "00"
        state.ledger.enter(
            Ledger.Entry(
                key: key, pan: pan, amount: amount, rrn: reference,
                state: isApproved ? .approved : .declined(code: answer.code)))
        answer.texts[15] = answer.now.mmdd
        answer.texts[37] = reference
        if isApproved { answer.texts[38] = "T" + reference.suffix(5) }
        answer.bytes[44] = Institutions(issuer: "01020000", acquirer: "48021000").encoded
        answer.bytes[63] = Remarks(organisation: "CUP", terminal: configuration.remark).encoded
        if let cryptogram = card.cryptogram {
            let data = try? cryptogram.issuerAuthenticationData(responseCode: answer.code)
            answer.bytes[55] = data?.encoded
        }
    }

    /// What speaks against the payment itself; nil for nothing.
    private func refusal(_ amount: Int64, _ type: TransactionType, _ pan: PAN?, _ state: inout State) -> String? {
        if !state.declines.isEmpty { return state.declines.removeFirst() }
        guard type.kind == "22", type.function == "000" else { return "12" }
        guard amount > 0 else { return "13" }
        guard let pan, state.ledger.covers(amount, pan) else { return "51" }
        return nil
    }

    /// What speaks against the card or the message, and the card's cryptogram if it is right.
    private func check(
        _ request: Message, _ pan: PAN?, _ now: LocalDateTime, _ state: inout State
    ) -> (code: String?, cryptogram: GenuineCryptogram?) {
        guard request.text(3) == "000000", request.text(25) == "00", request.text(49) == "156",
            let entry = request.text(22), let pan
        else { return ("30", nil) }
        let number = request.text(23).flatMap { Int($0) }
        guard let account = issuer.account(pan, sequenceNumber: number) else { return ("14", nil) }
        if let track = request.has(35) ? track(request, state.session) : nil {
            guard track.pan == pan, track.expiry?.description == account.expiry else { return ("14", nil) }
        } else if request.has(35) {
            return ("30", nil)
        }
        let isExpired = account.expiry < String(now.yymmdd.prefix(4))
        guard request.text(14) ?? account.expiry == account.expiry, !isExpired else { return ("54", nil) }
        var cryptogram: GenuineCryptogram?
        if ["05", "07"].contains(entry.prefix(2)) {
            switch checkChip(request, pan, number, &state) {
            case .success(let genuine): cryptogram = genuine
            case .failure(let refusal): return (refusal.code, nil)
            }
        } else if request.has(55) {
            return ("30", nil)
        }
        return (checkPIN(request, pan, account, entry, state.session), cryptogram)
    }

    /// The PIN block and the fields that go with it (22, 26, 53).
    private func checkPIN(
        _ request: Message, _ pan: PAN, _ account: TestAccount, _ entry: String, _ session: TerminalSession?
    ) -> String? {
        guard let block = request.bytes(52) else { return request.has(26) ? "30" : nil }
        guard let session, entry.hasSuffix("1"), ["06", "12"].contains(request.text(26)),
            let control = request.text(53), control.hasPrefix("1") || control.hasPrefix("2")
        else { return "30" }
        do {
            let pin = try PINBlock.decipher(
                SecretBytes(block), pan: control.hasPrefix("2") ? pan : nil, under: session.pinKey)
            return pin == SecretBytes(Array(account.pin.utf8)) ? nil : "55"
        } catch {
            return "99"
        }
    }

    /// A code that speaks against a cryptogram.
    private struct Refusal: Error {
        let code: String
    }

    /// The cryptogram: genuine, an ARQC, over this amount and currency, and never seen before.
    private func checkChip(
        _ request: Message, _ pan: PAN, _ number: Int?, _ state: inout State
    ) -> Result<GenuineCryptogram, Refusal> {
        let chipData = request.bytes(55).map(Array.init) ?? []
        switch issuer.check(chipData: chipData, pan: pan, sequenceNumber: number) {
        case .malformed: return .failure(Refusal(code: "30"))
        case .unknownCard: return .failure(Refusal(code: "14"))
        case .wrong: return .failure(Refusal(code: "59"))
        case .genuine(let cryptogram):
            let objects = (try? TLV.parse(chipData)) ?? []
            func value(_ tag: TLV.Tag) -> String { objects.first { $0.tag == tag }.map { Hex.encode($0.value) } ?? "" }
            let isThisPayment =
                value(0x9F02) == request.text(4) && value(0x5F2A) == "0156" && value(0x9C) == "00"
                && cryptogram.type == .arqc
            guard isThisPayment, state.cryptograms.insert(cryptogram.value).inserted else {
                return .failure(Refusal(code: "59"))
            }
            return .success(cryptogram)
        }
    }

    /// Field 35 in clear.
    private func track(_ request: Message, _ session: TerminalSession?) -> Track2? {
        guard let sent = request.text(35) else { return nil }
        let isEncrypted = request.text(53)?.dropFirst(2).hasPrefix("1") == true
        guard isEncrypted else { return Track2(sent) }
        guard let key = session?.trackKey, let clear = try? TrackEncryption.decipher(sent, under: key) else {
            return nil
        }
        return Track2(clear)
    }
}
