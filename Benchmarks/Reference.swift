import FoundationEssentials
import Subprocess
import SystemPackage

/// A library for the same from a package registry, measured in the same run.
struct Reference {
    /// A program that installs it and prints nanoseconds.
    let program: String

    /// So many figures; nil where it cannot be installed.
    func run(count: Int) async -> [Double]? {
        let result = try? await Subprocess.run(
            .path(FilePath("/bin/sh")), arguments: [program], output: .string(limit: 4096), error: .discarded)
        let numbers = (result?.standardOutput ?? "").split(whereSeparator: \.isWhitespace).compactMap { Double($0) }
        return numbers.count == count ? numbers : nil
    }
}
