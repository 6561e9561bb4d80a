import ArgumentParser
import FoundationEssentials

/// Measures the budgets of docs/architecture.md.
@main struct TenderBench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tender-bench", abstract: "Measure the budgets and write bench.json.",
        discussion: "Figures mean something in a release build on a machine that does nothing else.")

    @Option(help: "The daemon; beside tender-bench where absent.")
    var tenderd: String?
    @Option(help: "How many sales are counted.")
    var sales = 1000
    @Option(help: "How many records the long journal has.")
    var records = 100_000
    @Option(help: "A folder for files, on the disk that is measured.")
    var folder = ".build/bench"
    @Option(help: "The program that measures the reference.")
    var reference = "Benchmarks/reference/pyiso8583"
    @Option(help: "Where the figures go.")
    var output = "bench.json"

    func run() async throws {
        try? FileManager.default.removeItem(atPath: folder)
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        var figures = try CodecBenchmark().run()
        if let python = await Reference(program: reference).run() {
            figures = Self.compared(figures, with: python)
        } else {
            print("pyiso8583 cannot be installed here: no reference beside ISO 8583.")
        }
        figures += try KernelBenchmark().run()
        figures += try CommitBenchmark(folder: folder).run()
        figures += try await DaemonBenchmark(
            program: try program, folder: folder, sales: sales, records: records
        ).run()
        let report = Report(figures: figures)
        print(report.table)
        try report.write(to: output)
        let missed = figures.filter { $0.isMet == false }
        print("\n\(missed.isEmpty ? "Every budget is met." : "Not met: \(missed.map(\.key).joined(separator: ", "))")")
    }

    private var program: String {
        get throws {
            if let tenderd { return tenderd }
            let path = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
            return path.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
                + "/tenderd"
        }
    }

    private static func compared(_ figures: [Figure], with python: (decode: Double, encode: Double)) -> [Figure] {
        figures.flatMap { figure in
            switch figure.key {
            case "iso8583_decode_read_ns":
                [
                    figure,
                    Figure(
                        key: "pyiso8583_decode_ratio", title: "… pyiso8583 takes as many times as long", unit: "",
                        value: python.decode / figure.value),
                ]
            case "iso8583_encode_ns":
                [
                    figure,
                    Figure(
                        key: "pyiso8583_encode_ratio", title: "… pyiso8583 takes as many times as long", unit: "",
                        value: python.encode / figure.value),
                ]
            default: [figure]
            }
        }
    }
}
