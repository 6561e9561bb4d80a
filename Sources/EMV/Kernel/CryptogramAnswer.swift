import Payments
import Wire

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
