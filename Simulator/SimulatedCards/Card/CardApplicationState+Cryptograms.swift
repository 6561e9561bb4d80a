import EMV
import PaymentCryptography
import Payments
import Wire

/// What the card signs and what it checks (EMV 4.4 Book 2, 6 and 8; Book 3, 6.5.4, 6.5.5, 6.5.9).
extension CardApplicationState {
    /// INTERNAL AUTHENTICATE: dynamic data authentication.
    mutating func internalAuthenticate(_ command: CommandAPDU, random: inout SeededBytes) -> Response {
        guard payment.stage == .initiated, let key, profile.authentication >= .dda else {
            return Response([], .conditionsNotSatisfied)
        }
        guard command.p1 == 0, command.p2 == 0 else { return Response([], .wrongParameters) }
        let asked = profile.ddol.isEmpty ? 4 : DataObjectList(profile.ddol).length
        guard command.data.count == asked else { return Response([], .wrongLength) }
        let number = random.next(8)
        guard
            let signed = try? Certificate.dynamicData(
                [8] + number, hashed: command.data, signedBy: key, habit.flaws(of: .dynamicData))
        else { return Response([], .internalError) }
        payment.dynamicAuthenticationDone = true
        return answer([TLV(.signedDynamicData, signed)])
    }

    /// EXTERNAL AUTHENTICATE: the issuer's cryptogram and response code, once a payment.
    mutating func externalAuthenticate(_ command: CommandAPDU) -> Response {
        guard profile.issuerAuthentication == .externalAuthenticate, payment.stage == .awaitingIssuer,
            payment.issuerIsGenuine == nil
        else { return Response([], .conditionsNotSatisfied) }
        guard command.p1 == 0, command.p2 == 0 else { return Response([], .wrongParameters) }
        guard command.data.count == (keys.method.answersByMethod2 ? 8 : 10) else { return Response([], .wrongLength) }
        checkIssuer(command.data)
        return Response([], payment.issuerIsGenuine == true ? .success : .authenticationFailed)
    }

    /// GENERATE AC, first or second.
    mutating func generateCryptogram(_ command: CommandAPDU, random: inout SeededBytes) -> Response {
        let isSecond = payment.stage == .awaitingIssuer
        guard isSecond || payment.stage == .initiated else { return Response([], .conditionsNotSatisfied) }
        guard let asked = ChipResult.CryptogramType(cryptogramInformation: command.p1), command.p2 == 0 else {
            return Response([], .wrongParameters)
        }
        let list = DataObjectList(isSecond ? profile.cdol2 : profile.cdol1)
        guard let values = list.values(in: command.data) else { return Response([], .wrongLength) }
        if isSecond, profile.issuerAuthentication == .secondCryptogram,
            let issuerData = values[.issuerAuthenticationData], issuerData.contains(where: { $0 != 0 })
        {
            checkIssuer(issuerData)
        }
        let code = values[.authorizationResponseCode].map { String(decoding: $0, as: UTF8.self) }
        payment.issuerIsUnreachable = isSecond && (code == "Y3" || code == "Z3")
        let wantsCombined = command.p1 & 0x10 != 0 && profile.authentication == .cda
        let type = habit.decision(isSecond: isSecond) ?? (isSecond ? decideAgain(asked) : decide(asked))
        if wantsCombined, type != .aac { payment.dynamicAuthenticationDone = true }
        let issuerData = issuerApplicationData(first: isSecond ? .arqc : type, second: isSecond ? type : nil)
        guard
            let cryptogram = try? keys.cryptogram(
                over: CryptogramData.bytes(
                    values: values, profile: profile.interchangeProfile, counter: bytes(counter),
                    issuerApplicationData: issuerData, keys.method),
                counter: counter, number: values[.unpredictableNumber] ?? [])
        else { return Response([], .internalError) }

        let objects = [
            TLV(.cryptogramInformation, [type.controlBits]), TLV(.atc, bytes(counter)),
            TLV(.cryptogram, cryptogram), TLV(.issuerApplicationData, issuerData),
        ]
        let response: Response
        if wantsCombined, type != .aac, let key {
            let known = payment.optionsData + payment.firstData + command.data
            guard
                let signed = try? combined(objects, cryptogram, type, known, values, key: key, random: &random)
            else { return Response([], .internalError) }
            response = signed
        } else {
            response = answer(objects)
        }
        if isSecond {
            finish(type)
        } else {
            begin(type, cryptogram: cryptogram, data: command.data)
        }
        return response
    }

