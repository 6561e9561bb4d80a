import ArgumentParser
import Glibc
import HAL
import SimulatedCards
import SimulatedDevices
import SystemDriver
import UnixSignals

/// Presents a card to a virtual reader, for as long as the person wants.
struct Presentation: ParsableArguments {
    @Option(help: "The loopback port of the reader's vpcd; from the environment of Scripts/private-pcscd where absent.")
    var port: UInt16?
    @Option(help: "Instead of a port: the socket of a QEMU machine's card reader (ccid-card-passthru).") var qemu:
        String?
    @Option(help: "Take the card away after so many seconds; until Ctrl-C where absent.") var seconds: Double?
    @Option(help: "Random numbers of the card: the same seed is the same card.") var seed: UInt64 = 1

    func validate() throws {
        if let seconds, !(seconds > 0 && seconds <= 86_400) { throw ValidationError("--seconds must be 0 to 86400") }
    }

    /// Ends when the time is over, or the person wants it to. `variable` names the port in the environment.
    func present(_ name: String, on interface: CardInterface, port variable: String) async throws {
        guard let profile = CardLibrary.card(named: name) else {
            throw ValidationError("there is no card \(name); see tender-sim cards list")
        }
        guard profile.interfaces.contains(interface) else {
            throw ValidationError("\(name) has no \(interface.rawValue) interface; see tender-sim cards list")
        }
        let card = try SimulatedCard(profile, seed: seed, on: interface)
        if let qemu {
            let slot = try PassthruSlot(path: qemu, card: card)
            return await stay(name, at: qemu) { slot.remove() }
        }
        guard let port = port ?? getenv(variable).flatMap({ UInt16(String(cString: $0)) }) else {
            throw ValidationError("give the reader's --port; \(variable) is not set")
        }
        let slot = CardSlot(port: port, swapMilliseconds: 0)
        try slot.insert(card)
        await stay(name, at: "127.0.0.1:\(port)") { slot.remove() }
    }

    private func stay(_ name: String, at place: String, remove: () -> Void) async {
        let signals = await UnixSignalsSequence(trapping: .sigint, .sigterm)
        Screen.line("\(name) is at \(place)\(seconds == nil ? "; Ctrl-C takes it away" : "")")
        let seconds = seconds
        await withTaskGroup(of: Void.self) { group in
            group.addTask { for await _ in signals { return } }
            if let seconds {
                let clock = SystemClock()
                group.addTask {
                    try? await clock.wait(until: clock.uptime.advanced(milliseconds: Int(seconds * 1_000)))
                }
            }
            await group.next()
            group.cancelAll()
        }
        remove()
        Screen.line("\(name) is taken away")
    }
}
