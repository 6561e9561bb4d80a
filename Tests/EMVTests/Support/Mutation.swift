import EMV
import Wire

/// One way in which a card's answer goes wrong on its way.
enum Mutation: String, CaseIterable, CoveredCase {
    // The bytes.
    case flippedBit, changedBytes, noise, sameBytes, nothing, oneByte, truncated, tooLong
    // The status bytes.
    case otherStatus, statusAlone, moreAnnounced, otherLengthAnnounced
    // The template.
    case noData, cutTemplate, trailingBytes, repeatedTemplate, padding
    // The objects.
    case missingObject, repeatedObject, emptyObject, swappedTag, swappedObject, unknownObjects, terminalsObjects
    // The lengths.
    case wrongLength, hugeLength, indefiniteLength, nestedBomb, swarm
    // Whole answers.
    case answerOfAnother, noiseObject

    var clause: String {
        switch self {
        case .flippedBit, .changedBytes, .noise, .sameBytes: "Book 3, 7.5"
        case .nothing, .oneByte, .truncated, .tooLong: "Book 3, 6.3.3"
        case .otherStatus, .statusAlone: "Book 3, 6.3.5"
        case .moreAnnounced, .otherLengthAnnounced: "Book 1, 9.3.1"
        case .noData, .cutTemplate, .trailingBytes, .repeatedTemplate: "Book 3, 6.5.11.4"
        case .padding, .wrongLength, .hugeLength, .indefiniteLength, .nestedBomb, .swarm: "Book 3, Annex B2"
        case .missingObject: "Book 3, 7.2"
        case .repeatedObject, .swappedObject, .unknownObjects, .terminalsObjects: "Book 3, 10.2"
        case .emptyObject, .swappedTag, .answerOfAnother, .noiseObject: "Book 3, 7.5"
        }
    }

    var requirement: String {
        let what =
            switch self {
            case .flippedBit: "one bit of an answer is flipped"
            case .changedBytes: "some bytes of an answer are others"
            case .noise: "an answer is noise"
            case .sameBytes: "an answer is one byte again and again"
            case .nothing: "an answer has no bytes at all"
            case .oneByte: "an answer is a single byte"
            case .truncated: "an answer ends in the middle"
            case .tooLong: "an answer is longer than 258 bytes"
            case .otherStatus: "an answer carries other status bytes"
            case .statusAlone: "an answer is nothing but other status bytes"
            case .moreAnnounced: "an answer announces more bytes that are not there"
            case .otherLengthAnnounced: "an answer asks for another length"
            case .noData: "a command succeeds without data"
            case .cutTemplate: "a template is shorter than its length"
            case .trailingBytes: "bytes follow the template"
            case .repeatedTemplate: "the template comes twice"
            case .padding: "bytes 00 stand between the objects"
            case .missingObject: "an object is missing"
            case .repeatedObject: "an object comes twice"
            case .emptyObject: "an object is empty"
            case .swappedTag: "an object has another one's tag"
            case .swappedObject: "an object changed places with one of an earlier answer"
            case .unknownObjects: "objects that nobody knows are added"
            case .terminalsObjects: "objects that are the terminal's own are added"
            case .wrongLength: "an object's length is off by a little"
            case .hugeLength: "an object's length is four thousand million"
            case .indefiniteLength: "an object's length is indefinite"
            case .nestedBomb: "templates are nested eighty deep"
            case .swarm: "a hundred empty objects come in one template"
            case .answerOfAnother: "an earlier answer comes once more"
            case .noiseObject: "an object's value is noise of its length"
            }
        return "Any card, where \(what): an end that the books allow"
    }

    /// The answer gone wrong; `earlier` are the answers before it.
    func apply(_ answer: [UInt8], earlier: [[UInt8]], _ random: inout Seeded) -> [UInt8] {
        let (data, status) = (Array(answer.dropLast(2)), Array(answer.suffix(2)))
        let byte = UInt8.random(in: 0...255, using: &random)
        switch self {
        case .flippedBit:
            guard let index = answer.indices.randomElement(using: &random) else { return answer }
            var bytes = answer
            bytes[index] ^= 1 << (byte & 7)
            return bytes
        case .changedBytes:
            var bytes = answer
            for _ in 0...Int(byte & 3) {
                guard let index = bytes.indices.randomElement(using: &random) else { break }
                bytes[index] = .random(in: 0...255, using: &random)
            }
            return bytes
        case .noise: return Self.noise(Int.random(in: 2...258, using: &random), &random)
        case .sameBytes:
            let value: UInt8 = [0x00, 0xFF, 0x70, 0x80, 0x9F, byte].randomElement(using: &random) ?? byte
            return [UInt8](repeating: value, count: data.count) + status
        case .nothing: return []
        case .oneByte: return [byte]
        case .truncated: return Array(answer.prefix(Int.random(in: 0..<max(1, answer.count), using: &random)))
        case .tooLong: return data + [UInt8](repeating: byte, count: 259) + status
        case .otherStatus: return data + (Self.statuses.randomElement(using: &random) ?? status)
        case .statusAlone: return Self.statuses.randomElement(using: &random) ?? status
        case .moreAnnounced: return data + [0x61, byte]
        case .otherLengthAnnounced: return [0x6C, byte]
        case .noData: return status
        case .cutTemplate: return data.dropLast(Int(byte & 7) + 1) + status
        case .trailingBytes: return data + Self.noise(Int(byte & 7) + 1, &random) + status
        case .repeatedTemplate: return (data + data).prefix(256) + status
        case .answerOfAnother: return earlier.randomElement(using: &random) ?? status
        default: return edit(data, earlier, &random).prefix(256) + status
        }
    }

