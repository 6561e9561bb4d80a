import ArgumentParser
import Terminal

/// A whole shop for people who have no hardware.
@main struct TenderSim: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tender-sim", abstract: "A shop for people without hardware.", version: Version.text,
        subcommands: [RunCommand.self, CardsCommand.self, PaperCommand.self, WorldsCommand.self])
}
