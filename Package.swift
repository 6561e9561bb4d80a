// swift-tools-version: 6.2
import PackageDescription

let settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .treatAllWarnings(as: .error),
]

/// A module of ours: `path` is its folder, `uses` what it may import (the map in docs/architecture.md).
func module(_ name: String, _ path: String, uses: [Target.Dependency] = []) -> Target {
    .target(name: name, dependencies: uses, path: path, swiftSettings: settings)
}

/// A C library of the distribution: a module map and inline shims, no logic.
func shim(_ name: String, _ library: String) -> Target {
    .systemLibrary(name: name, path: "HAL/Shims/\(name)", pkgConfig: library)
}

/// Tests of `name`; what stands in their folder Fixtures is read from there and not built.
func tests(_ name: String, uses: [Target.Dependency], hasFixtures: Bool = false) -> Target {
    .testTarget(
        name: "\(name)Tests", dependencies: uses, path: "Tests/\(name)Tests", exclude: hasFixtures ? ["Fixtures"] : [],
        swiftSettings: settings)
}

/// A program: wiring and command line.
func program(_ name: String, _ path: String, uses: [Target.Dependency]) -> Target {
    .executableTarget(name: name, dependencies: uses, path: path, swiftSettings: settings)
}

let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let hummingbird = Target.Dependency.product(name: "Hummingbird", package: "hummingbird")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let nioCore = Target.Dependency.product(name: "NIOCore", package: "swift-nio")
let nioHTTP = Target.Dependency.product(name: "NIOHTTP1", package: "swift-nio")
let nioPosix = Target.Dependency.product(name: "NIOPosix", package: "swift-nio")
let serviceLifecycle = Target.Dependency.product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let unixSignals = Target.Dependency.product(name: "UnixSignals", package: "swift-service-lifecycle")
let system = Target.Dependency.product(name: "SystemPackage", package: "swift-system")
let subprocess = Target.Dependency.product(name: "Subprocess", package: "swift-subprocess")

