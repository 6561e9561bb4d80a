import EMV
import PaymentCryptography
import Payments
import Wire

/// A tap: what the application does without contacts (EMV Contactless Books C-2, C-3, C-7).
extension CardApplicationState {
    /// Whether it can be selected on this interface.
    func isReached(_ interface: CardInterface) -> Bool {
        interface == .contact ? profile.hasContacts : profile.contactless != nil
    }

    /// Its entry (61) in the proximity payment systems environment (Book B, 3.3.2).
    var contactlessDirectoryEntry: [UInt8] {
        var objects = [TLV(.aid, profile.aid)] + names.filter { $0.tag != .applicationPriority }
        objects.append(TLV(.applicationPriority, [profile.priority & 0x0F]))
        if let side = profile.contactless, side.namesKernel {
            objects.append(TLV(.kernelIdentifier, [side.kernel.rawValue]))
        }
        return TLV.encode(habit.edited(objects, false))
    }

    /// The holder did what the device asked for.
    mutating func followInstructions() {
        if asksForDevice { isUnlocked = true }
        asksForDevice = false
    }

    /// GET PROCESSING OPTIONS: for kernel C-2 what to read, for the others the whole payment (Book C-3, 2.4.1).
    mutating func getContactlessOptions(_ command: CommandAPDU, random: inout SeededBytes) -> Response {
        guard let side = profile.contactless, !isBlocked, payment.stage == .selected, counter < UInt16.max else {
            return Response([], .conditionsNotSatisfied)
        }
        guard command.p1 == 0, command.p2 == 0 else { return Response([], .wrongParameters) }
        guard let objects = try? TLV.parse(command.data), objects.count == 1, let template = objects.first,
            template.tag == .commandTemplate
        else { return Response([], .wrongData) }
        guard let values = DataObjectList(side.pdol).values(in: Array(template.value)) else {
            return Response([], .wrongLength)
        }
        if side.kernel != .c2, needsDevice(side, isWanted: Self.wantsVerification(values)) {
            asksForDevice = true
            return Response([], .commandNotAllowed)
        }
        counter += 1
        payment.stage = .initiated
        payment.optionsData = Array(template.value)
        guard side.kernel != .c2 else {
            return respond([TLV(.aip, side.interchangeProfile), TLV(.afl, contactlessFiles.locator)])
        }
        return decideTap(side, values, random: &random)
    }

    /// The decision of a tap, and everything that the terminal needs of it.
    private mutating func decideTap(
        _ side: ContactlessProfile, _ values: [TLV.Tag: [UInt8]], random: inout SeededBytes
    ) -> Response {
        let wants = TerminalTransactionQualifiers(
            rawValue: (values[.terminalTransactionQualifiers] ?? []).reduce(0) { $0 << 8 | UInt32($1) })
        let type = habit.decision(isSecond: false) ?? decideTap(side, values, wants)
        let issuerData = issuerApplicationData(first: type, second: nil)
        guard let cryptogram = cryptogram(values, side.interchangeProfile, issuerData),
            let track2 = try? profile.track2(),
            let sequence = try? BCD.encode(Digits.padded(profile.account.sequenceNumber, 2))
        else { return Response([], .internalError) }
        let card = qualifiers(side, wants)
        var objects = [
            TLV(.aip, side.interchangeProfile), TLV(.track2, track2), TLV(.panSequenceNumber, sequence),
            TLV(.issuerApplicationData, issuerData), TLV(.cryptogram, cryptogram),
            TLV(.cryptogramInformation, [type.controlBits]), TLV(.atc, bytes(counter)),
            TLV(.cardTransactionQualifiers, card),
        ]
        let isProved = type == .tc || (type == .arqc && wants.contains(.authenticationOnline))
        if side.interchangeProfile[0] & 0x20 != 0, isProved, let key {
            let related = [0x01] + random.next(4) + card
            let covered = [.unpredictableNumber, .amount, .transactionCurrency].flatMap { (tag: TLV.Tag) in
                values[tag] ?? []
            }
            guard
                let signed = try? Certificate.dynamicData(
                    [2] + bytes(counter), hashed: covered + related, signedBy: key, habit.flaws(of: .dynamicData))
            else { return Response([], .internalError) }
            payment.dynamicAuthenticationDone = true
            objects.insert(TLV(.afl, contactlessFiles.locator), at: 1)
            objects += [TLV(.cardAuthenticationData, related), TLV(.signedDynamicData, signed)]
        }
        finishTap(type, cryptogram)
        return respond(objects)
    }

    /// Never more than the terminal allows, and by itself only what its own limits allow.
    private func decideTap(
        _ side: ContactlessProfile, _ values: [TLV.Tag: [UInt8]], _ wants: TerminalTransactionQualifiers
    ) -> ChipResult.CryptogramType {
        if approvesTap(side, values), !wants.contains(.onlineRequired) { return .tc }
        return wants.contains(.offlineOnly) ? .aac : .arqc
    }

    /// Whether it would approve this tap without its issuer.
    private func approvesTap(_ side: ContactlessProfile, _ values: [TLV.Tag: [UInt8]]) -> Bool {
        let amount = values[.amount].flatMap { try? BCD.decode($0) }.flatMap { Int64($0) } ?? Int64.max
        return amount <= side.offlineLimit && values[.transactionCurrency] == [0x01, 0x56]
            && !profile.isOnlineOnly && offlineApprovals < lowerOfflineLimit
    }

