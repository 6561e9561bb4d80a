import EMV
import PaymentCryptography
public import Payments
import Wire

/// The issuer of the simulated cards, as the acquirer reaches it: knows accounts, PINs and opening balances, checks
/// cryptograms and answers with its own. Holds no balances and no counters: those are the ledger's.
public struct CardIssuer: Sendable {
    /// The cards it has issued.
    public let accounts: [TestAccount]

    /// The issuer of `accounts`; those of the card library by default.
    public init(accounts: [TestAccount] = CardLibrary.accounts) { self.accounts = accounts }

    /// The account with this number; with a sequence number, the very card. Nil if it was never issued.
    public func account(_ pan: PAN, sequenceNumber: Int? = nil) -> TestAccount? {
        let digits = pan.digits
        return accounts.first {
            $0.number == digits && (sequenceNumber ?? $0.sequenceNumber) == $0.sequenceNumber
        }
    }

    /// Checks the application cryptogram in `chipData` (field 55: 9F26 9F27 9F10 9F36 82 and what the cryptogram
    /// covers). `sequenceNumber` is field 23; nil counts as 0 (EMV 4.4 Book 2, A1.4.1).
    public func check(chipData: [UInt8], pan: PAN, sequenceNumber: Int?) -> CryptogramCheck {
        guard let account = account(pan), (sequenceNumber ?? 0) == account.sequenceNumber else { return .unknownCard }
        guard let objects = try? TLV.parse(chipData) else { return .malformed }
        let values = Dictionary(objects.map { ($0.tag, Array($0.value)) }) { first, _ in first }
        guard let cryptogram = values[.cryptogram], cryptogram.count == 8,
            let information = values[.cryptogramInformation]?.first,
            let type = ChipResult.CryptogramType(cryptogramInformation: information),
            let issuerData = values[.issuerApplicationData],
            let method = CryptogramMethod(account.scheme, issuerApplicationData: issuerData),
            let unpredictable = values[.unpredictableNumber],
            let counter = values[.atc], counter.count == 2, let profile = values[.aip], profile.count == 2,
            CryptogramData.terminalObjects.allSatisfy({ values[$0.tag]?.count == $0.length })
        else { return .malformed }
        let number = UInt16(counter[0]) << 8 | UInt16(counter[1])
        guard let keys = try? CardKeys.of(account, version: method.version),
            let expected = try? keys.cryptogram(
                over: CryptogramData.bytes(
                    values: values, profile: profile, counter: counter, issuerApplicationData: issuerData, method),
                counter: number, number: unpredictable)
        else { return .malformed }
        guard expected == cryptogram else { return .wrong }
        return .genuine(
            GenuineCryptogram(
                account: account, type: type, counter: number, value: cryptogram,
                verificationResults: method.results(in: issuerData), keys: keys))
    }
}
