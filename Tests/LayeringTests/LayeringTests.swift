import Testing

/// Holds the map of docs/architecture.md: an arrow only goes down the table.
@Suite struct LayeringTests {
    struct Module: CustomTestStringConvertible, Sendable {
        let folder: String
        let uses: Set<String>
        /// Packages and libraries from elsewhere.
        var others: Set<String> = []
        var testDescription: String { folder }

        var name: String { String(folder.split(separator: "/").last ?? "") }
    }

    static let pure = ["Wire", "Payments", "PaymentCryptography", "ISO8583", "EMV", "Receipts", "Engine"]

    static let map: [Module] = [
        Module(folder: "Sources/Wire", uses: []),
        Module(folder: "Sources/Payments", uses: ["Wire"]),
        Module(folder: "Sources/PaymentCryptography", uses: ["Wire", "Payments", "COpenSSL"]),
        Module(folder: "Sources/ISO8583", uses: ["Wire"]),
        Module(folder: "Sources/EMV", uses: ["Wire", "Payments", "PaymentCryptography"]),
        Module(folder: "Sources/Raster", uses: ["CFreeType", "CQREncode", "CPNG"]),
        Module(folder: "Sources/Receipts", uses: ["Payments", "Wire", "HAL", "Raster"]),
        Module(folder: "Sources/Engine", uses: ["Payments"]),
        Module(folder: "Sources/Journaling", uses: ["Payments", "PaymentCryptography", "CSQLite", "Wire"]),
        Module(
            folder: "Sources/Acquiring",
            uses: [
                "Wire", "Payments", "PaymentCryptography", "ISO8583", "EMV", "Engine", "Journaling", "HAL", "COpenSSL",
            ]),
        Module(
            folder: "Sources/Terminal",
            uses: Set(pure).union(["Journaling", "Acquiring", "HAL", "Raster"]),
            others: ["Logging", "ServiceLifecycle"]),
        Module(
            folder: "Sources/Registers", uses: Set(pure).union(["Terminal", "Journaling", "HAL"]),
            others: ["Hummingbird", "HummingbirdCore", "HTTPTypes", "NIOCore", "Logging"]),
        Module(
            folder: "Sources/Diagnostics",
            uses: Set(pure).union(["Journaling", "Acquiring", "Terminal", "Registers", "HAL"])),
        Module(folder: "Sources/Control", uses: [], others: ["NIOCore", "NIOHTTP1", "NIOPosix"]),
        Module(folder: "Sources/tenderd", uses: everything, others: packages),
        Module(folder: "Sources/tenderctl", uses: everything, others: packages),

        Module(folder: "HAL/Interfaces", uses: ["Payments"]),
        Module(folder: "HAL/Drivers/PCSC", uses: ["HAL", "Payments", "CPCSC"]),
        Module(folder: "HAL/Drivers/System", uses: ["HAL", "Payments", "CLinux"]),
        Module(folder: "HAL/Drivers/Network", uses: ["HAL", "Payments"]),
        Module(folder: "HAL/Drivers/Serial", uses: ["HAL", "Payments", "ScannerDriver", "CLinux"]),
        Module(folder: "HAL/Drivers/USB", uses: ["HAL", "Payments", "ScannerDriver", "CLibUSB"]),
        Module(folder: "HAL/Drivers/Printer", uses: ["HAL", "Payments"]),
        Module(folder: "HAL/Drivers/Scanner", uses: ["HAL", "Payments"]),
        Module(folder: "HAL/Drivers/Display", uses: ["HAL", "Payments", "Wire"]),

        Module(folder: "Simulator/SimulatedCards", uses: ["Wire", "Payments", "EMV", "PaymentCryptography"]),
        Module(
            folder: "Simulator/SimulatedDevices",
            uses: ["HAL", "Raster", "Wire", "Payments", "EMV", "PaymentCryptography", "SimulatedCards"]),
        Module(
            folder: "Simulator/EmulatedUSB", uses: ["HAL", "SimulatedDevices", "Wire"],
            others: ["Subprocess", "SystemPackage"]),
        Module(
            folder: "Simulator/SimulatedAcquirer",
            uses: [
                "Wire", "Payments", "PaymentCryptography", "ISO8583", "EMV", "HAL", "Engine", "Acquiring",
                "SimulatedCards", "COpenSSL",
            ]),
        Module(
            folder: "Simulator/World",
            uses: [
                "SimulatedAcquirer", "SimulatedCards", "Acquiring", "Engine", "HAL", "ISO8583", "Journaling",
                "PaymentCryptography", "Payments", "Wire", "CSQLite",
            ]),
        Module(
            folder: "Simulator/SimulatedShop",
            uses: Set(pure).union([
                "Acquiring", "Terminal", "Control", "HAL", "SystemDriver", "SimulatedCards", "SimulatedDevices",
                "SimulatedAcquirer", "EmulatedUSB",
            ]), others: ["Subprocess", "SystemPackage"]),
        Module(folder: "Simulator/tender-sim", uses: everything, others: packages),
    ]

