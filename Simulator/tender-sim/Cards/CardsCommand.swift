import ArgumentParser

/// `tender-sim cards`
struct CardsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cards", abstract: "The simulated cards: list them, insert one, tap with one.",
        subcommands: [CardsListCommand.self, CardsInsertCommand.self, CardsTapCommand.self],
        defaultSubcommand: CardsListCommand.self)
}