    /// The answer of combined authentication: the cryptogram inside the signature (Book 2, 6.6.1).
    func combined(
        _ objects: [TLV], _ cryptogram: [UInt8], _ type: ChipResult.CryptogramType, _ known: [UInt8],
        _ values: [TLV.Tag: [UInt8]], key: RSAPrivateKey, random: inout SeededBytes
    ) throws(CryptographyError) -> Response {
        let visible = habit.edited(objects.filter { $0.tag != .cryptogram }, false)
        let flaws = habit.flaws(of: .dynamicData)
        let claimed = flaws.contains(.cryptogram) ? cryptogram.map { ~$0 } : cryptogram
        let hash = try Digest.sha1(known + TLV.encode(visible))
        let number = random.next(8)
        let signed = try Certificate.dynamicData(
            [8] + number + [type.controlBits] + claimed + hash, hashed: values[.unpredictableNumber] ?? [],
            signedBy: key, flaws)
        let signature = habit.edited([TLV(.signedDynamicData, signed)], false)
        return Response(
            TLV(.responseFormat2, TLV.encode(visible.prefix(2) + signature + visible.dropFirst(2))).encoded)
    }

    /// Card action analysis at the first GENERATE AC: never more than was asked for.
    private func decide(_ asked: ChipResult.CryptogramType) -> ChipResult.CryptogramType {
        guard asked != .aac else { return .aac }
        let wantsIssuer =
            profile.isOnlineOnly || memory.onlineNotCompleted || offlineApprovals >= lowerOfflineLimit
        return asked == .tc && !wantsIssuer ? .tc : .arqc
    }

    /// The card's last word.
    private func decideAgain(_ asked: ChipResult.CryptogramType) -> ChipResult.CryptogramType {
        guard asked == .tc, payment.issuerIsGenuine != false else { return .aac }
        guard payment.issuerIsUnreachable else { return .tc }
        return !profile.isOnlineOnly && offlineApprovals < upperOfflineLimit ? .tc : .aac
    }

    private mutating func checkIssuer(_ data: [UInt8]) {
        let code = keys.method.answersByMethod2 ? data.dropFirst(4).prefix(4) : data.dropFirst(8).prefix(2)
        let expected = try? keys.response(to: payment.cryptogram, code: Array(code), counter: counter)
        payment.issuerIsGenuine = expected == data
        memory.issuerAuthenticationFailed = payment.issuerIsGenuine == false
    }

    private mutating func begin(_ type: ChipResult.CryptogramType, cryptogram: [UInt8], data: [UInt8]) {
        payment.cryptogram = cryptogram
        payment.firstData = data
        memory = CardMemory()
        memory.onlineNotCompleted = type == .arqc
        payment.stage = type == .arqc ? .awaitingIssuer : .finished(wasOnline: false)
        if type == .tc { countOfflineApproval() }
    }

    private mutating func finish(_ type: ChipResult.CryptogramType) {
        memory.onlineNotCompleted = false
        memory.issuerAuthenticationMissing = payment.issuerIsGenuine == nil && !payment.issuerIsUnreachable
        payment.stage = .finished(wasOnline: !payment.issuerIsUnreachable)
        if payment.issuerIsGenuine == true {
            lastOnlineCounter = counter
            offlineApprovals = 0
        } else if type == .tc, payment.issuerIsUnreachable {
            countOfflineApproval()
        }
    }

    mutating func countOfflineApproval() {
        if offlineApprovals < UInt8.max { offlineApprovals += 1 }
    }

    /// Issuer application data (9F10) around the card verification results (JR/T 0025.5; the results' bits are those of the
    /// scheme's table).
    func issuerApplicationData(
        first: ChipResult.CryptogramType, second: ChipResult.CryptogramType?
    ) -> [UInt8] {
        let decisions = (second.map(\.controlBits) ?? 0x80) | first.controlBits >> 2
        var results: [UInt8] = [0x03, decisions, 0x00, 0x00]
        let bits: [(condition: Bool, index: Int, bit: UInt8)] = [
            (payment.issuerIsGenuine == false, 1, 0x08), (payment.pinWasChecked, 1, 0x04), (payment.pinFailed, 1, 0x02),
            (payment.issuerIsUnreachable, 1, 0x01),
            (second == nil && memory.onlineNotCompleted, 2, 0x80), (pin.triesLeft == 0, 2, 0x40),
            (offlineApprovals >= lowerOfflineLimit, 2, 0x20), (lastOnlineCounter == 0, 2, 0x10),
            (second == nil && memory.issuerAuthenticationFailed, 2, 0x08),
            (second == nil && memory.issuerAuthenticationMissing, 2, 0x04), (memory.scriptFailed, 3, 0x08),
            (payment.dynamicAuthenticationDone, 3, 0x02),
        ]
        for (_, index, bit) in bits.filter(\.condition) { results[index] |= bit }
        results[3] |= memory.scripts << 4
        return keys.method.issuerApplicationData(results: results)
    }
}