    static let everything: Set<String> = Set(pure).union([
        "Journaling", "Acquiring", "Terminal", "Registers", "Diagnostics", "HAL", "PCSCDriver", "NetworkDriver",
        "SystemDriver", "SerialDriver", "USBDriver", "PrinterDriver", "ScannerDriver", "DisplayDriver", "Raster",
        "EmulatedUSB", "Control", "SimulatedCards", "SimulatedDevices", "SimulatedAcquirer", "SimulatedShop", "World",
        "COpenSSL",
        "CPCSC", "CSQLite",
    ])

    static let packages: Set<String> = [
        "ArgumentParser", "Logging", "ServiceLifecycle", "UnixSignals", "Metrics", "CoreMetrics", "Hummingbird",
        "HummingbirdCore", "HTTPTypes", "NIOCore", "NIOPosix", "NIOHTTP1", "Subprocess", "SystemPackage",
    ]

    /// What needs neither files nor JSON. PaymentCryptography keeps its key file in JSON.
    static let withoutFoundation = ["Wire", "Payments", "ISO8583", "EMV", "Receipts", "Engine", "Interfaces"]

    /// The language's own libraries.
    static let system: Set<String> = ["Glibc", "Musl", "Synchronization"]

    @Test func everyFileBelongsToAModuleOfTheMap() throws {
        let files = try ["Sources", "HAL", "Simulator"].flatMap { try Repository.swiftFiles(in: $0) }
        #expect(files.count > 50)
        for file in files {
            #expect(Self.map.contains { file.hasPrefix($0.folder + "/") }, "\(file) stands outside the map")
        }
    }

    @Test(arguments: map)
    func importsOnlyGoDown(module: Module) throws {
        var allowed = module.uses.union(module.others).union(Self.system)
        if !Self.withoutFoundation.contains(module.name) { allowed.insert("FoundationEssentials") }
        for file in try Repository.swiftFiles(in: module.folder) {
            let forbidden = try Repository.imports(file).filter { !allowed.contains($0) }
            #expect(forbidden.isEmpty, "\(file) may not import \(forbidden.joined(separator: ", "))")
        }
    }

    /// Full Foundation is four times as large as FoundationEssentials.
    @Test(arguments: ["Sources", "HAL", "Simulator", "Benchmarks"])
    func foundationIsNeverImported(folder: String) throws {
        for file in try Repository.swiftFiles(in: folder) {
            let imports = try Repository.imports(file)
            #expect(
                !imports.contains { ["Foundation", "FoundationNetworking", "FoundationXML"].contains($0) }, "\(file)")
        }
    }

    /// What decides knows no clock and no thread.
    @Test(arguments: pure)
    func pureModulesKnowNoTime(module: String) throws {
        let forbidden = [
            "Date()", "Date.now", "Task.sleep", "Task {", "Task.detached", "ContinuousClock", "SuspendingClock",
            "DispatchQueue", "usleep(", "SystemRandomNumberGenerator", ".random(in:", "gettimeofday", "clock_gettime",
        ]
        for file in try Repository.swiftFiles(in: "Sources/\(module)") {
            let text = try Repository.text(file)
            for word in forbidden {
                #expect(!text.contains(word), "\(file) uses \(word)")
            }
        }
    }

    /// A trap in the terminal is a payment whose outcome nobody knows.
    @Test(arguments: ["Sources", "HAL", "Simulator", "Benchmarks"])
    func nothingIsForced(folder: String) throws {
        for file in try Repository.swiftFiles(in: folder) {
            let text = try Repository.text(file)
            for word in ["fatalError(", "try!", "as!", "@unchecked Sendable"] {
                #expect(!text.contains(word), "\(file) uses \(word)")
            }
        }
    }
}
