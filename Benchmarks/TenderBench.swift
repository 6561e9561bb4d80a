import ArgumentParser
import FoundationEssentials

/// Measures the budgets of docs/architecture.md.
@main struct TenderBench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tender-bench", abstract: "Measure the budgets and write bench.json.",
        discussion: "Figures mean something in a release build on a machine that does nothing else.")

    @Option(help: "The daemon; beside tender-bench where absent.")
    var tenderd: String?
    @Option(help: "Measure this part alone: \(Part.names).")
    var only: Part?
    @Option(help: "How many sales are counted; with those that warm up they must fit into one batch.")
    var sales = 900
    @Option(help: "How many records the long journal has.")
    var records = 100_000
    @Option(help: "How many records the journal has in which payments are looked up.")
    var lookupRecords = 1_000_000
    @Option(help: "How many advices are delivered in each round.")
    var advices = 5000
    @Option(help: "How many worlds there are in each round.")
    var worlds = 300
    @Option(help: "A folder for files, on the disk that is measured.")
    var folder = ".build/bench"
    @Option(help: "The folder of the programs that measure references.")
    var references = "Benchmarks/reference"
    @Option(help: "Where the figures go.")
    var output = "bench.json"

    @Flag(help: .private)
    var scans = false

    func run() async throws {
        if scans { return try await ScanBenchmark.scan() }
        try? FileManager.default.removeItem(atPath: folder)
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        var figures: [Figure] = []
        for part in Part.allCases where only == nil || only == part { figures += try await measure(part) }
        let report = Report(figures: figures)
        print(report.table)
        try report.write(to: output)
        let missed = figures.filter { $0.isMet == false }
        print("\n\(missed.isEmpty ? "Every budget is met." : "Not met: \(missed.map(\.key).joined(separator: ", "))")")
    }

    private func measure(_ part: Part) async throws -> [Figure] {
        switch part {
        case .codec:
            let figures = try CodecBenchmark().run()
            guard let python = await Reference(program: "\(references)/pyiso8583").run(count: 2) else {
                print("pyiso8583 cannot be installed here: no reference beside ISO 8583.\n")
                return figures
            }
            return Self.compared(
                figures,
                [
                    "iso8583_decode_read_ns": ("pyiso8583_decode_ratio", "pyiso8583", python[0]),
                    "iso8583_encode_ns": ("pyiso8583_encode_ratio", "pyiso8583", python[1]),
                ])
        case .kernel: return try KernelBenchmark().run() + TapBenchmark().run() + ReplayBenchmark().run()
        case .commit: return try CommitBenchmark(folder: folder).run()
        case .journal: return try JournalBenchmark(folder: folder, records: lookupRecords).run()
        case .daemon:
            return try await DaemonBenchmark(
                program: try program, folder: folder, sales: sales, records: records
            ).run()
        case .drain: return try await DrainBenchmark(program: try program, folder: folder, advices: advices).run()
        case .receipt:
            let figures = try ReceiptBenchmark().run()
            guard let python = await Reference(program: "\(references)/python-escpos").run(count: 1) else {
                print("python-escpos cannot be installed here: no reference beside receipts.\n")
                return figures
            }
            return Self.compared(
                figures, ["receipt_encode_ms": ("python_escpos_ratio", "python-escpos", python[0] / 1e6)])
        case .scan: return try await ScanBenchmark().run()
        case .printer: return try await PrinterBenchmark(program: try program, folder: folder).run()
        case .world: return try WorldBenchmark(worlds: worlds).run()
        }
    }

    private var program: String {
        get throws {
            if let tenderd { return tenderd }
            let path = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
            return path.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
                + "/tenderd"
        }
    }

    /// Puts behind a figure how many times as long a reference takes for the same.
    private static func compared(
        _ figures: [Figure], _ references: [String: (key: String, name: String, value: Double)]
    ) -> [Figure] {
        figures.flatMap { figure in
            guard let reference = references[figure.key] else { return [figure] }
            let title = "… \(reference.name) takes as many times as long"
            return [figure, Figure(key: reference.key, title: title, unit: "", value: reference.value / figure.value)]
        }
    }
}

/// What can be measured on its own.
enum Part: String, CaseIterable, ExpressibleByArgument {
    case codec, kernel, commit, journal, receipt, scan, printer, daemon, drain, world

    static let names = allCases.map(\.rawValue).joined(separator: ", ")
}
