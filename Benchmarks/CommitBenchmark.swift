import Glibc
import Journaling
import Payments

/// A durable commit of the journal against the disk's own: the three records of a sale, one commit each, and after each
/// one a block of 4 KiB written with pwrite and fdatasync, so that both meet the disk in the same mood. Counted when
/// the journal's log has its full length: until then each commit makes it longer too.
struct CommitBenchmark {
    /// A folder on the disk that is measured.
    let folder: String
    /// Sales that are counted, and sales before them: the log has 1,000 pages, a sale writes eleven.
    private static let sales = 600
    private static let warmUp = 120

    func run() throws -> [Figure] {
        let key = SecretBytes([UInt8](repeating: 7, count: 32))
        let journal = try Journal(path: "\(folder)/commit.db", key: key)
        let disk = try Disk(path: "\(folder)/commit.raw")
        var commits: [Double] = []
        var writes: [Double] = []
        for number in 1...(Self.warmUp + Self.sales) {
            for record in try SampleSale.records("commit-\(number)", stan: number) {
                let commit = try Self.microseconds {
                    try journal.append(record, pan: SampleSale.pan, at: SampleSale.time)
                }
                let write = try Self.microseconds { try disk.write() }
                guard number > Self.warmUp else { continue }
                commits.append(commit)
                writes.append(write)
            }
        }
        let (commit, write) = (commits.sorted(), writes.sorted())
        return [
            Figure(
                key: "commit_us", title: "durable commit of one record, median", unit: "µs",
                value: commit.percentile(50)),
            Figure(
                key: "fdatasync_us", title: "… the disk: 4 KiB written and fdatasync, median", unit: "µs",
                value: write.percentile(50)),
            Figure(
                key: "commit_own_us", title: "… the journal's own share, difference of the medians", unit: "µs",
                value: commit.percentile(50) - write.percentile(50)),
            Figure(
                key: "commit_to_fdatasync_ratio", title: "… ratio of the medians", unit: "",
                value: commit.percentile(50) / write.percentile(50), budget: 1.3),
            Figure(
                key: "commit_to_fdatasync_mean_ratio", title: "… ratio of the means, checkpoints included", unit: "",
                value: commits.mean / writes.mean),
        ]
    }

    private static func microseconds<Value>(_ body: () throws -> Value) rethrows -> Double {
        let start = Stopwatch.clock.now
        _ = try body()
        return (Stopwatch.clock.now - start).inMilliseconds * 1000
    }

    /// A file as long from the start as it ever gets, written around like the log of the journal: the cheapest durable
    /// write there is, for the file system has nothing to note beside the bytes.
    private final class Disk {
        private let descriptor: Int32
        private let block = [UInt8](repeating: 0xA5, count: 4096)
        private let blocks = 1000
        private var next = 0

        init(path: String) throws {
            descriptor = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
            guard descriptor >= 0 else { throw BenchmarkFailure("open \(path): errno \(errno)") }
            for _ in 0..<blocks { try write(synchronizing: false) }
            guard fsync(descriptor) == 0 else { throw BenchmarkFailure("fsync: errno \(errno)") }
        }

        deinit { close(descriptor) }

        func write(synchronizing: Bool = true) throws {
            let offset = next * block.count
            next = (next + 1) % blocks
            guard pwrite(descriptor, block, block.count, offset) == block.count,
                !synchronizing || fdatasync(descriptor) == 0
            else { throw BenchmarkFailure("write: errno \(errno)") }
        }
    }
}
