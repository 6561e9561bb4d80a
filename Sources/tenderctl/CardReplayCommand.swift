import ArgumentParser
import Diagnostics
import FoundationEssentials

/// `tenderctl card replay FILE`
struct CardReplayCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "replay", abstract: "Play a recorded session against the kernel, with no card.",
        discussion: """
            What the kernel sends stands beside what was recorded. Ends with 0 if all commands are equal, 2 if they differ. The \
            terminal's data come from --terminal, or else from the line “# terminal:” of the file, or else are the defaults \
            of docs/technician.md.
            """)

    @Argument(help: "The transcript; - reads standard input.")
    var file: String
    @Option(help: "The terminal's data: a file of JSON, or JSON itself.")
    var terminal: String?
    @Flag(help: "Print the answer as JSON.")
    var json = false
    @Flag(help: "Show account numbers, tracks and PIN data in clear.")
    var reveal = false

    func run() async throws {
        let bytes = file == "-" ? Console.readInput() : try read(file)
        let transcript: Transcript
        do {
            transcript = try Transcript(bytes)
        } catch {
            Console.fail("\(file): \(error)")
            throw ExitStatus.undecodable
        }
        let replay = Replay(transcript, terminal: try side(transcript))
        Console.print(json ? replay.json(reveal: reveal).text : replay.text(reveal: reveal))
        if !replay.isEqual { throw ExitStatus.different }
    }

    private func side(_ transcript: Transcript) throws -> ReplayTerminal {
        let (name, text): (String, [UInt8])
        if let terminal {
            let isText = terminal.drop { $0.isWhitespace }.hasPrefix("{")
            (name, text) = isText ? ("--terminal", Array(terminal.utf8)) : (terminal, try read(terminal))
        } else {
            (name, text) = ("\(file), # terminal:", Array((transcript.terminal ?? "{}").utf8))
        }
        do {
            return try ReplayTerminal(json: text)
        } catch {
            Console.fail("\(name): \(error)")
            throw ExitStatus.undecodable
        }
    }

    private func read(_ file: String) throws -> [UInt8] {
        guard let data = try? Data(contentsOf: URL(filePath: file)) else {
            Console.fail("\(file) cannot be read")
            throw ExitStatus.undecodable
        }
        return [UInt8](data)
    }
}
