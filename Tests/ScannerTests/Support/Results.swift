import HAL
import Payments
import ScannerDriver

/// A result that prints and compares, as a test may.
enum Seen: Equatable, CustomStringConvertible {
    case scan([UInt8], String?)
    case fault(ScanFault)

    init(_ result: Result<Scan, ScanFault>) {
        switch result {
        case .success(let scan): self = .scan(scan.data.withBytes { Array($0) }, scan.symbology)
        case .failure(let fault): self = .fault(fault)
        }
    }

    static func scan(_ text: String, _ symbology: String? = nil) -> Seen { .scan(Array(text.utf8), symbology) }

    var description: String {
        switch self {
        case .scan(let bytes, let symbology):
            "\(symbology ?? "-") \(bytes.count) \(String(decoding: bytes.prefix(80), as: UTF8.self))"
        case .fault(let fault): "fault: \(fault)"
        }
    }
}

extension ScanDecoder {
    /// What comes of the pieces, and of a silence behind them unless it is left out.
    mutating func seen(_ pieces: [[UInt8]], thenSilence: Bool = true) -> [Seen] {
        var seen = pieces.flatMap { take($0) }.map(Seen.init)
        if thenSilence, silenceMilliseconds != nil, let last = silence() { seen.append(Seen(last)) }
        return seen
    }
}

/// Numbers that look random and are the same on each run (SplitMix64).
struct Seeded: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    mutating func bytes(_ count: Int) -> [UInt8] { (0..<count).map { _ in UInt8.random(in: 0...255, using: &self) } }
}
