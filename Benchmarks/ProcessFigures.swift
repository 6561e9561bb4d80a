import FoundationEssentials
import Glibc

/// What the kernel tells of a process.
struct ProcessFigures {
    private let folder: String

    init(_ id: Int32) { folder = "/proc/\(id)" }

    /// A line of `status` in mebibytes.
    func residentMegabytes(_ name: String) throws -> Double {
        let lines = try String(contentsOfFile: "\(folder)/status", encoding: .utf8).split(separator: "\n")
        let words = lines.first { $0.hasPrefix("\(name):") }?.split(whereSeparator: { $0 == " " || $0 == "\t" })
        guard let words, words.count == 3, let kibibytes = Double(words[1]) else {
            throw BenchmarkFailure("no \(name) in \(folder)/status")
        }
        return kibibytes / 1024
    }

    /// User's and kernel's time of all threads, in steps of a scheduler tick.
    var processorMilliseconds: Double {
        get throws {
            let text = try String(contentsOfFile: "\(folder)/stat", encoding: .utf8)
            // The second field is the program's name in brackets; what counts are the fields 14 and 15.
            let fields = text.split(separator: ")").last?.split(separator: " ") ?? []
            guard fields.count > 13, let user = Double(fields[11]), let system = Double(fields[12]) else {
                throw BenchmarkFailure("\(folder)/stat cannot be read")
            }
            return (user + system) * 1000 / Double(sysconf(Int32(_SC_CLK_TCK)))
        }
    }
}
