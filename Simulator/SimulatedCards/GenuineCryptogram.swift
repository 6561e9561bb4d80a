public import EMV
import PaymentCryptography
public import Payments
public import Wire

/// A cryptogram that the issuer has checked, and what it can answer to it.
public struct GenuineCryptogram: Sendable {
    /// The card's account.
    public let account: TestAccount
    /// TC, ARQC or AAC.
    public let type: ChipResult.CryptogramType
    /// The card's transaction counter: two cryptograms with the same one are a repeat.
    public let counter: UInt16
    /// The cryptogram itself, eight bytes.
    public let value: [UInt8]
    /// Card verification results, four bytes of the issuer application data.
    public let verificationResults: [UInt8]
    let keys: CardKeys

    /// Issuer authentication data (91): the cryptogram of method 1 and the response code, the two characters of field
    /// 39. Throws `wrongLength` for another number of characters.
    public func issuerAuthenticationData(responseCode: String) throws(CardError) -> TLV {
        let code = Array(responseCode.utf8)
        do {
            return TLV(.issuerAuthenticationData, try keys.response(to: value, code: code, counter: counter) + code)
        } catch {
            throw CardError("response code", error.description)
        }
    }

    /// A script template (71 for before, 72 for after the second GENERATE AC) with these commands, each with its MAC.
    public func script(
        _ commands: [IssuerCommand], identifier: [UInt8] = [0, 0, 0, 1], template: TLV.Tag = .script72
    ) throws(CardError) -> TLV {
        var objects = [TLV(.scriptIdentifier, identifier)]
        for command in commands {
            let header = command.header
            do {
                let code = try keys.scriptMAC(header: header, data: command.data, counter: counter, cryptogram: value)
                objects.append(TLV(.scriptCommand, header + command.data + code))
            } catch {
                throw CardError("issuer script", error.description)
            }
        }
        return TLV(template, TLV.encode(objects))
    }
}
