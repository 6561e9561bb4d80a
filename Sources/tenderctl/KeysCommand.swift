import ArgumentParser
import Control
import FoundationEssentials
import PaymentCryptography
import Payments
import SystemDriver
import Terminal
import Wire

/// `tenderctl keys load|status`
struct KeysCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "keys", abstract: "Load the terminal master key; show check values, never keys.",
        subcommands: [Load.self, Status.self])

    struct Load: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Load the terminal master key from two or three components.",
            discussion: """
                Each component is typed by another person, as 32 hexadecimal digits that are not shown. The check value \
                is printed after each, and of the whole. tenderd must not be running.
                """)

        @Option(help: "The daemon's configuration file.")
        var config = "/etc/tender/tender.json"
        @Option(help: "How many components there are: 2 or 3.")
        var components = 2
        @Flag(help: "Print the answer as JSON.")
        var json = false
        @Flag(help: "The key is for SM4.")
        var sm4 = false

        func run() async throws {
            ProcessSecrets.forbidDumps()
            guard (2...3).contains(components) else { throw ValidationError("there are 2 or 3 components") }
            let settings = try loadConfiguration(config)
            let probe = try? await ControlClient(socket: settings.files.controlSocket).send(.get, "/v1/status")
            guard probe == nil else {
                Console.fail("tenderd is running: stop it, load the key, start it again")
                throw ExitStatus.refused
            }
            do {
                let key = try enter()
                try openKeys(settings).load(masterKey: key, at: SystemClock().localTime())
                let value = Hex.encode(try key.checkValue())
                Console.print(json ? #"{"checkValue":"\#(value)"}"# : "Loaded. Check value of the whole key: \(value)")
            } catch {
                Console.fail("\(error)")
                throw ExitStatus.failed
            }
        }

        private func enter() throws -> CipherKey {
            var parts = KeyComponents(sm4 ? .sm4 : .tripleDES)
            for number in 1...components {
                guard let typed = Console.readSecret("Component \(number) of \(components): ") else {
                    throw ValidationError("component \(number) is missing")
                }
                let bytes = SecretBytes(try Hex.decode(String(decoding: typed, as: UTF8.self)))
                let value = Hex.encode(try parts.add(bytes))
                if !json { Console.print("Check value of component \(number): \(value)") }
            }
            return try parts.combined()
        }
    }

    struct Status: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Show which keys are there, since when.")

        @Option(help: "The daemon's configuration file.")
        var config = "/etc/tender/tender.json"
        @Flag(help: "Print the answer as JSON.")
        var json = false

        func run() async throws {
            let settings = try loadConfiguration(config)
            do {
                let status = try openKeys(settings).status()
                if json {
                    let encoder = JSONEncoder()
                    encoder.outputFormatting = [.sortedKeys]
                    Console.print(String(decoding: try encoder.encode(status), as: UTF8.self))
                } else {
                    Console.print(status.summary)
                }
            } catch {
                Console.fail("\(error)")
                throw ExitStatus.failed
            }
        }
    }
}

/// The configuration in `file`; ends the program where it is wrong.
func loadConfiguration(_ file: String) throws -> Configuration {
    do {
        return try Configuration.load(file)
    } catch {
        Console.fail("\(file): \(error)")
        throw ExitStatus.configuration
    }
}

/// The keys that a configuration names.
func openKeys(_ settings: Configuration) throws -> KeyStore {
    try KeyStore(
        path: settings.files.keys, keyEncryptionKey: try FileKeyEncryptionKey(path: settings.files.keyEncryptionKey))
}

extension KeyStatus {
    /// A line for each key.
    fileprivate var summary: String {
        func line(_ name: String, _ entry: Entry?, _ since: LocalDateTime?) -> String {
            guard let entry else { return "\(name): none" }
            let age = since.map { ", since \($0.iso8601)" } ?? ""
            return "\(name): \(entry.algorithm.rawValue), check value \(entry.checkValue)\(age)"
        }
        let note = isPublishedTestKey ? "\nThe master key is the published test key: for simulation only." : ""
        return [
            line("master key", masterKey, loadedAt), line("PIN key", pinKey, signedInAt),
            line("MAC key", macKey, signedInAt), line("track key", trackKey, signedInAt),
        ].joined(separator: "\n") + note
    }
}
