public import ISO8583
public import PaymentCryptography
public import Payments

extension UnionPayDialect {
    /// What a received frame is to a request that waits for its reply.
    public enum Inspection: Equatable, Sendable {
        /// The reply, its MAC checked where it has one.
        case reply(Message)
        /// Not readable, or the answer to something else; the wait goes on. Why, without any value.
        case foreign(String)
        /// The reply, with a wrong MAC; the wait ends.
        case badMAC
        /// An approval, or the settling of a reversal, that nothing authenticates; the wait ends as if no reply had come.
        case unauthenticated
    }

    /// Looks at a frame's body (TPDU to last field). The reply has the request's type + 10, its fields 3, 11, 41 and
    /// 42, and its amount; TPDU and header are not looked at. `macKey` is nil for messages without a MAC.
    public func inspect(_ body: some Collection<UInt8>, for request: Message, macKey: CipherKey?) -> Inspection {
        let reply: Message
        do throws(MessageError) {
            reply = try Frame(decoding: body, table: table).message
        } catch {
            return .foreign("unreadable at \(error)")
        }
        guard reply.mti == request.mti.reply else { return .foreign("type \(reply.mti)") }
        for field in [3, 11, 41, 42] where request.has(field) && reply.bytes(field) != request.bytes(field) {
            // The reply to an echo need carry nothing but field 39.
            if request.mti == 0x0820, !reply.has(field) { continue }
            return .foreign("another field \(field)")
        }
        let code = reply.text(39)
        // A settlement is answered by its totals (field 48).
        guard code?.utf8.count == 2 || code == nil && request.mti == 0x0500 else { return .foreign("no field 39") }
        let response = ResponseCode(code ?? "")
        if let asked = request.bytes(4), let amount = reply.bytes(4), amount != asked,
            !(response.code == "10" && isPart(reply, of: request))
        {
            return .foreign("another amount")
        }
        guard let macKey else { return .reply(reply) }
        if let mac = reply.bytes(64) {
            guard let expected = try? MessageAuthentication.unionPayECB(macKey, over: reply.macInput),
                ConstantTime.equals(expected, Array(mac))
            else { return .badMAC }
        } else if request.mti == 0x0400 ? response.settlesReversal : response.acceptsStored,
            options.unauthenticatedApproval == .noReply
        {
            return .unauthenticated
        }
        // An approval of no stated amount is an approval of nothing.
        if response.kind == .approved, [0x0100, 0x0200, 0x0220].contains(request.mti), request.has(4), !reply.has(4) {
            return .foreign("no amount")
        }
        return .reply(reply)
    }

    /// Whether a reply approves less than the request asked for, more than nothing, and the request had said that a part
    /// is understood.
    private func isPart(_ reply: Message, of request: Message) -> Bool {
        let type = request.text(60).flatMap { try? TransactionType(decoding: $0) }
        guard type?.partialApproval == "1", let asked = request.text(4).flatMap({ Int64($0) }),
            let approved = reply.text(4).flatMap({ Int64($0) })
        else { return false }
        return approved > 0 && approved < asked
    }

    /// What a reply to a financial request says.
    public func reply(_ message: Message) -> Reply {
        let code = ResponseCode(message.text(39) ?? "")
        let institutions = message.bytes(44).map { Institutions(decoding: $0) }
        let remarks = message.bytes(63).flatMap { try? Remarks(decoding: $0) }
        let time: AcquirerTime? =
            if let date = message.text(13), let time = message.text(12) {
                AcquirerTime(date: date, time: time)
            } else {
                nil
            }
        return Reply(
            verdict: code.kind == .approved ? .approved : .declined, code: code.code, text: code.text,
            amount: code.code == "10" ? amount(message) : nil, balance: balance(message),
            rrn: present(message.text(37)), authorizationCode: present(message.text(38)),
            settlementDate: message.text(15), acquirerTime: time, issuer: present(institutions?.issuer),
            acquirer: present(institutions?.acquirer), scheme: present(remarks?.organisation),
            remark: remarks?.text, chipData: message.bytes(55).map(Array.init) ?? [])
    }

    /// The working keys of a sign-in reply, still enciphered under the terminal master key. A block of any other length
    /// than the key set's (24, 40 or 60 bytes) is refused with `badKeyBlock`.
    public func workingKeys(_ reply: Message) throws(AcquiringError) -> ISO8583.WorkingKeys {
        let bytes = reply.bytes(62) ?? []
        let expected = (options.keySet.keyLength + 4) * (options.keySet.encryptsTrack ? 3 : 2)
        guard bytes.count == expected, let keys = try? ISO8583.WorkingKeys(decoding: bytes) else {
            throw AcquiringError(
                .badKeyBlock,
                "field 62 of the sign-in reply has \(bytes.count) bytes, not the \(expected) of 60.3 = "
                    + options.keySet.rawValue)
        }
        return keys
    }

    /// The batch in the second part of field 60.
    public func batch(_ reply: Message) -> BatchNumber? {
        let type = reply.text(60).flatMap { try? TransactionType(decoding: $0) }
        return type.flatMap { Int($0.batch) }.flatMap { BatchNumber($0) }
    }

    private func amount(_ message: Message) -> Money? {
        guard let amount = message.text(4).flatMap({ Int64($0) }) else { return nil }
        let currency = message.text(49).flatMap { Int($0) }.flatMap { Currency(number: $0) }
        return Money(minorUnits: amount, currency ?? options.currency)
    }

    /// Field 54; nil for points and whatever else is no money.
    private func balance(_ message: Message) -> Money? {
        guard let balance = message.text(54).flatMap({ try? Balance(decoding: $0) }),
            let currency = Int(balance.currency).flatMap({ Currency(number: $0) })
        else { return nil }
        return Money(minorUnits: Int64(balance.amount), currency)
    }

    /// `text` without the spaces around it; nil if nothing is left.
    private func present(_ text: String?) -> String? {
        guard let text else { return nil }
        let bytes = text.utf8
        guard let first = bytes.firstIndex(where: { $0 != 0x20 }), let last = bytes.lastIndex(where: { $0 != 0x20 })
        else { return nil }
        return String(text[first...last])
    }
}
