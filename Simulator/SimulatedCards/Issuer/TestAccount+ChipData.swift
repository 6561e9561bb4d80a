import EMV
import PaymentCryptography
public import Payments
import Wire

extension TestAccount {
    /// What a terminal collects for field 55 from this account's card, with a genuine cryptogram: a card for worlds in
    /// which no kernel runs. `counter` is the card's own, `number` the terminal's unpredictable one, `transactionType`
    /// the first two digits of field 3 (9C), `cryptogram` what the card answers: it asks its issuer, or has approved
    /// (TC) or declined (AAC).
    public func chipData(
        amount: Money, time: LocalDateTime, counter: UInt16, number: UInt32, transactionType: UInt8 = 0x00,
        cryptogram type: ChipResult.CryptogramType = .arqc
    ) throws(CardError) -> [UInt8] {
        do {
            let method = CryptogramMethod(scheme, version: scheme.cryptogramVersion)
            let issuerData = method.issuerApplicationData(results: [0x03, 0xA0, 0x00, 0x00])
            let information: UInt8 =
                switch type {
                case .tc: 0x40
                case .arqc: 0x80
                case .aac: 0x00
                }
            let profile: [UInt8] = [0x7C, 0x00]
            let count = [UInt8(counter >> 8), UInt8(counter & 0xFF)]
            let terminal: [(tag: TLV.Tag, value: [UInt8])] = [
                (.amount, try BCD.encode(Digits.padded(amount.minorUnits, 12))),
                (.otherAmount, [UInt8](repeating: 0, count: 6)), (.terminalCountry, [0x01, 0x56]),
                (.tvr, [0x00, 0x00, 0x04, 0x80, 0x00]), (.transactionCurrency, [0x01, 0x56]),
                (.transactionDate, try BCD.encode(time.yymmdd)), (.transactionType, [transactionType]),
                (.unpredictableNumber, (0..<4).map { UInt8(truncatingIfNeeded: number >> (24 - 8 * $0)) }),
            ]
            let cryptogram = try CardKeys.of(self, version: method.version).cryptogram(
                over: terminal.flatMap(\.value) + profile + count + method.covered(issuerData), counter: counter,
                number: terminal.last?.value ?? [])
            let own: [(tag: TLV.Tag, value: [UInt8])] = [
                (.cryptogramInformation, [information]), (.atc, count), (.cryptogram, cryptogram),
                (.issuerApplicationData, issuerData), (.aip, profile),
            ]
            return TLV.encode((own + terminal).map { TLV($0.tag, $0.value) })
        } catch {
            throw CardError("chip data", "\(error)")
        }
    }
}
