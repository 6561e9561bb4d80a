import Glibc
import Journaling
import Payments

/// A durable commit of the journal against the disk's own: the three records of a sale, one commit each, and after each
/// one two blocks of 4 KiB written raw, so that all meet the disk in the same mood. One block is appended to a file, as
/// a journal without a database would; the other is written over an old one, the cheapest durable write there is, for
/// the file system has nothing to note beside the bytes. Counted when the journal's log has its full length: until then
/// each commit makes it longer too.
struct CommitBenchmark {
    /// A folder on the disk that is measured.
    let folder: String
    /// Sales that are counted, and sales before them: the log has 1,000 pages, a sale writes eleven.
    private static let sales = 600
    private static let warmUp = 120

    func run() throws -> [Figure] {
        let key = SecretBytes([UInt8](repeating: 7, count: 32))
        let journal = try Journal(path: "\(folder)/commit.db", key: key)
        let growing = try Disk(path: "\(folder)/commit.growing", grows: true)
        let full = try Disk(path: "\(folder)/commit.full", grows: false)
        var (commits, appends, overwrites): ([Double], [Double], [Double]) = ([], [], [])
        for number in 1...(Self.warmUp + Self.sales) {
            for record in try SampleSale.records("commit-\(number)", stan: number) {
                let commit = try Self.microseconds {
                    try journal.append(record, pan: SampleSale.pan, at: SampleSale.time)
                }
                let append = try Self.microseconds { try growing.write() }
                let overwrite = try Self.microseconds { try full.write() }
                guard number > Self.warmUp else { continue }
                commits.append(commit)
                appends.append(append)
                overwrites.append(overwrite)
            }
        }
        let commit = commits.sorted().percentile(50)
        let append = appends.sorted().percentile(50)
        let overwrite = overwrites.sorted().percentile(50)
        return [
            Figure(key: "commit_us", title: "durable commit of one record, median", unit: "µs", value: commit),
            Figure(
                key: "fdatasync_us", title: "… the disk: 4 KiB appended and fdatasync, median", unit: "µs",
                value: append),
            Figure(
                key: "commit_to_fdatasync_ratio", title: "… commit to that, medians", unit: "", value: commit / append,
                budget: 1.3),
            Figure(
                key: "commit_to_fdatasync_mean_ratio", title: "… commit to that, means, checkpoints included", unit: "",
                value: commits.mean / appends.mean),
            Figure(
                key: "fdatasync_overwrite_us", title: "… the disk: 4 KiB overwritten and fdatasync, median", unit: "µs",
                value: overwrite),
            Figure(
                key: "commit_to_overwrite_ratio", title: "… commit to that, medians", unit: "",
                value: commit / overwrite),
        ]
    }

    private static func microseconds<Value>(_ body: () throws -> Value) rethrows -> Double {
        let start = Stopwatch.clock.now
        _ = try body()
        return (Stopwatch.clock.now - start).inMilliseconds * 1000
    }

    /// A file that is written to block by block, each on the disk before the next.
    private final class Disk {
        private let descriptor: Int32
        private let block = [UInt8](repeating: 0xA5, count: 4096)
        private let blocks: Int
        private var next = 0

        /// A file that grows, or one that has its length and is written round and round as the journal's log is.
        init(path: String, grows: Bool) throws {
            blocks = grows ? .max : 1000
            descriptor = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
            guard descriptor >= 0 else { throw BenchmarkFailure("open \(path): errno \(errno)") }
            if !grows { for _ in 0..<blocks { try write(synchronizing: false) } }
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
