import EMV
import PaymentCryptography
public import Payments
import Wire

extension TestAccount {
    /// What a terminal collects for field 55 from this account's card when the card asks its issuer, with a genuine
    /// cryptogram: a card for worlds in which no kernel runs. `counter` is the card's own, `number` the terminal's
    /// unpredictable one.
    public func chipData(
        amount: Money, time: LocalDateTime, counter: UInt16, number: UInt32
    ) throws(CardError) -> [UInt8] {
        do {
            let issuerData: [UInt8] = [0x07, 0x01, 0x01, 0x03, 0xA0, 0x00, 0x00, 0x01]
            let profile: [UInt8] = [0x7C, 0x00]
            let count = [UInt8(counter >> 8), UInt8(counter & 0xFF)]
            let terminal: [(tag: TLV.Tag, value: [UInt8])] = [
                (.amount, try BCD.encode(Digits.padded(amount.minorUnits, 12))),
                (.otherAmount, [UInt8](repeating: 0, count: 6)), (.terminalCountry, [0x01, 0x56]),
                (.tvr, [0x00, 0x00, 0x04, 0x80, 0x00]), (.transactionCurrency, [0x01, 0x56]),
                (.transactionDate, try BCD.encode(time.yymmdd)), (.transactionType, [0x00]),
                (.unpredictableNumber, (0..<4).map { UInt8(truncatingIfNeeded: number >> (24 - 8 * $0)) }),
            ]
            let cryptogram = try CardKeys(account: self, version: issuerData[2]).cryptogram(
                over: terminal.flatMap(\.value) + profile + count + issuerData[3..<7], counter: counter)
            let own: [(tag: TLV.Tag, value: [UInt8])] = [
                (.cryptogramInformation, [0x80]), (.atc, count), (.cryptogram, cryptogram),
                (.issuerApplicationData, issuerData), (.aip, profile),
            ]
            return TLV.encode((own + terminal).map { TLV($0.tag, $0.value) })
        } catch {
            throw CardError("chip data", "\(error)")
        }
    }
}
