import ArgumentParser
import Glibc
import HAL
import SimulatedDevices

/// `tender-sim paper`
struct PaperCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "paper", abstract: "Print ESC/POS bytes on simulated paper, as PNG pictures and as text.",
        discussion: """
            What a printer was sent, from files or standard input, becomes what it would have printed: dot for dot, with \
            the mistakes. With --listen any program can print on it, over TCP, until Ctrl-C.

            Models: \(PrinterProfile.library.map(\.name).joined(separator: ", ")).
            """)

    @Option(help: ArgumentHelp("Where the pictures go, 001.png and so on.", valueName: "folder"))
    var out = "."
    @Option(help: "The printer.", transform: named)
    var model = PrinterProfile.chinese80
    @Option(help: ArgumentHelp("Be a network printer on this port of 127.0.0.1; 0 for any.", valueName: "port"))
    var listen: UInt16?
    @Argument(help: "Captured bytes; standard input where absent.")
    var files: [String] = []

    private static func named(_ name: String) throws -> PrinterProfile {
        guard let profile = PrinterProfile.named(name) else {
            throw ValidationError("the models are \(PrinterProfile.library.map(\.name).joined(separator: ", "))")
        }
        return profile
    }

    func validate() throws {
        guard listen == nil || files.isEmpty else { throw ValidationError("give files or --listen") }
    }

    func run() async throws {
        let pictures = ReceiptPictures(folder: out)
        if let listen {
            let printer = try PaperPrinter(port: listen, paper: Paper(profile: model))
            Screen.line("printer    127.0.0.1:\(printer.port), \(model.name)")
            await pictures.show(printer)
            return
        }
        var paper = Paper(profile: model)
        if files.isEmpty { try Self.read(STDIN_FILENO, "standard input", into: &paper) }
        for file in files {
            let descriptor = open(file, O_RDONLY | O_CLOEXEC)
            guard descriptor >= 0 else { throw ValidationError("\(file) cannot be read (errno \(errno))") }
            defer { close(descriptor) }
            try Self.read(descriptor, file, into: &paper)
        }
        paper.tearOff()
        pictures.show(paper.sheets)
    }

    /// Feeds the paper as the bytes come, so that no length of a file matters.
    private static func read(_ descriptor: Int32, _ name: String, into paper: inout Paper) throws {
        var bytes = [UInt8](repeating: 0, count: 64 * 1024)
        while true {
            let count = Glibc.read(descriptor, &bytes, bytes.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw ValidationError("\(name) cannot be read (errno \(errno))") }
            guard count > 0 else { return }
            _ = paper.feed(bytes.prefix(count))
        }
    }
}
