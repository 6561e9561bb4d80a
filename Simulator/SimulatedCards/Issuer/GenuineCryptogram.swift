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
    /// Card verification results, four bytes of the issuer application data, six of Mastercard's.
    public let verificationResults: [UInt8]
    let keys: CardKeys

    /// Issuer authentication data (91): the cryptogram of method 1 and the response code, the two characters of field
    /// 39; or that of method 2 and a card status update, which says whether the issuer approves. Throws for another
    /// number of characters.
    public func issuerAuthenticationData(responseCode: String) throws(CardError) -> TLV {
        let approves: [UInt8] = [0x00, responseCode == "00" ? 0x80 : 0x00, 0x00, 0x00]
        let code = keys.method.answersByMethod2 ? approves : Array(responseCode.utf8)
        do {
            return TLV(.issuerAuthenticationData, try keys.response(to: value, code: code, counter: counter))
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
            do {
                var data = try command.data()
                if case .changePIN = command {
                    data = try keys.encipher(data, counter: counter, cryptogram: value)
                }
                let header = command.header + [UInt8(data.count + 4)]
                let code = try keys.scriptMAC(header: header, data: data, counter: counter, cryptogram: value)
                objects.append(TLV(.scriptCommand, header + data + code))
            } catch {
                throw CardError("issuer script", error.description)
            }
        }
        return TLV(template, TLV.encode(objects))
    }
}
