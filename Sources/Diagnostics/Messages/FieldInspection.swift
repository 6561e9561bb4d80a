import ISO8583
import Wire

/// One field of a message for a reader: its value, masked where it must be, and what its parts say.
struct FieldInspection {
    private let message: Message
    private let field: Int
    private let reveal: Bool

    init(_ message: Message, _ field: Int, reveal: Bool) {
        self.message = message
        self.field = field
        self.reveal = reveal
    }

    /// Digits, text, or hexadecimal by the kind of field; hexadecimal where text is not clean GBK.
    var value: String {
        let bytes = message.bytes(field) ?? []
        guard let text = message.text(field) else {
            if reveal { return Hex.encode(bytes) }
            switch field {
            case 55: return (try? TLVInspection(Array(bytes)))?.maskedHex() ?? Masking.bytes(bytes)
            case 28, 64: return Hex.encode(bytes)
            default: return Masking.bytes(bytes)
            }
        }
        guard !reveal else { return text }
        switch field {
        case 2: return Masking.accountNumber(text)
        case 35, 36: return Masking.track(text)
        case 48: return maskedDetails(text)
        case 62: return maskedPrivate(text)
        case 43, 46, 47, 56...59, 63: return Masking.longNumbers(text)
        default: return text
        }
    }

    /// A batch upload lists account numbers.
    private func maskedDetails(_ text: String) -> String {
        guard [0x0320, 0x0330].contains(message.mti.rawValue), text.utf8.count > 4 else { return text }
        guard let details = try? BatchDetails(decoding: text) else { return Masking.stars(text.count) }
        let masked = details.records.map { record in
            var record = record
            record.accountNumber = Masking.accountNumber(record.accountNumber)
            return record
        }
        return BatchDetails(masked).encoded
    }

    /// A mail order tells the CVN2 and the customer's document, name and phone; a load tells another account number.
    /// Management, batch uploads, instalments and points hold long numbers that are none.
    private func maskedPrivate(_ text: String) -> String {
        if let order = try? MailOrder(decoding: Array(text.utf8)) {
            let masked = MailOrder(order.items.map { TaggedText($0.tag, Masking.stars($0.value.count)) })
            return String(decoding: masked.encoded, as: UTF8.self)
        }
        let isHarmless =
            [0x0300, 0x0500, 0x0800].contains(message.mti.rawValue & 0xFF00)
            || ["64", "65"].contains(message.text(25))
        return isHarmless ? text : Masking.longNumbers(text)
    }

    /// The parts of the value, a line each; empty where the field has none that are known.
    var lines: [Line] {
        let text = message.text(field)
        let bytes = message.bytes(field) ?? []
        switch field {
        case 3: return text.map { [Line("", FieldMeaning.processing($0))] } ?? []
        case 22: return text.map { [Line("", FieldMeaning.entry($0))] } ?? []
        case 25: return text.flatMap { FieldMeaning.condition[$0] }.map { [Line("", $0)] } ?? []
        case 39: return text.flatMap { FieldMeaning.response[$0] }.map { [Line("", $0)] } ?? []
        case 44: return institutions(bytes)
        case 48: return additional(text ?? "")
        case 53: return text.map(FieldMeaning.security) ?? []
        case 54: return balance(text ?? "")
        case 55: return (try? TLVInspection(Array(bytes)))?.lines(reveal: reveal) ?? [Line("", "no BER-TLV")]
        case 59: return (try? TaggedText.decode(bytes)).map(tagged) ?? []
        case 60: return transactionType(text ?? "")
        case 61: return original(text ?? "")
        case 62: return privateUse(text, bytes)
        case 63: return remarks(bytes)
        default: return []
        }
    }

    private func institutions(_ bytes: ArraySlice<UInt8>) -> [Line] {
        let parts = Institutions(decoding: bytes)
        return [Line("44.1", "Issuer", parts.issuer), Line("44.2", "Acquirer", parts.acquirer)]
    }

