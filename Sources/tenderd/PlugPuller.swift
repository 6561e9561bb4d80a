import Glibc
import Terminal

/// In simulation only: TENDER_PULL_PLUG_AT names a step at which the process dies as in a power failure, so that tests
/// can pull the plug exactly there.
struct PlugPuller {
    private let fatal: Step?

    /// A puller that is armed in simulation alone.
    init(_ mode: Configuration.Mode) {
        let name = mode == .simulation ? getenv("TENDER_PULL_PLUG_AT").map { String(cString: $0) } : nil
        fatal = name.flatMap { Step(rawValue: $0) }
    }

    /// Called at each step before the next thing happens.
    @Sendable func reached(_ step: Step) {
        if step == fatal { kill(getpid(), SIGKILL) }
    }
}
