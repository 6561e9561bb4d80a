import ArgumentParser
import FoundationEssentials
import Terminal

/// `tenderctl config check FILE`
struct ConfigCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "config", abstract: "Examine a configuration.", subcommands: [Check.self])

    struct Check: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Say what is wrong with a configuration file.")

        @Argument(help: "The file.")
        var file: String
        @Flag(help: "Print the answer as JSON.")
        var json = false

        func run() async throws {
            do {
                let configuration = try Configuration.load(file)
                Console.print(json ? #"{"ok":true}"# : "\(file): good, for \(configuration.mode.rawValue)")
            } catch {
                if json {
                    let fields = ["error": error.reason, "path": error.path]
                    Console.print(String(decoding: try JSONEncoder().encode(fields), as: UTF8.self))
                } else {
                    Console.fail("\(file): \(error)")
                }
                throw ExitStatus.configuration
            }
        }
    }
}
