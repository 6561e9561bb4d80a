import PaymentCryptography
import Payments
import Wire

/// What was asked for with GENERATE AC.
struct CryptogramRequest: Equatable, Sendable {
    let type: ChipResult.CryptogramType
    /// Whether the answer must be signed (CDA).
    let isCombined: Bool

    /// What the card may answer to the first request: no more than was proposed (Book 3, 9.3).
    var allowed: [ChipResult.CryptogramType] {
        switch type {
        case .tc: [.tc, .arqc, .aac]
        case .arqc: [.arqc, .aac]
        case .aac: [.aac]
        }
    }
}

/// A cryptogram that the card gave.
struct Cryptogram: Equatable, Sendable {
    let type: ChipResult.CryptogramType
    /// The cryptogram (9F26); nil where its signature did not hold, for then it is not known.
    let value: [UInt8]?
}

// GENERATE AC (EMV 4.4 Book 3, 6.5.5).
extension KernelDatabase {
    /// The command, signed (CDA) where that is possible, and what it asks for.
    func cryptogramCommand(
        _ type: ChipResult.CryptogramType, _ values: [UInt8]
    ) throws(KernelFailure) -> (command: CommandAPDU, request: CryptogramRequest) {
        let combined = authentication == .cda && !tvr.contains(.cdaFailed) && type != .aac
        guard let command = CommandAPDU.generateAC(type, combined: combined, values) else {
            throw KernelFailure(.badData, "the CDOL asks for too much", "Book 3, 6.5.5")
        }
        return (command, CryptogramRequest(type: type, isCombined: combined))
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
            if value == nil { note(.failed.of(Self.dynamicObstacle), .cdaFailed) }
        } else if value == nil {
            throw KernelFailure(.badData, "9F26 is missing", "Book 3, 6.5.5.4")
        }
        card[.cryptogram] = value
        cryptogram = Cryptogram(type: type, value: value)
        return type
    }
}
