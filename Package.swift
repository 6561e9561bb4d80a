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

func tests(_ name: String, uses: [Target.Dependency]) -> Target {
    .testTarget(name: "\(name)Tests", dependencies: uses, path: "Tests/\(name)Tests", swiftSettings: settings)
}

let package = Package(
    name: "tender",
    targets: [
        module("Wire", "Sources/Wire"),
        module("Payments", "Sources/Payments", uses: ["Wire"]),
        module("PaymentCryptography", "Sources/PaymentCryptography", uses: ["Wire", "Payments", "COpenSSL"]),
        module("ISO8583", "Sources/ISO8583", uses: ["Wire"]),
        module("EMV", "Sources/EMV", uses: ["Wire", "Payments", "PaymentCryptography"]),
        module("Receipts", "Sources/Receipts", uses: ["Payments"]),
        module("Engine", "Sources/Engine", uses: ["Payments"]),
        module("Journaling", "Sources/Journaling", uses: ["Payments", "PaymentCryptography", "CSQLite"]),
        module(
            "Acquiring", "Sources/Acquiring",
            uses: ["Wire", "Payments", "PaymentCryptography", "ISO8583", "Engine", "HAL", "COpenSSL"]),
        module("Diagnostics", "Sources/Diagnostics", uses: ["Wire", "Payments", "ISO8583", "EMV"]),

        module("HAL", "HAL/Interfaces", uses: ["Payments"]),
        module("PCSCDriver", "HAL/Drivers/PCSC", uses: ["HAL", "Payments", "CPCSC"]),
        module("NetworkDriver", "HAL/Drivers/Network", uses: ["HAL", "Payments"]),
        shim("COpenSSL", "openssl"),
        shim("CPCSC", "libpcsclite"),
        shim("CSQLite", "sqlite3"),

        module("SimulatedCards", "Simulator/SimulatedCards", uses: ["Wire", "Payments", "EMV", "PaymentCryptography"]),
        module(
            "SimulatedDevices", "Simulator/SimulatedDevices",
            uses: ["HAL", "Wire", "Payments", "PaymentCryptography", "SimulatedCards"]),
        module(
            "SimulatedAcquirer", "Simulator/SimulatedAcquirer",
            uses: [
                "Wire", "Payments", "PaymentCryptography", "ISO8583", "EMV", "HAL", "Acquiring", "SimulatedCards",
                "COpenSSL",
            ]),

        tests("Wire", uses: ["Wire"]),
        tests("Payments", uses: ["Payments"]),
        tests("PaymentCryptography", uses: ["PaymentCryptography", "Payments", "Wire"]),
        tests("ISO8583", uses: ["ISO8583", "Wire"]),
        tests("EMV", uses: ["EMV", "Wire", "Payments", "PaymentCryptography"]),
        tests("Receipts", uses: ["Receipts", "Payments"]),
        tests("Engine", uses: ["Engine", "Payments"]),
        tests("Journaling", uses: ["Journaling", "Payments", "PaymentCryptography", "CSQLite"]),
        tests(
            "Acquiring",
            uses: [
                "Acquiring", "SimulatedAcquirer", "NetworkDriver", "HAL", "ISO8583", "Payments", "PaymentCryptography",
                "Wire",
            ]),
        tests("Diagnostics", uses: ["Diagnostics", "ISO8583", "Wire"]),
        tests(
            "Drivers", uses: ["PCSCDriver", "NetworkDriver", "HAL", "Payments", "SimulatedDevices", "SimulatedCards"]),
        tests(
            "Simulator",
            uses: ["SimulatedCards", "SimulatedDevices", "EMV", "HAL", "Payments", "PaymentCryptography", "Wire"]),
        tests("Layering", uses: []),
    ]
)
