import ArgumentParser
import Hummingbird
import Logging

@main struct Tenderd: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "tenderd")
    func run() async throws {
        let router = Router()
        router.get("x") { _, _ in "x" }
        try await Application(router: router, configuration: .init(address: .unixDomainSocket(path: "/tmp/x"))).runService()
    }
}
