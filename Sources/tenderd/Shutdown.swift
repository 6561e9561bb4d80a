import ServiceLifecycle
import Terminal

/// Ends the terminal when the daemon is told to stop, before the control socket closes: whoever waits for a payment
/// still hears how it ended.
struct Shutdown: Service {
    let terminal: PaymentTerminal

    func run() async throws {
        try await gracefulShutdown()
        await terminal.stop()
    }
}
