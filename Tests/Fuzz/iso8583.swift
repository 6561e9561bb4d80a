import ISO8583

/// A message that can be decoded encodes to the bytes it came in, and its parts can be read.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    let bytes = [UInt8](UnsafeBufferPointer(start: start, count: count))
    guard let message = try? Message(decoding: bytes) else { return 0 }
    precondition(message.encoded == bytes)
    var copy = Message(message.mti)
    for field in message.fields {
        if let text = message.text(field), let pad = Optional(message.padNibble(field) ?? 0) {
            precondition((try? copy.set(field, text, pad: pad)) != nil)
        } else if let content = message.bytes(field) {
            precondition((try? copy.set(field, content)) != nil)
        }
    }
    precondition(copy.encoded == bytes)
    let content = message.bytes(62) ?? []
    let text = message.text(62) ?? ""
    _ = try? TaggedText.decode(message.bytes(59) ?? [])
    _ = try? WorkingKeys(decoding: content)
    _ = try? ParameterList(decoding: content)
    _ = try? CodedValues(decoding: content, lengths: CodedValues.parameters)
    _ = try? MailOrder(decoding: content)
    _ = try? Instalment.Reply(decoding: text)
    _ = try? ChipUpload(decoding: text)
    _ = try? SerialNumber(decoding: text)
    _ = try? SettlementTotals(decoding: message.text(48) ?? "")
    _ = try? BatchDetails(decoding: message.text(48) ?? "")
    _ = try? Balance(decoding: message.text(54) ?? "")
    _ = try? TransactionType(decoding: message.text(60) ?? "")
    _ = try? OriginalTransaction(decoding: message.text(61) ?? "")
    _ = (try? Remarks(decoding: message.bytes(63) ?? []))?.text
    return 0
}
