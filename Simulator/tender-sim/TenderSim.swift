import ArgumentParser
import Subprocess

@main struct TenderSim: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "tender-sim")
    func run() async throws {}
}