    /// Card transaction qualifiers (9F6C; Book C-3, A.2): what verification it wants, online if its proof fails, and
    /// whether the device has verified its holder.
    private func qualifiers(_ side: ContactlessProfile, _ wants: TerminalTransactionQualifiers) -> [UInt8] {
        guard wants.contains(.verificationRequired) || side.verification == .device else { return [0x20, 0x00] }
        return switch side.verification {
        case .none: [0x20, 0x00]
        case .onlinePIN: [0xA0, 0x00]
        case .signature: [0x60, 0x00]
        case .device: [0x20, isUnlocked ? 0x80 : 0x00]
        }
    }

    private static func wantsVerification(_ values: [TLV.Tag: [UInt8]]) -> Bool {
        ((values[.terminalTransactionQualifiers] ?? []).dropFirst().first ?? 0) & 0x40 != 0
    }

    private func needsDevice(_ side: ContactlessProfile, isWanted: Bool) -> Bool {
        side.verification == .device && isWanted && !isUnlocked
    }

    /// GENERATE AC of kernel C-2 (Book C-2, 5.4): one cryptogram, signed where that is asked for.
    mutating func generateContactlessCryptogram(_ command: CommandAPDU, random: inout SeededBytes) -> Response {
        guard let side = profile.contactless, side.kernel == .c2, payment.stage == .initiated else {
            return Response([], .conditionsNotSatisfied)
        }
        guard let asked = ChipResult.CryptogramType(cryptogramInformation: command.p1), command.p2 == 0 else {
            return Response([], .wrongParameters)
        }
        guard let values = DataObjectList(side.cdol1).values(in: command.data) else {
            return Response([], .wrongLength)
        }
        // CVM results that name the PIN of the device (Book C-2, A.1.33).
        let isDevices = (values[.cvmResults]?.first ?? 0) & 0x3F == 0x01
        let mustAsk = needsDevice(side, isWanted: isDevices)
        let decided = habit.decision(isSecond: false) ?? decideTap(side, values, asked: asked)
        let type = mustAsk ? ChipResult.CryptogramType.aac : decided
        let issuerData = issuerApplicationData(first: type, second: nil)
        guard let cryptogram = cryptogram(values, side.interchangeProfile, issuerData) else {
            return Response([], .internalError)
        }
        var objects = [
            TLV(.cryptogramInformation, [type.controlBits]), TLV(.atc, bytes(counter)),
            TLV(.cryptogram, cryptogram), TLV(.issuerApplicationData, issuerData),
        ]
        if side.verification == .device, mustAsk || isUnlocked {
            objects.append(TLV(.cardholderInteraction, [0x00, mustAsk ? 0x01 : 0x10, 0x00]))
        }
        asksForDevice = mustAsk
        let response: Response
        if command.p1 & 0x10 != 0, type != .aac, let key {
            payment.dynamicAuthenticationDone = true
            guard
                let signed = try? combined(
                    objects, cryptogram, type, payment.optionsData + command.data, values, key: key, random: &random)
            else { return Response([], .internalError) }
            response = signed
        } else {
            response = respond(objects)
        }
        finishTap(type, cryptogram)
        lastTap = DataObjectList(side.drdol).entries.isEmpty ? nil : LastTap(values: values, response: response)
        return response
    }

    private func decideTap(
        _ side: ContactlessProfile, _ values: [TLV.Tag: [UInt8]], asked: ChipResult.CryptogramType
    ) -> ChipResult.CryptogramType {
        guard asked == .tc else { return asked }
        return approvesTap(side, values) ? .tc : .arqc
    }

    /// RECOVER AC (Book C-2, 5.5): the answer to the last GENERATE AC again, for a terminal that shows by the same data
    /// that it asked for it and missed it.
    mutating func recoverCryptogram(_ command: CommandAPDU) -> Response {
        guard let side = profile.contactless, payment.stage == .initiated, let lastTap else {
            return Response([], .conditionsNotSatisfied)
        }
        guard let values = DataObjectList(side.drdol).values(in: command.data) else {
            return Response([], .wrongLength)
        }
        guard values.allSatisfy({ lastTap.values[$0.key] == $0.value }) else {
            return Response([], .conditionsNotSatisfied)
        }
        payment.stage = .finished(wasOnline: false)
        return lastTap.response
    }

    /// The payment is decided; the device locks itself.
    private mutating func finishTap(_ type: ChipResult.CryptogramType, _ cryptogram: [UInt8]) {
        payment.stage = .finished(wasOnline: type == .arqc)
        payment.cryptogram = cryptogram
        isUnlocked = false
        if type == .tc { countOfflineApproval() }
    }

    /// The application cryptogram over what the terminal sent.
    private func cryptogram(
        _ values: [TLV.Tag: [UInt8]], _ interchangeProfile: [UInt8], _ issuerData: [UInt8]
    ) -> [UInt8]? {
        try? keys.cryptogram(
            over: CryptogramData.bytes(
                values: values, profile: interchangeProfile, counter: bytes(counter),
                issuerApplicationData: issuerData, keys.method),
            counter: counter, number: values[.unpredictableNumber] ?? [])
    }

    /// Without contacts every answer is a template 77.
    private func respond(_ objects: [TLV]) -> Response {
        Response(TLV(.responseFormat2, TLV.encode(habit.edited(objects, false))).encoded)
    }
}

/// What the card gave last without contacts, for a terminal that missed it.
struct LastTap: Sendable {
    let values: [TLV.Tag: [UInt8]]
    let response: Response
}