    private func additional(_ text: String) -> [Line] {
        if let totals = try? SettlementTotals(decoding: text) {
            return [("domestic", totals.domestic), ("foreign", totals.foreign)].flatMap { name, side in
                [
                    Line(name, "debit", "\(side.debitAmount) in \(side.debitCount)"),
                    Line("", "credit", "\(side.creditAmount) in \(side.creditCount)"),
                    Line("", "agreement", FieldMeaning.agreement[side.agreement.rawValue] ?? "unknown"),
                ]
            }
        }
        guard let details = try? BatchDetails(decoding: text) else { return [] }
        return details.records.map { record in
            let account = reveal ? record.accountNumber : Masking.accountNumber(record.accountNumber)
            return Line(
                record.trace, record.organisation == "00" ? "domestic" : "foreign", "\(account)  \(record.amount)")
        }
    }

    private func balance(_ text: String) -> [Line] {
        guard let balance = try? Balance(decoding: text) else { return [] }
        return [
            Line("54.1", "Account type", balance.accountType), Line("54.2", "Amount type", balance.amountType),
            Line("54.3", "Currency", balance.currency), Line("54.4", "Amount", String(balance.amount)),
        ]
    }

    private func tagged(_ objects: [TaggedText]) -> [Line] {
        let names = ["A2": "Terminal hardware", "A3": "Payment code", "A4": "Payment voucher number"]
        return objects.map { object in
            if object.tag == "A2", let nested = try? TaggedText.decode(object.value) {
                return Line(object.tag, names[object.tag] ?? "", "", nested.map { tagged($0, "") })
            }
            return tagged(object, names[object.tag] ?? "Unknown")
        }
    }

    private func tagged(_ object: TaggedText, _ name: String) -> Line {
        let value =
            if let text = object.text {
                reveal ? text : Masking.longNumbers(text)
            } else {
                reveal ? Hex.encode(object.value) : Masking.bytes(object.value)
            }
        return Line(object.tag, name, value)
    }

    private func transactionType(_ text: String) -> [Line] {
        guard let type = try? TransactionType(decoding: text) else { return [] }
        let parts: [(String, String, String?)] = [
            ("60.1", "Transaction", described(type.kind, FieldMeaning.kind)), ("60.2", "Batch", type.batch),
            ("60.3", "Network function", type.function.map { described($0, FieldMeaning.function) }),
            ("60.4", "Terminal capability", type.capability.map { described($0, FieldMeaning.capability) }),
            ("60.5", "Chip condition", type.chipCondition.map { described($0, FieldMeaning.chipCondition) }),
            ("60.6", "Partial approval", type.partialApproval), ("60.7", "Account type", type.accountType),
            ("", "More", type.rest.isEmpty ? nil : type.rest),
        ]
        return parts.compactMap { label, name, value in value.map { Line(label, name, $0) } }
    }

    private func described(_ code: String, _ meanings: [String: String]) -> String {
        meanings[code].map { "\(code) \($0)" } ?? code
    }

    private func original(_ text: String) -> [Line] {
        guard let original = try? OriginalTransaction(decoding: text) else { return [] }
        let parts: [(String, String, String?)] = [
            ("61.1", "Batch", original.batch), ("61.2", "Trace number", original.trace),
            ("61.3", "Date", original.date), ("61.4", "Authorisation mode", original.authorizationMode),
            ("61.5", "Institution", original.institution),
        ]
        return parts.compactMap { label, name, value in value.map { Line(label, name, $0) } }
    }

    private func remarks(_ bytes: ArraySlice<UInt8>) -> [Line] {
        guard let remarks = try? Remarks(decoding: bytes) else { return [] }
        let parts: [(String, String, [UInt8])] = [
            ("63.2.1", "Issuer's remark", remarks.issuer), ("63.2.2", "Scheme's remark", remarks.scheme),
            ("63.2.3", "Acquirer's remark", remarks.acquirer), ("63.2.4", "Terminal's remark", remarks.terminal),
        ]
        return [Line("63.1", "Operator or organisation", remarks.organisation)]
            + parts.compactMap { label, name, bytes in
                guard let text = GB18030.decodeClean(bytes), text.contains(where: { $0 != " " }) else { return nil }
                return Line(label, name, reveal ? text : Masking.longNumbers(text))
            }
    }

