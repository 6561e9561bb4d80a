import ArgumentParser
import SimulatedCards

/// `tender-sim cards`
struct CardsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "cards", abstract: "List the simulated cards.")

    func run() {
        for card in CardLibrary.all { Screen.line(card.name) }
    }
}
