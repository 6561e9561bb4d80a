import HAL
import SimulatedCards
import Synchronization

/// Numbers drawn from a seed: the same on every machine (SplitMix64).
struct Randomness {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    /// A number from 0 up to, not including, `limit`, which is above zero.
    mutating func below(_ limit: Int) -> Int {
        state &+= 0x9E37_79B9_7F4A_7C15
        var word = (state ^ state >> 30) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ word >> 27) &* 0x94D0_49BB_1331_11EB
        word ^= word >> 31
        return Int(truncatingIfNeeded: word.multipliedFullWidth(by: UInt64(limit)).high)
    }

    /// A number of `range`.
    mutating func number(_ range: ClosedRange<Int>) -> Int { range.lowerBound + below(range.count) }

    /// True so many times in a hundred.
    mutating func happens(_ percent: Int) -> Bool { below(100) < percent }

    /// One of `all`, which is not empty.
    mutating func one<Element>(of all: [Element]) -> Element { all[below(all.count)] }
}

/// The acquirer's unpredictable bytes, which the seed foretells.
final class SeededEntropy: Entropy {
    private let source: Mutex<SeededBytes>

    init(seed: UInt64) { source = Mutex(SeededBytes(seed: seed)) }

    func bytes(_ count: Int) throws(DeviceError) -> [UInt8] { source.withLock { $0.next(count) } }
}
