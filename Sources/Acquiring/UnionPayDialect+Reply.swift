public import ISO8583
public import PaymentCryptography
public import Payments
import Wire

extension UnionPayDialect {
    /// What a received frame is to a request that waits for its reply.
    public enum Inspection: Equatable, Sendable {
        /// The reply, its MAC checked where it has one.
        case reply(Message)
        /// Not readable, or the answer to something else; the wait goes on. Why, without any value.
        case foreign(String)
        /// The reply, with a wrong MAC; the wait ends.
        case badMAC
        /// An approval that nothing authenticates; the wait ends as if no reply had come.
        case unauthenticated
    }

    /// Looks at a frame's body (TPDU to last field). The reply has the request's type + 10, its fields 3, 11, 41 and
    /// 42, and its amount; TPDU and header are not looked at. `macKey` is nil for messages without a MAC.
    public func inspect(_ body: [UInt8], for request: Message, macKey: CipherKey?) -> Inspection {
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
        if let amount = reply.bytes(4), amount != request.bytes(4) { return .foreign("another amount") }
        guard let code = reply.text(39), code.utf8.count == 2 else { return .foreign("no field 39") }
        let isApproval = ResponseCode(code).kind == .approved
        guard let macKey else { return .reply(reply) }
        if let mac = reply.bytes(64) {
            guard let expected = try? MessageAuthentication.unionPayECB(macKey, over: reply.macInput),
                ConstantTime.equals(expected, Array(mac))
            else { return .badMAC }
        } else if isApproval, options.unauthenticatedApproval == .noReply {
            return .unauthenticated
        }
        // An approval of no stated amount is an approval of nothing.
        if isApproval, request.mti == 0x0200, !reply.has(4) { return .foreign("no amount") }
        return .reply(reply)
    }

    /// What a reply to a financial request says.
    public func reply(_ message: Message) -> Reply {
        let code = ResponseCode(message.text(39) ?? "")
        let institutions = trimmed(message, 44, 0..<11) ?? ""
        let time: AcquirerTime? =
            if let date = message.text(13), let time = message.text(12) {
                AcquirerTime(date: date, time: time)
            } else {
                nil
            }
        return Reply(
            verdict: code.kind == .approved ? .approved : .declined, code: message.text(39) ?? "", text: code.text,
            rrn: trimmed(message, 37), authorizationCode: trimmed(message, 38), settlementDate: message.text(15),
            acquirerTime: time, issuer: institutions.isEmpty ? nil : institutions,
            acquirer: trimmed(message, 44, 11..<22), scheme: trimmed(message, 63, 0..<3),
            remark: remark(message), chipData: message.bytes(55).map(Array.init) ?? [])
    }

    /// The batch in the second part of field 60.
    public func batch(_ message: Message) -> BatchNumber? {
        guard let text = message.text(60), text.utf8.count >= 8 else { return nil }
        return Int(text.dropFirst(2).prefix(6)).flatMap { BatchNumber($0) }
    }

    /// Text of a field, or of the bytes `part` of it, without the spaces around; nil if nothing is left.
    private func trimmed(_ message: Message, _ field: Int, _ part: Range<Int>? = nil) -> String? {
        guard let bytes = message.bytes(field) else { return nil }
        let slice = part.map { bytes.dropFirst($0.lowerBound).prefix($0.count) } ?? bytes
        guard let text = GB18030.decodeClean(slice) else { return nil }
        let kept = text.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed()
        return kept.isEmpty ? nil : String(kept)
    }

    /// 63.2: issuer 20, UnionPay 20, acquirer 20, terminal 60 bytes, those that say something.
    private func remark(_ message: Message) -> String? {
        let parts = [3..<23, 23..<43, 43..<63, 63..<123].compactMap { trimmed(message, 63, $0) }
        return parts.isEmpty ? nil : parts.joined(separator: " ")
    }
}