    /// Field 62 has a meaning of its own for each kind of message.
    private func privateUse(_ text: String?, _ bytes: ArraySlice<UInt8>) -> [Line] {
        let type = message.text(60).flatMap { try? TransactionType(decoding: $0) }
        switch (message.mti.rawValue & 0xFFEF, type?.function) {
        case (0x0800, "001"?), (0x0800, "003"?), (0x0800, "004"?), (0x0800, "005"?), (0x0800, "006"?):
            return signIn(text, bytes)
        case (0x0820, "362"?): return coded(bytes, CodedValues.status)
        case (0x0800, "360"?): return coded(bytes, CodedValues.parameters)
        case (0x0820, "372"?), (0x0820, "382"?), (0x0800, "370"?), (0x0800, "380"?): return parameters(bytes)
        case (0x0320, _): return chipUpload(text ?? "")
        case (0x0200, _) where message.text(25) == "64": return instalment(text ?? "")
        case (0x0200, _) where message.text(25) == "65" && message.mti.isReply: return points(text ?? "")
        default: return mailOrder(bytes)
        }
    }

    private func signIn(_ text: String?, _ bytes: ArraySlice<UInt8>) -> [Line] {
        if let text, let serial = try? SerialNumber(decoding: text) {
            return [Line("", "Licence and serial number", serial.value)]
        }
        guard let keys = try? WorkingKeys(decoding: bytes) else { return [] }
        let named: [(String, WorkingKeys.Key?)] = [
            ("PIN key", keys.pin), ("MAC key", keys.mac), ("Track key", keys.track),
        ]
        return named.compactMap { name, key in
            key.map { key in
                Line(
                    "", name, reveal ? Hex.encode(key.cipher) : Masking.bytes(key.cipher),
                    [Line("", "Check value", Hex.encode(key.checkValue))])
            }
        }
    }

    private func coded(_ bytes: ArraySlice<UInt8>, _ lengths: [String: Int]) -> [Line] {
        guard let values = try? CodedValues(decoding: bytes, lengths: lengths) else { return [] }
        return values.items.map { item in
            Line(item.code, FieldMeaning.parameter[item.code] ?? "", GB18030.decodeClean(item.value) ?? "")
        }
    }

    private func parameters(_ bytes: ArraySlice<UInt8>) -> [Line] {
        guard let list = try? ParameterList(decoding: bytes), let first = list.objects.first,
            first.tag == 0x9F06, let objects = try? TLVInspection(TLV.encode(list.objects))
        else { return [] }
        let progress = String(decoding: [list.progress.rawValue], as: UTF8.self)
        return [Line("", "Progress", progress)] + objects.lines(reveal: reveal)
    }

    private func chipUpload(_ text: String) -> [Line] {
        guard let upload = try? ChipUpload(decoding: text) else { return [] }
        return [
            Line(
                "", upload.kind == .certificate ? "Certificate" : "Failure", upload.isForeign ? "foreign" : "domestic"),
            Line("", "Amount", "\(upload.amount) \(upload.currency)"),
        ]
    }

    private func instalment(_ text: String) -> [Line] {
        guard message.mti.isReply else {
            guard let request = try? Instalment.Request(decoding: text) else { return [] }
            return [Line("", "Periods", String(request.periods)), Line("", "Project", request.project)]
        }
        guard let reply = try? Instalment.Reply(decoding: text) else { return [] }
        return [
            Line("", "First payment", "\(reply.firstPayment) \(reply.currency)"), Line("", "Fee", String(reply.fee)),
            Line("", "Bonus points", String(reply.points)),
            Line("", "Fee mode", reply.feeMode == "0" ? "at once" : "by period"),
            Line("", "Fee of the first period", String(reply.firstFee)),
            Line("", "Fee of each period", String(reply.periodFee)),
        ]
    }

    private func points(_ text: String) -> [Line] {
        guard let reply = try? PointsReply(decoding: text) else { return [] }
        return [Line("", "Points used", String(reply.used)), Line("", "Paid", String(reply.paid))]
            + (reply.balance.map { [Line("", "Points left", String($0))] } ?? [])
    }

    private func mailOrder(_ bytes: ArraySlice<UInt8>) -> [Line] {
        guard let order = try? MailOrder(decoding: bytes) else { return [] }
        let names = [
            "CV": "CVN2", "SF": "Checks asked for", "TX": "Document", "ID": "Document", "NM": "Name", "PH": "Phone",
        ]
        return order.items.map { item in
            let shown = reveal ? item.text ?? Hex.encode(item.value) : Masking.stars(item.value.count)
            return Line(item.tag, names[item.tag] ?? "Unknown", shown)
        }
    }
}
