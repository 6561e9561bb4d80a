import EMV
import Wire

/// Commands of the issuer after it was asked, each closed by a four-byte MAC (EMV 4.4 Book 2, 9; Book 3, 10.10).
extension CardApplicationState {
    /// CARD BLOCK (16; the card does the rest), APPLICATION UNBLOCK (18), APPLICATION BLOCK (1E), PIN UNBLOCK and CHANGE (24),
    /// PUT DATA (DA) of the offline limits.
    mutating func script(_ command: CommandAPDU) -> Response {
        guard payment.stage == .awaitingIssuer || payment.stage == .finished(wasOnline: true) else {
            return Response([], .conditionsNotSatisfied)
        }
        let response = carryOut(command)
        if response.status == .success {
            memory.scripts = min(15, memory.scripts + 1)
        } else {
            memory.scriptFailed = true
        }
        return response
    }

    private mutating func carryOut(_ command: CommandAPDU) -> Response {
        guard command.data.count >= 4 else { return Response([], .wrongLength) }
        let data = Array(command.data.dropLast(4))
        let header = [command.cla, command.ins, command.p1, command.p2, UInt8(truncatingIfNeeded: command.data.count)]
        let expected = try? keys.scriptMAC(
            header: header, data: data, counter: counter, cryptogram: payment.cryptogram)
        guard expected == Array(command.data.suffix(4)) else { return Response([], .secureMessagingIncorrect) }
        switch command.ins {
        case 0x16: break
        case 0x18: isBlocked = false
        case 0x1E: isBlocked = true
        case 0x24 where command.p2 == 0x00 && data.isEmpty: pin.unblock()
        case 0x24 where command.p2 == 0x02:
            guard let block = keys.decipher(data, counter: counter, cryptogram: payment.cryptogram),
                pin.change(to: block)
            else { return Response([], .wrongData) }
        case 0x24: return Response([], .wrongParameters)
        default: return putData(TLV.Tag(rawValue: UInt32(command.p1) << 8 | UInt32(command.p2)), data)
        }
        return Response()
    }

    private mutating func putData(_ tag: TLV.Tag, _ data: [UInt8]) -> Response {
        guard let value = data.first, data.count == 1 else { return Response([], .wrongData) }
        switch tag {
        case Self.lowerOfflineLimitTag: lowerOfflineLimit = value
        case Self.upperOfflineLimitTag: upperOfflineLimit = value
        default: return Response([], .dataNotFound)
        }
        return Response()
    }
}