let package = Package(
    name: "tender",
    products: [
        .executable(name: "tenderd", targets: ["tenderd"]),
        .executable(name: "tenderctl", targets: ["tenderctl"]),
        .executable(name: "tender-sim", targets: ["tender-sim"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.14.0"),
        .package(url: "https://github.com/apple/swift-system", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.0", traits: []),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
        .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.0", traits: []),
    ],
    targets: [
        module("Wire", "Sources/Wire"),
        module("Payments", "Sources/Payments", uses: ["Wire"]),
        module("PaymentCryptography", "Sources/PaymentCryptography", uses: ["Wire", "Payments", "COpenSSL"]),
        module("ISO8583", "Sources/ISO8583", uses: ["Wire"]),
        module("EMV", "Sources/EMV", uses: ["Wire", "Payments", "PaymentCryptography"]),
        module("Raster", "Sources/Raster", uses: ["CFreeType", "CQREncode", "CPNG"]),
        module("Receipts", "Sources/Receipts", uses: ["Wire", "Payments", "HAL", "Raster"]),
        module("Engine", "Sources/Engine", uses: ["Payments"]),
        module("Journaling", "Sources/Journaling", uses: ["Wire", "Payments", "PaymentCryptography", "CSQLite"]),
        module(
            "Acquiring", "Sources/Acquiring",
            uses: ["Wire", "Payments", "PaymentCryptography", "ISO8583", "Engine", "HAL", "COpenSSL"]),
        module(
            "Diagnostics", "Sources/Diagnostics", uses: ["Wire", "Payments", "PaymentCryptography", "ISO8583", "EMV"]),

        module(
            "Terminal", "Sources/Terminal",
            uses: [
                "Wire", "Payments", "PaymentCryptography", "ISO8583", "EMV", "Raster", "Receipts", "Engine",
                "Journaling",
                "Acquiring", "HAL", logging,
            ]),
        module("Control", "Sources/Control", uses: [nioCore, nioHTTP, nioPosix]),
        program(
            "tenderd", "Sources/tenderd",
            uses: [
                "Terminal", "Acquiring", "Engine", "HAL", "ISO8583", "Journaling", "NetworkDriver", "PCSCDriver",
                "SystemDriver",
                "PaymentCryptography", "Payments", "PrinterDriver", "ScannerDriver", "SerialDriver", "SimulatedDevices",
                "USBDriver",
                "DisplayDriver", "Wire", argumentParser, hummingbird, logging,
                serviceLifecycle, unixSignals,
            ]),
        program(
            "tenderctl", "Sources/tenderctl",
            uses: [
                "Terminal", "Control", "Diagnostics", "EMV", "HAL", "Journaling", "PCSCDriver", "PaymentCryptography",
                "Payments", "SystemDriver", "Wire", argumentParser,
            ]),

        module("HAL", "HAL/Interfaces", uses: ["Payments"]),
        module("PCSCDriver", "HAL/Drivers/PCSC", uses: ["HAL", "CPCSC"]),
        module("SystemDriver", "HAL/Drivers/System", uses: ["HAL", "Payments", "CLinux"]),
        module("NetworkDriver", "HAL/Drivers/Network", uses: ["HAL"]),
        module("SerialDriver", "HAL/Drivers/Serial", uses: ["HAL", "ScannerDriver", "CLinux"]),
        module("USBDriver", "HAL/Drivers/USB", uses: ["HAL", "ScannerDriver", "CLibUSB"]),
        module("PrinterDriver", "HAL/Drivers/Printer", uses: ["HAL", "Payments"]),
        module("ScannerDriver", "HAL/Drivers/Scanner", uses: ["HAL", "Payments"]),
        module("DisplayDriver", "HAL/Drivers/Display", uses: ["HAL", "Payments", "Wire"]),
        .systemLibrary(name: "CLinux", path: "HAL/Shims/CLinux"),
        shim("CFreeType", "freetype2"),
        shim("CLibUSB", "libusb-1.0"),
        shim("CPNG", "libpng"),
        shim("CQREncode", "libqrencode"),
        shim("COpenSSL", "openssl"),
        shim("CPCSC", "libpcsclite"),
        shim("CSQLite", "sqlite3"),

        module("SimulatedCards", "Simulator/SimulatedCards", uses: ["Wire", "Payments", "EMV", "PaymentCryptography"]),
        module(
            "SimulatedDevices", "Simulator/SimulatedDevices",
            uses: ["HAL", "Raster", "Wire", "Payments", "PaymentCryptography", "SimulatedCards"]),
        shim("CUMockdev", "umockdev-1.0"),
        .executableTarget(name: "usb-bus", dependencies: ["CUMockdev"], path: "Simulator/USBBus"),
        module("EmulatedUSB", "Simulator/EmulatedUSB", uses: ["HAL", "SimulatedDevices", "Wire", subprocess, system]),
        module(
            "SimulatedAcquirer", "Simulator/SimulatedAcquirer",
            uses: [
                "Wire", "Payments", "PaymentCryptography", "ISO8583", "HAL", "Acquiring", "SimulatedCards", "COpenSSL",
            ]),

        module(
            "World", "Simulator/World",
            uses: [
                "SimulatedAcquirer", "SimulatedCards", "Acquiring", "Engine", "HAL", "ISO8583", "Journaling",
                "PaymentCryptography", "Payments", "Wire", "CSQLite",
            ]),
        module(
            "SimulatedShop", "Simulator/SimulatedShop",
            uses: [
                "SimulatedAcquirer", "SimulatedCards", "SimulatedDevices", "Acquiring", "Control", "EMV", "Engine",
                "HAL",
                "PaymentCryptography", "Payments", "SystemDriver", "Terminal", "Wire", subprocess, system,
            ]),
        program(
            "tender-sim", "Simulator/tender-sim",
            uses: [
                "SimulatedShop", "SimulatedAcquirer", "SimulatedCards", "SimulatedDevices", "SystemDriver",
                "EmulatedUSB", "Terminal", "EMV", "HAL", "Payments", "Raster", "World", "usb-bus", argumentParser,
                unixSignals,
            ]),

        .executableTarget(
            name: "tender-bench",
            dependencies: [
                "Wire", "Payments", "PaymentCryptography", "ISO8583", "EMV", "Diagnostics", "Journaling", "Terminal",
                "Control", "HAL", "SystemDriver", "Receipts", "ScannerDriver", "USBDriver", "EmulatedUSB",
                "SimulatedAcquirer", "SimulatedCards", "SimulatedDevices", "SimulatedShop", "World", argumentParser,
                subprocess, system,
            ],
            path: "Benchmarks", exclude: ["reference"], swiftSettings: settings),

        tests("Wire", uses: ["Wire"]),
        tests("Payments", uses: ["Payments"]),
        tests("PaymentCryptography", uses: ["PaymentCryptography", "Payments", "Wire"]),
        tests("ISO8583", uses: ["ISO8583", "Wire"]),
        tests("EMV", uses: ["EMV", "SimulatedCards", "Wire", "Payments", "PaymentCryptography"]),
        tests("Raster", uses: ["Raster"]),
        tests("Receipts", uses: ["Receipts", "Raster", "HAL", "Payments", "Wire"], hasFixtures: true),
        tests("Engine", uses: ["Engine", "Payments"], hasFixtures: true),
        tests("Journaling", uses: ["Journaling", "Payments", "PaymentCryptography", "CSQLite"]),
        tests(
            "Acquiring",
            uses: [
                "Acquiring", "Engine", "SimulatedAcquirer", "SimulatedCards", "NetworkDriver", "SystemDriver", "HAL",
                "ISO8583", "Payments", "PaymentCryptography", "Wire",
            ], hasFixtures: true),
        tests(
            "Diagnostics",
            uses: ["Diagnostics", "EMV", "ISO8583", "SimulatedCards", "PaymentCryptography", "Payments", "Wire"]),
        tests(
            "Drivers",
            uses: [
                "PCSCDriver", "NetworkDriver", "PrinterDriver", "ScannerDriver", "SerialDriver", "DisplayDriver",
                "SystemDriver", "USBDriver", "HAL",
                "Payments",
                "PaymentCryptography",
                "Wire", "EmulatedUSB", "usb-bus", "SimulatedDevices", "SimulatedCards",
            ], hasFixtures: true),
        tests("Scanner", uses: ["ScannerDriver", "HAL", "Payments"]),
        tests(
            "Simulator",
            uses: [
                "SimulatedAcquirer", "SimulatedCards", "EMV", "HAL", "ISO8583", "Payments", "PaymentCryptography",
                "Wire",
            ]),
        tests("Paper", uses: ["SimulatedDevices", "HAL", "Raster", "Wire"], hasFixtures: true),
        tests("World", uses: ["World", "Journaling", "Payments"], hasFixtures: true),
        tests(
            "Terminal",
            uses: [
                "Terminal", "Journaling", "EMV", "Engine", "HAL", "PaymentCryptography", "Payments", "Receipts", "Wire",
                logging,
            ]),
        tests("Layering", uses: []),
        tests(
            "Integration",
            uses: [
                "tenderd", "tenderctl", "tender-sim", "Raster", "SimulatedShop", "SimulatedAcquirer", "SimulatedCards",
                "SimulatedDevices",
                "Terminal", "Control", "Acquiring", "EMV", "Engine", "ISO8583", "Journaling", "PaymentCryptography",
                "Payments", "HAL", "PCSCDriver", "SystemDriver", "EmulatedUSB", "Receipts", "usb-bus", "Wire",
                subprocess, system,
            ]),
    ]
)
