import PaymentCryptography
import Payments
import Wire

/// What was asked for with GENERATE AC.
struct CryptogramRequest: Equatable, Sendable {
    let type: ChipResult.CryptogramType
    /// Whether the answer must be signed (CDA).
    let isCombined: Bool
}

/// A cryptogram that the card gave.
struct Cryptogram: Equatable, Sendable {
    let type: ChipResult.CryptogramType
    /// The cryptogram (9F26); nil where its signature did not hold, for then it is not known.
    let value: [UInt8]?
}

// Card action analysis (EMV 4.4 Book 3, 10.8 and 6.5.5).
extension Session {
    mutating func requestFirstCryptogram(
        _ type: ChipResult.CryptogramType
    ) throws(KernelFailure) -> ContactKernel.Next {
        let list = try dataObjectList(.cdol1, clause: "Book 3, 10.8")
        cdol1Values = values(list)
        return try requestCryptogram(type, cdol1Values) { .firstCryptogram($0) }
    }

    func requestCryptogram(
        _ type: ChipResult.CryptogramType, _ values: [UInt8], _ step: (CryptogramRequest) -> Step
    ) throws(KernelFailure) -> ContactKernel.Next {
        let combined = authentication == .cda && !tvr.contains(.cdaFailed) && type != .aac
        guard let command = CommandAPDU.generateAC(type, combined: combined, values) else {
            throw KernelFailure(.badData, "the CDOL asks for too much", "Book 3, 6.5.5")
        }
        return transmit(command, step(CryptogramRequest(type: type, isCombined: combined)))
    }

    /// The list's values, the TC hash made first where it is asked for (Book 3, 5.4 and Book 2, 8).
    mutating func values(_ list: DOL) -> [UInt8] {
        if list.contains(.tcHash) {
            if card[.tdol] == nil { tvr.insert(.defaultTDOLUsed) }
            let tdol = try? DOL(card[.tdol] ?? parameters.defaultTDOL)
            card[.tcHash] = tdol.flatMap { try? Digest.sha1($0.values(value)) }
        }
        return list.values(value)
    }

    /// Takes a cryptogram into the session. Throws for one that is unreadable or that the terminal did not allow.
    /// Answers the type that counts: a signature that does not hold leaves it, but sets the bit in the TVR.
    mutating func receiveCryptogram(
        _ response: Response, _ request: CryptogramRequest, allowed: [ChipResult.CryptogramType]
    ) throws(KernelFailure) -> ChipResult.CryptogramType {
        guard response.status == .success else {
            throw KernelFailure(.badStatus, "GENERATE AC: \(response.status)", "Book 3, 6.5.5.5")
        }
        let answer = try CryptogramAnswer(response.data)
        guard let type = ChipResult.CryptogramType(cryptogramInformation: answer.information),
            allowed.contains(type)
        else {
            throw KernelFailure(
                .forbiddenCryptogram, "the card answered a cryptogram that was not allowed", "Book 3, 9.3")
        }
        tsi.insert(.cardRiskManagement)
        card[.cryptogramInformation] = [answer.information]
        card[.atc] = answer.counter
        if let data = answer.issuerApplicationData { card[.issuerApplicationData] = data }
        var value = answer.cryptogram
        if request.isCombined, type != .aac {
            tsi.insert(.dataAuthentication)
            value = verifyCombined(answer)
            if value == nil { tvr.insert(.cdaFailed) }
        } else if value == nil {
            throw KernelFailure(.badData, "9F26 is missing", "Book 3, 6.5.5.4")
        }
        card[.cryptogram] = value
        cryptogram = Cryptogram(type: type, value: value)
        return type
    }

    mutating func receiveFirstCryptogram(
        _ response: Response, _ request: CryptogramRequest
    ) throws(KernelFailure) -> ContactKernel.Next {
        let allowed: [ChipResult.CryptogramType] =
            switch request.type {
            case .tc: [.tc, .arqc, .aac]
            case .arqc: [.arqc, .aac]
            case .aac: [.aac]
            }
        switch try receiveCryptogram(response, request, allowed: allowed) {
        case .aac: return finish(.declinedOffline, code: "Z1")
        case .tc:
            let holds = !tvr.contains(.cdaFailed) || !request.isCombined
            return finish(holds ? .approvedOffline : .declinedOffline, code: holds ? "Y1" : "Z1")
        case .arqc:
            // A signature that fails ends at once with a decline (Book 4, 6.3.2.1).
            if request.isCombined, tvr.contains(.cdaFailed) { return try requestFinalCryptogram(.aac, code: "Z1") }
            if terminal.isOfflineOnly { return try completeWithoutIssuer() }
            return try goOnline()
        }
    }
}

/// The answer to GENERATE AC in either format (EMV 4.4 Book 3, 6.5.5.4).
struct CryptogramAnswer: Equatable, Sendable {
    /// Cryptogram information data (9F27).
    let information: UInt8
    /// Application transaction counter (9F36).
    let counter: [UInt8]
    /// Application cryptogram (9F26), in the clear.
    let cryptogram: [UInt8]?
    /// Signed dynamic application data (9F4B).
    let signature: [UInt8]?
    /// Issuer application data (9F10).
    let issuerApplicationData: [UInt8]?
    /// The objects of format 2, in order.
    let objects: [TLV]

    init(_ data: [UInt8]) throws(KernelFailure) {
        let clause = "Book 3, 6.5.5.4"
        guard let templates = try? TLV.parse(data), templates.count == 1 else {
            throw KernelFailure(.badData, "unreadable answer to GENERATE AC", clause)
        }
        let value = templates[0].value
        switch templates[0].tag {
        case .responseFormat1:
            guard (11...43).contains(value.count) else {
                throw KernelFailure(.badData, "an answer of \(value.count) bytes to GENERATE AC", clause)
            }
            let fields = Array(value)
            objects = []
            information = fields[0]
            counter = Array(fields[1..<3])
            cryptogram = Array(fields[3..<11])
            issuerApplicationData = fields.count > 11 ? Array(fields[11...]) : nil
            signature = nil
        case .responseFormat2:
            guard let parts = try? templates[0].children(), Set(parts.map(\.tag)).count == parts.count else {
                throw KernelFailure(.badData, "unreadable answer to GENERATE AC", clause)
            }
            let find = { (tag: TLV.Tag) in parts.first { $0.tag == tag }.map { Array($0.value) } }
            guard let type = find(.cryptogramInformation), type.count == 1, let atc = find(.atc), atc.count == 2,
                find(.cryptogram).map({ $0.count == 8 }) ?? true,
                find(.issuerApplicationData).map({ $0.count <= 32 }) ?? true
            else { throw KernelFailure(.badData, "9F27 or 9F36 is missing, or a length is wrong", clause) }
            objects = parts
            information = type[0]
            counter = atc
            cryptogram = find(.cryptogram)
            issuerApplicationData = find(.issuerApplicationData)
            signature = find(.signedDynamicData)
        default: throw KernelFailure(.badData, "an answer of no known format to GENERATE AC", clause)
        }
    }
}