    private static let statuses: [[UInt8]] = [
        [0x90, 0x01], [0x62, 0x81], [0x62, 0x83], [0x63, 0x00], [0x63, 0xC0], [0x63, 0xC2], [0x64, 0x00], [0x65, 0x81],
        [0x67, 0x00], [0x69, 0x83], [0x69, 0x84], [0x69, 0x85], [0x6A, 0x81], [0x6A, 0x82], [0x6A, 0x83], [0x6A, 0x86],
        [0x6A, 0x88], [0x6D, 0x00], [0x6E, 0x00], [0x6F, 0x00], [0x00, 0x00], [0xFF, 0xFF], [0x90, 0x00],
    ]

    static func noise(_ count: Int, _ random: inout Seeded) -> [UInt8] {
        (0..<count).map { _ in .random(in: 0...255, using: &random) }
    }
}

/// The same of a tap.
struct MutatedTap: CoveredCase {
    let mutation: Mutation
    static let allCases = Mutation.allCases.map { MutatedTap(mutation: $0) }

    var clause: String { mutation.clause }
    var requirement: String { mutation.requirement.replacing("Any card", with: "Any tap") }
}

// What happens to one object somewhere in an answer.
extension Mutation {
    private func edit(_ data: [UInt8], _ earlier: [[UInt8]], _ random: inout Seeded) -> [UInt8] {
        guard let objects = try? TLV.parse(data), !objects.isEmpty else { return data }
        let chosen = Int.random(in: objects.indices, using: &random)
        return objects.indices.flatMap { index -> [UInt8] in
            let object = objects[index]
            guard index == chosen else { return object.encoded }
            // Mostly inside of a template: its objects are what an answer is about.
            guard object.tag.isConstructed, (try? object.children())?.isEmpty == false, random.next() % 8 != 0 else {
                return change(object, earlier, &random)
            }
            return TLV(object.tag, edit(Array(object.value), earlier, &random)).encoded
        }
    }

    private func change(_ object: TLV, _ earlier: [[UInt8]], _ random: inout Seeded) -> [UInt8] {
        let (tag, value) = (object.tag.bytes, Array(object.value))
        switch self {
        case .padding: return [0x00] + object.encoded + [0x00, 0x00]
        case .missingObject: return []
        case .repeatedObject: return object.encoded + object.encoded
        case .emptyObject: return tag + [0x00]
        case .swappedTag:
            let others: [TLV.Tag] = [
                .pan, .track2, .aip, .afl, .cdol1, .cdol2, .cvmList, .expirationDate, .cryptogram,
                .cryptogramInformation, .atc, .issuerApplicationData, .signedDynamicData, .record, .responseFormat1,
                .responseFormat2, .pdol, .ddol, .iccCertificate, .issuerExponent,
            ]
            return TLV(others.randomElement(using: &random) ?? .pan, value).encoded
        case .swappedObject: return (Self.leaf(earlier, &random) ?? object).encoded
        case .unknownObjects:
            return TLV(0xDF7D, [1, 2, 3]).encoded + object.encoded + TLV(0xC3, []).encoded + TLV(0xFF7C, tag).encoded
        case .terminalsObjects:
            let own: [TLV] = [
                TLV(.tvr, [0, 0, 0, 0, 0]), TLV(.unpredictableNumber, [0, 0, 0, 0]), TLV(.amount, [0, 0, 0, 0, 0, 1]),
                TLV(.authorizationResponseCode, Array("Y1".utf8)), TLV(.cvmResults, [0x1F, 0x00, 0x02]),
            ]
            return TLV.encode(own) + object.encoded
        case .wrongLength:
            let length = UInt8(truncatingIfNeeded: value.count &+ Int.random(in: -3...3, using: &random))
            return tag + (length < 0x80 ? [length] : [0x81, length]) + value
        case .hugeLength: return tag + [0x84, 0xFF, 0xFF, 0xFF, 0xFF] + value
        case .indefiniteLength: return tag + [0x80] + value + [0x00, 0x00]
        case .nestedBomb: return (0..<80).reduce([]) { inner, _ in TLV(.record, inner).encoded }
        case .swarm: return (0..<100).flatMap { _ in TLV(0xC1, []).encoded } + object.encoded
        case .noiseObject: return TLV(object.tag, Self.noise(value.count, &random)).encoded
        default: return object.encoded
        }
    }

    private static func leaf(_ earlier: [[UInt8]], _ random: inout Seeded) -> TLV? {
        var objects = earlier.randomElement(using: &random).flatMap { try? TLV.parse(Array($0.dropLast(2))) } ?? []
        while let object = objects.randomElement(using: &random) {
            guard object.tag.isConstructed, let children = try? object.children(), !children.isEmpty else {
                return object
            }
            objects = children
        }
        return nil
    }
}
